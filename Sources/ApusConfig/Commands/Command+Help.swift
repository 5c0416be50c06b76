extension Command {
    static let helpRow = Row(
        summary: "Explain a command, a setting, a rule's key or another topic.",
        synopsis: ["[TOPIC]"],
        description: [
            "A topic is a command, a setting by its key, option or variable (timeouts.connect, --timeout-connect, "
                + "APUS_TIMEOUT_CONNECT), a section of the settings file (timeouts), a key of rules (allow, limit, path), or one "
                + "of settings, rules, values, signals, environment, files and exit-codes. apus help topics lists them all. "
                + "Without a topic it is what apus --help shows."
        ],
        operand: Operand(name: "TOPIC", help: "What to explain.", most: 8, values: .topic),
        examples: [
            Example(
                line: "apus help timeouts",
                meaning: "Show all timeouts, with their defaults and the reasons for them."
            ),
            Example(line: "apus help limit", meaning: "Show how a rule limits what it matches."),
        ],
        exits: [
            Exit(.clean, "The topic is explained."),
            Exit(.usage, "There is no such topic; the nearest ones are named."),
        ],
        related: [.check, .explain]
    )
}
