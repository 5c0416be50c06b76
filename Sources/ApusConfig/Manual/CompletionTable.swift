/// What a shell can complete behind `apus`, whatever the shell is.
enum CompletionTable {
    /// An option.
    struct Option: Equatable {
        /// Without its dashes.
        let name: String
        let help: String
        /// Empty where there is no value.
        let placeholder: String
        let values: KnownValues
        var isRepeatable = false
    }

    /// The options of all settings, with those that turn switches off and the one that names the file.
    static let settings: [Option] =
        [Option(name: ConfigOption.flag, help: ConfigOption.help, placeholder: ConfigOption.placeholder, values: .file)]
        + Settings.all.flatMap { setting -> [Option] in
            let on = Option(
                name: setting.flag,
                help: setting.help,
                placeholder: setting.placeholder,
                values: setting.values,
                isRepeatable: setting.isList
            )
            if setting.shape != .toggle { return [on] }
            return [
                on,
                Option(name: "no-\(setting.flag)", help: "Turn --\(setting.flag) off.", placeholder: "", values: .any),
            ]
        }

    /// What a command takes beside the settings.
    static func own(_ command: Command) -> [Option] {
        command.row.options.map {
            Option(name: $0.name, help: $0.help, placeholder: $0.placeholder, values: $0.values)
        } + [Option(name: "help", help: "Show the help of it.", placeholder: "", values: .any)]
            + (command == .serve
                ? [Option(name: "version", help: "Show the version.", placeholder: "", values: .any)] : [])
    }

    /// The commands that take an option of the table of settings, and have none of their own of its name.
    static func takers(of option: Option) -> [Command] {
        Command.allCases.filter { command in
            command.row.takesSettings && !command.row.options.contains { $0.name == option.name }
        }
    }

    /// The first lines of each file, as a comment.
    static func head(_ shell: String) -> String {
        "# Completion of apus in \(shell). Made from the table that makes apus --help; do not edit."
    }

    /// A text between single quotes of sh.
    static func quoted(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}
