/// What serves, and what says which settings it would serve with.
extension Command {
    static let serveRow = Row(
        summary: "Serve clients; what apus does without a command.",
        synopsis: ["[OPTION...]"],
        description: [
            "Apus listens on 127.0.0.1:3128 unless --listen says otherwise, and passes on what clients ask for: http:// URLs, and "
                + "tunnels to https:// hosts by CONNECT. It refuses what is malformed, destinations that are not public, and what "
                + "the rules of the settings file deny; each answer of its own says why.",
            "Standard output carries one line for each request, unless --log-file or --log-to says otherwise. What "
                + "there is to say about the process itself goes to standard error.",
        ],
        takesSettings: true,
        examples: [
            Example(line: "apus", meaning: "Serve this machine on 127.0.0.1:3128."),
            Example(
                line: "curl -x http://127.0.0.1:3128 http://example.com/",
                meaning: "Ask it for a page, in another terminal."
            ),
            Example(
                line: "apus --listen 0.0.0.0:3128 --allow-from 192.168.1.0/24",
                meaning: "Serve the machines of one network."
            ),
            Example(
                line: "apus --connect-ports 443,8443 --log json --log-file /var/log/apus.json",
                meaning: "Let tunnels reach port 8443 too, and write the access log to a file, as lines of JSON."
            ),
            Example(line: "apus --config apus.yaml", meaning: "Take settings and rules from a file."),
        ],
        exits: [
            Exit(.clean, "It was told to stop, and has stopped."),
            Exit(.cannotStart, "It cannot start: an address is in use, or a log cannot be opened."),
            .usage, .configuration,
        ],
        related: [.check, .explain, .top]
    )

    static let checkRow = Row(
        summary: "Say what is wrong in a settings file.",
        synopsis: ["[FILE] [--live] [--json]"],
        description: [
            "Prints each fault and each warning as FILE:LINE:COLUMN, what is wrong, and what is expected. Without FILE it is the "
                + "file that APUS_CONFIG names, or else \(SettingsFile.standardPath).",
            "All that a start reads is read and judged in the same way: lists, users, keys, the admin listener's token and the "
                + "place of the log. Options and other variables are not looked at, and no address is listened on: only a start "
                + "can tell whether it belongs to this machine and is free. Parents and the default route are told; nothing is connected "
                + "to, but for each parent with --live.",
        ],
        operand: Operand(name: "FILE", help: "The settings file.", values: .file),
        options: [
            Option(name: "live", help: "Connect to each parent, and say whether it can be reached."),
            Option(name: "json", help: "Print one JSON object."),
        ],
        examples: [
            Example(line: "apus check apus.yaml", meaning: "Say what is wrong in apus.yaml."),
            Example(
                line: "apus check && systemctl reload apus",
                meaning: "Put the changed file in force only if nothing is wrong in it."
            ),
        ],
        exits: [
            Exit(.clean, "There is no fault; there may be warnings."), .usage,
            Exit(.configuration, "There is at least one fault."),
        ],
        related: [.config, .explain]
    )

    static let configRow = Row(
        summary: "Print the settings in effect, each with where it comes from.",
        synopsis: ["[OPTION...]"],
        description: [
            "Takes the options of apus serve, and prints what these, the variables and the settings file make together, in the "
                + "form of a settings file. Beside each value stands the option, variable or line of the file that it comes from. "
                + "Secrets are hidden. Nothing is served."
        ],
        takesSettings: true,
        examples: [
            Example(line: "apus config --threads 2", meaning: "Show what apus serve --threads 2 would serve with.")
        ],
        exits: [Exit(.clean, "The settings are printed."), .usage, .configuration],
        related: [.check, .serve]
    )
}
