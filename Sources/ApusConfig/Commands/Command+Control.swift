/// What steers a running Apus, by its control socket.
extension Command {
    private static let control = Option(
        name: "control",
        placeholder: "PATH",
        help:
            "The control socket of that Apus. Without it Apus looks where one that serves puts it: in the folder RUNTIME_DIRECTORY, in "
            + "/run/apus, and in apus under XDG_RUNTIME_DIR.",
        values: .file,
        example: "/run/apus/control.sock"
    )
    private static let noServer = Exit(
        .cannotStart,
        "No Apus is there, there are several, or it belongs to another user; or what was asked for was not done."
    )

    static let statusRow = Row(
        summary: "Say how a running Apus is: what it serves, by which settings, what is open.",
        synopsis: ["[--json] [--control PATH]"],
        description: [
            "Shows on one screen since when it serves or drains, where it listens, how many clients, tunnels and requests are open, "
                + "what passes a second, the settings in force and since when, the last reload with what was wrong in it, how near "
                + "the caps are, the log, and the lists with their age. It takes a second, in which the rates are counted."
        ],
        options: [Option(name: "json", help: "Print one JSON object."), control],
        examples: [
            Example(line: "apus status", meaning: "Look at the Apus of this user, or as root at that of the service.")
        ],
        exits: [Exit(.clean, "It is shown."), noServer, .usage],
        related: [.reload, .drain, .top]
    )

    static let reloadRow = Row(
        summary: "Have a running Apus read its settings anew, and say what has changed.",
        synopsis: ["[--json] [--control PATH]"],
        description: [
            "Waits until the settings are in force, and prints which rules are new, gone, changed or moved, which settings have "
                + "changed, and which of them wait for the next start. If anything is wrong in the files, all of it is printed with "
                + "its place, and the old settings stay in force. Nobody who is served notices.",
            "Where a file does not answer, as on a disk of the network, it says that it waits, and gives up after a minute; the "
                + "old settings stay in force until that file answers.",
        ],
        options: [Option(name: "json", help: "Print one JSON object."), control],
        examples: [Example(line: "apus reload", meaning: "Put a changed settings file in force.")],
        exits: [
            Exit(.clean, "The settings are in force, changed or not."),
            Exit(.cannotStart, "The old settings stay in force, or no Apus could be asked; standard error says why."),
            .usage,
        ],
        related: [.check, .status]
    )

    static let drainRow = Row(
        summary: "Have a running Apus end as soon as nothing is open any more.",
        synopsis: ["[--no-wait] [--control PATH]"],
        description: [
            "It takes no more clients, and what is open may come to its end within timeouts.drain; then it is closed, and Apus ends. "
                + "That is what the signal TERM does. The command waits for the end and tells what is still open; to interrupt the "
                + "command changes nothing for Apus."
        ],
        options: [Option(name: "no-wait", help: "Say what is open, and wait for nothing."), control],
        examples: [Example(line: "apus drain", meaning: "End it without harm to anybody.")],
        exits: [
            Exit(.clean, "All came to its end and Apus has ended; with --no-wait, it drains."),
            Exit(.cannotStart, "Something was closed when the time was up, or no Apus could be asked."), .usage,
        ],
        related: [.stop, .status]
    )

    static let stopRow = Row(
        summary: "Have a running Apus end at once.",
        synopsis: ["[--control PATH]"],
        description: ["What is open is closed, with its record in the log. apus drain lets it come to its end first."],
        options: [control],
        examples: [Example(line: "apus stop", meaning: "End it now.")],
        exits: [Exit(.clean, "Apus has ended."), noServer, .usage],
        related: [.drain]
    )

    static let endRow = Row(
        summary: "Have a running Apus close one request or tunnel.",
        synopsis: ["ID [--control PATH]"],
        description: [
            "Closes its connections at once; its record says that it was stopped. apus status, apus top and the page show what is open, "
                + "each with its id."
        ],
        operand: Operand(name: "ID", help: "Its decision id, 16 hexadecimal digits."),
        options: [control],
        examples: [Example(line: "apus end 5e11f8d34439f759", meaning: "Close that tunnel.")],
        exits: [Exit(.clean, "It is closed."), noServer, .usage],
        related: [.status, .top]
    )
}
