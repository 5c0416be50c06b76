extension Command {
    /// What the clients of the admin listener share.
    private static let adminOptions = [
        Option(
            name: "admin",
            placeholder: "ADDRESS:PORT|PATH",
            help: "Where that Apus shows itself, 127.0.0.1:9128 unless said."
        ),
        Option(
            name: "token-file",
            placeholder: "FILE",
            help: "The token that it asks for; or in APUS_ADMIN_TOKEN."
        ),
    ]

    static let topRow = Row(
        summary: "Watch the traffic of a running Apus in the terminal.",
        usage: "[--admin ADDRESS:PORT|PATH] [--token-file FILE]",
        text: [
            "Shows requests as they end, what is open, the most frequent hosts, users and rules, and the figures",
            "of the moment. Keys: q quits, p pauses, / filters, tab shows the next list, arrows move, enter shows",
            "all of a request, x closes the chosen tunnel. When the connection drops it is said, and tried again.",
            "NO_COLOR switches colours off.",
            "",
            "Exit status: 0 quit, 1 no terminal or no Apus there, 64 wrong option.",
        ],
        takesSettings: false,
        words: 0,
        options: adminOptions
    )

    static let recordRow = Row(
        summary: "Write what a running Apus has recorded as a HAR file: apus record --out day.har",
        usage: "--out FILE [--limit N] [--force] [--admin ADDRESS:PORT|PATH] [--token-file FILE]",
        text: [
            "Writes the newest transactions, oldest first, as an HTTP Archive 1.2, which the developer tools of",
            "browsers open. A file that is there already is kept unless --force is given; - is standard output.",
            "",
            "Exit status: 0 written, 1 no Apus there or the file cannot be written, 64 wrong option.",
        ],
        takesSettings: false,
        words: 0,
        options: [
            Option(name: "out", placeholder: "FILE", help: "The file to write, as day.har."),
            Option(name: "limit", placeholder: "N", help: "At most so many transactions, all unless said."),
            Option(name: "force", placeholder: "", help: "Write over a file that is there."),
        ] + adminOptions
    )
}
