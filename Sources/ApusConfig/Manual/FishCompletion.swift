/// The completion for fish.
enum FishCompletion {
    static func render() -> String {
        var lines = [
            CompletionTable.head("fish"),
            "function __apus_command_is",
            "    set -l words (commandline -opc)",
            "    set -l command serve",
            "    if set -q words[2]; and not string match -q -- '-*' $words[2]",
            "        set command $words[2]",
            "    end",
            "    contains -- $command $argv",
            "end",
            "function __apus_has_no_command",
            "    set -l words (commandline -opc)",
            "    test (count $words) -eq 1",
            "end",
            "complete -c apus -f",
        ]
        for command in Command.allCases {
            lines.append(
                "complete -c apus -n __apus_has_no_command -a \(command.rawValue) -d \(quoted(command.row.summary))"
            )
        }
        for command in Command.allCases {
            lines += CompletionTable.own(command).map { option($0, [command]) }
            if let operand = command.row.operand, let values = words(operand.values) {
                lines.append("complete -c apus -n \(condition([command])) \(values)")
            }
        }
        lines += CompletionTable.settings.map { option($0, CompletionTable.takers(of: $0)) }
        return lines.joined(separator: "\n")
    }

    private static func option(_ option: CompletionTable.Option, _ commands: [Command]) -> String {
        var parts = ["complete -c apus -n \(condition(commands)) -l \(option.name)"]
        if option.name == "help" { parts.append("-s h") }
        if !option.placeholder.isEmpty { parts.append("-r \(words(option.values) ?? "-f")") }
        parts.append("-d \(quoted(option.help))")
        return parts.joined(separator: " ")
    }

    private static func condition(_ commands: [Command]) -> String {
        "'__apus_command_is \(commands.map(\.rawValue).joined(separator: " "))'"
    }

    /// What is offered; nil for nothing.
    private static func words(_ values: KnownValues) -> String? {
        switch values {
        case .any: nil
        case .file: "-F"
        case .folder: "-f -a '(__fish_complete_directories)'"
        case .words(let words): "-f -a '\(words.joined(separator: " "))'"
        case .topic: "-f -a '\(HelpTopic.names.joined(separator: " "))'"
        }
    }

    private static func quoted(_ text: String) -> String {
        "'" + text.map { $0 == "'" || $0 == "\\" ? "\\\($0)" : String($0) }.joined() + "'"
    }
}
