/// The commands of `apus`: one row each, from which the command line is read and the help is made.
package enum Command: String, Sendable, CaseIterable {
    case serve
    case check
    case config
    case explain
    case learn
    case top
    case record
    case hashPassword = "hash-password"

    /// An option of one command alone.
    package struct Option: Sendable, Equatable {
        /// Without its dashes.
        package let name: String
        /// What stands for its value; empty for one that takes none.
        package let placeholder: String
        package let help: String
    }

    /// What there is to say of a command.
    package struct Row: Sendable {
        /// What it does, in a line of the help.
        let summary: String
        /// What stands behind the command's name.
        let usage: String
        /// What its own help says more, in lines of at most 100 characters.
        let text: [String]
        /// Whether it takes all settings as options.
        let takesSettings: Bool
        /// How many words it takes that are no options.
        let words: Int
        let options: [Option]
    }

    /// What there is to say of it.
    package var row: Row {
        switch self {
        case .serve:
            Row(
                summary: "Serve; what apus does without a command.",
                usage: "[OPTION...]",
                text: [],
                takesSettings: true,
                words: 0,
                options: []
            )
        case .check:
            Row(
                summary: "Say what is wrong in a settings file, and end: apus check apus.yaml",
                usage: "[FILE] [--json]",
                text: [
                    "Prints all faults and warnings of a settings file as FILE:LINE:COLUMN: what is wrong; what is",
                    "expected. The file is the one named, or that of APUS_CONFIG, or \(SettingsFile.standardPath).",
                    "Its lists, users, keys, the admin listener's token and the place of the log are read and judged as a",
                    "start does. Flags and other variables are not looked at, and nothing is bound: whether an address is",
                    "this machine's, and free, a start tells.",
                    "",
                    "Exit status: 0 no fault, 64 wrong option, 78 a fault.",
                ],
                takesSettings: false,
                words: 1,
                options: [Option(name: "json", placeholder: "", help: "Print one JSON object.")]
            )
        case .config:
            Row(
                summary: "Print the settings in effect as YAML, each with where it comes from.",
                usage: "[OPTION...]",
                text: [
                    "Takes the options of apus serve and prints what they make of the settings file and the",
                    "environment, as a settings file: beside each value stands the flag, variable or line that it comes",
                    "from. Secrets are hidden.",
                    "",
                    "Exit status: 0 printed, 64 wrong option, 78 a fault in the settings file.",
                ],
                takesSettings: true,
                words: 0,
                options: []
            )
        case .explain: Self.explainRow
        case .learn: Self.learnRow
        case .top: Self.topRow
        case .record: Self.recordRow
        case .hashPassword:
            Row(
                summary: "Hash a password for a file of users: apus hash-password --user anna",
                usage: "[--user NAME]",
                text: [],
                takesSettings: false,
                words: 0,
                options: []
            )
        }
    }

    private static let learnRow = Row(
        summary: "Write the policy that covers what access logs show: apus learn access.log",
        usage: "LOG...",
        text: [
            "Reads access logs in JSON and prints the smallest readable list of rules that allows what was",
            "served: names are grouped under *. where several stand under one, with counts in comments. What",
            "was denied is listed as comments.",
            "",
            "Exit status: 0 printed, 64 wrong option or no log.",
        ],
        takesSettings: false,
        words: 4096,
        options: []
    )

    private static let explainRow = Row(
        summary: "Say which rule decides about a request, and why: apus explain http://example.org/",
        usage: "URL | HOST:PORT | --id ID --log FILE [OPTION...]",
        text: [
            "Goes through the rules of the settings file one by one and prints why each does not match, which",
            "one decides, whether the client is served on its listener at all, the addresses judged, the limits",
            "that apply and what the client would get. https://HOST and HOST:PORT ask for a tunnel. Nothing is",
            "sent and no name is looked up: --resolve tells the addresses. Without --listener it is the first",
            "that the client can reach.",
            "",
            "Exit status: 0 printed, 64 wrong option, 78 a fault in the settings file.",
        ],
        takesSettings: true,
        words: 1,
        options: [
            Option(name: "method", placeholder: "METHOD", help: "The method, GET unless said."),
            Option(name: "user", placeholder: "NAME", help: "Who asks, with valid credentials."),
            Option(name: "groups", placeholder: "NAME,NAME", help: "The groups that the user's token names."),
            Option(name: "from", placeholder: "ADDRESS", help: "The client's address, 127.0.0.1 unless said."),
            Option(name: "listener", placeholder: "ADDR:PORT", help: "Where the client comes in, as in listen."),
            Option(name: "at", placeholder: "TIME", help: "When, in UTC, as 2026-01-31T12:00Z; now unless said."),
            Option(name: "resolve", placeholder: "HOST=ADDRESS", help: "What the name is looked up to, by commas."),
            Option(
                name: "sni",
                placeholder: "NAME",
                help: "The name in its ClientHello; off, report, enforce set sni."
            ),
            Option(name: "id", placeholder: "ID", help: "Explain the request with this decision id."),
            Option(name: "log", placeholder: "FILE", help: "The access log, in JSON, that has the id."),
            Option(name: "json", placeholder: "", help: "Print one JSON object."),
        ]
    )
}
