/// The completion for bash, without the functions of the package bash-completion.
enum BashCompletion {
    static func render() -> String {
        let commands = Command.allCases.map(\.rawValue).joined(separator: " ")
        let lines =
            [
                CompletionTable.head("bash"),
                "_apus() {",
                "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}",
                "    # Bash takes --log=json for three words.",
                "    if [[ $word == = ]]; then",
                "        word=",
                "    elif [[ $before == = ]] && ((COMP_CWORD > 1)); then",
                "        before=${COMP_WORDS[COMP_CWORD-2]}",
                "    fi",
                "    local command=serve own= settings= operand=@any value=",
                "    if ((COMP_CWORD > 1)) && [[ ${COMP_WORDS[1]} != -* ]]; then command=${COMP_WORDS[1]}; fi",
                "    case $command in",
            ] + Command.allCases.map(command) + ["    *) return ;;", "    esac", "    case $command:$before in"]
            + Command.allCases.flatMap(ownValues)
            + [
                "    esac", "    if [[ -z $value && -n $settings ]]; then", "        case $before in",
            ] + values(CompletionTable.settings, prefix: "").map { "    " + $0 }
            + [
                "        esac", "    fi", "    if [[ -z $value ]]; then", "        if [[ $word == -* ]]; then",
                "            value=\"$own $settings\"", "        elif ((COMP_CWORD == 1)); then",
                "            value='\(commands)'", "        else", "            value=$operand", "        fi", "    fi",
                "    COMPREPLY=()",
                "    case $value in",
                "    @any) ;;",
                "    @file) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- \"$word\") ;;",
                "    @folder) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -d -- \"$word\") ;;",
                "    *) mapfile -t COMPREPLY < <(compgen -W \"$value\" -- \"$word\") ;;",
                "    esac",
                "}",
                "complete -F _apus apus",
            ]
        return lines.joined(separator: "\n")
    }

    private static func command(_ command: Command) -> String {
        let own = flags(CompletionTable.own(command))
        var parts = ["    \(command.rawValue)) own='\(own)'"]
        if command.row.takesSettings { parts.append("settings='\(flags(CompletionTable.settings))'") }
        if let operand = command.row.operand { parts.append("operand=\(value(operand.values))") }
        return parts.joined(separator: " ") + " ;;"
    }

    private static func ownValues(_ command: Command) -> [String] {
        values(CompletionTable.own(command), prefix: command.rawValue + ":")
    }

    /// One line for each option that takes a value.
    private static func values(_ options: [CompletionTable.Option], prefix: String) -> [String] {
        options.filter { !$0.placeholder.isEmpty }.map { "    \(prefix)--\($0.name)) value=\(value($0.values)) ;;" }
    }

    private static func value(_ values: KnownValues) -> String {
        switch values {
        case .any: "@any"
        case .file: "@file"
        case .folder: "@folder"
        case .words(let words): "'\(words.joined(separator: " "))'"
        case .topic: "'\(HelpTopic.names.joined(separator: " "))'"
        }
    }

    private static func flags(_ options: [CompletionTable.Option]) -> String {
        options.map { "--\($0.name)" }.joined(separator: " ")
    }
}
