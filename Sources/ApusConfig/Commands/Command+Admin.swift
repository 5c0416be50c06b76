/// What asks a running Apus, by its admin listener.
extension Command {
    /// What the clients of the admin listener share.
    static let adminOptions = [
        Option(
            name: "admin",
            placeholder: "ADDR:PORT|PATH",
            help:
                "The admin listener of that Apus: an address with a port, or the path of a UNIX socket; 127.0.0.1:9128 unless said.",
            values: .file,
            example: "127.0.0.1:9128"
        ),
        Option(
            name: "token-file",
            placeholder: "FILE",
            help: "A file with the token that the admin listener asks for; or the token is in APUS_ADMIN_TOKEN.",
            values: .file,
            example: "token"
        ),
    ]

    static let topRow = Row(
        summary: "Watch the traffic of a running Apus in the terminal.",
        synopsis: ["[--admin ADDR:PORT|PATH] [--token-file FILE]"],
        description: [
            "Shows what is recorded and requests as they end, what is open, refusals by host and reason, the most frequent clients, "
                + "hosts, users and rules, how near the caps are, and the figures of the moment. When the connection to that Apus is "
                + "lost, it says so and tries again. NO_COLOR turns colours off.",
            "Keys: q quits, p pauses, / filters, s turns the order, tab shows the next list, arrows move, enter shows all of a "
                + "request, or the requests of a host or user, x closes the chosen tunnel, ? shows them all.",
        ],
        options: adminOptions,
        examples: [
            Example(line: "apus top", meaning: "Watch the Apus of this machine."),
            Example(
                line: "apus top --admin 10.0.0.2:9128 --token-file token",
                meaning: "Watch another machine's, whose admin listener asks for a token."
            ),
        ],
        exits: [
            Exit(.clean, "You quit."), Exit(.cannotStart, "No Apus answers there, or standard output is no terminal."),
            .usage,
        ],
        related: [.record, .serve]
    )

    static let recordRow = Row(
        summary: "Write what a running Apus has recorded to a file.",
        synopsis: ["--out FILE [--limit N] [--force] [--admin ADDR:PORT|PATH] [--token-file FILE]"],
        description: [
            "Writes the last requests and tunnels, oldest first, as an HTTP archive (HAR 1.2), which the developer tools of "
                + "browsers open. Secrets are left out, as in all that Apus shows."
        ],
        options: [
            Option(
                name: "out",
                placeholder: "FILE",
                help: "The file to write, for example day.har; - is standard output.",
                values: .file,
                example: "day.har"
            ),
            Option(
                name: "limit",
                placeholder: "N",
                help: "Only the last N of them; all unless said.",
                example: "100"
            ),
            Option(name: "force", help: "Replace the file if it is there."),
        ] + adminOptions,
        examples: [Example(line: "apus record --out day.har", meaning: "Write all that is recorded to day.har.")],
        exits: [
            Exit(.clean, "The file is written."),
            Exit(.cannotStart, "No Apus answers there, the file is there already, or it cannot be written."), .usage,
        ],
        related: [.top, .serve]
    )
}
