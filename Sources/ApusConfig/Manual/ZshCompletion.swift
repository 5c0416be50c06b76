/// The completion for zsh.
enum ZshCompletion {
    static func render() -> String {
        var lines = [
            "#compdef apus", CompletionTable.head("zsh"), "_apus() {", "  local -a settings commands",
            "  local command=serve",
            "  settings=(",
        ]
        lines += CompletionTable.settings.map { "    \(spec($0))" }
        lines += ["  )", "  commands=("]
        lines += Command.allCases.map {
            "    " + CompletionTable.quoted("\(escaped($0.rawValue, ":")):\($0.row.summary)")
        }
        lines += [
            "  )",
            "  if (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then",
            "    _describe -t commands command commands",
            "    return",
            "  fi",
            "  if (( CURRENT > 2 )) && [[ $words[2] != -* ]]; then",
            "    command=$words[2]",
            "    shift words",
            "    (( CURRENT-- ))",
            "  fi",
            "  case $command in",
        ]
        for command in Command.allCases { lines += arguments(command) }
        lines += ["  esac", "}", "_apus \"$@\""]
        return lines.joined(separator: "\n")
    }

    private static func arguments(_ command: Command) -> [String] {
        var words = CompletionTable.own(command).map(spec)
        if let operand = command.row.operand {
            let place = operand.most == 1 ? "1" : "*"
            words.append(CompletionTable.quoted("\(place):\(escaped(operand.name, ":")):\(action(operand.values))"))
        }
        if command.row.takesSettings {
            let own = command.row.options.map(\.name)
            let shared = CompletionTable.settings.map(\.name).filter { own.contains($0) }
            words.append(
                shared.isEmpty
                    ? "$settings" : "${(@)settings:#(|\\*)--(\(shared.joined(separator: "|")))(=|)\\[*}"
            )
        }
        return ["    \(command.rawValue))", "      _arguments -S \\"]
            + words.dropLast().map { "        \($0) \\" } + words.suffix(1).map { "        \($0)" } + ["      ;;"]
    }

    private static func spec(_ option: CompletionTable.Option) -> String {
        let star = option.isRepeatable ? "*" : ""
        let help = escaped(option.help, "[]\\")
        if option.placeholder.isEmpty { return CompletionTable.quoted("--\(option.name)[\(help)]") }
        return CompletionTable.quoted(
            "\(star)--\(option.name)=[\(help)]:\(escaped(option.placeholder, ":")):\(action(option.values))"
        )
    }

    private static func action(_ values: KnownValues) -> String {
        switch values {
        case .any: " "
        case .file: "_files"
        case .folder: "_directories"
        case .words(let words): "(\(words.joined(separator: " ")))"
        case .topic: "(\(HelpTopic.names.joined(separator: " ")))"
        }
    }

    private static func escaped(_ text: String, _ special: String) -> String {
        text.map { special.contains($0) ? "\\\($0)" : String($0) }.joined()
    }
}
