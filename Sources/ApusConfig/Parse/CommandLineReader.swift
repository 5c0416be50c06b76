/// Takes a command line apart into flags and values, in order; judges names, not values.
struct CommandLineReader {
    /// One flag with its value.
    struct Given: Equatable {
        let flag: String
        /// As the user wrote it, for messages: `--listen`.
        let spelling: String
        let value: String
    }

    private(set) var action: ParsedSettings.Action = .serve
    private(set) var given: [Given] = []
    /// What `--config` names.
    private(set) var file: String?
    /// Words that are no options, for a command that takes any.
    private(set) var words: [String] = []
    /// The command's own options.
    private(set) var options: [String: String] = [:]
    private var command = Command.serve

    /// Reads the arguments behind the command's name.
    init(_ arguments: [String]) throws(SettingFault) {
        if arguments.first == "reference", arguments.count <= 2 {
            action = arguments.count == 1 ? .reference : .generated(arguments[1])
            return
        }
        var index = try takeCommand(arguments)
        // It reads its own options: what is wrong in them may be a password, and is not repeated.
        if command == .hashPassword { return }
        if command == .help {
            try readTopic(arguments.dropFirst())
            return
        }
        while index < arguments.count {
            let word = arguments[index]
            index += 1
            switch word {
            case "--help", "-h":
                action = .help(command)
                return
            case "--version", "-V":
                // Help asked for anywhere wins over the version.
                action = .version
            default:
                try read(word, arguments, &index)
            }
        }
    }

    /// The first word, if it is a command; answers where the options begin.
    private mutating func takeCommand(_ arguments: [String]) throws(SettingFault) -> Int {
        guard let word = arguments.first, let first = word.first, first.isLetter else { return 0 }
        guard let command = Command(rawValue: word) else {
            // The page of the documentation is asked for by nobody but its script, and stands alone.
            if word == "reference" { throw .strayArgument(word, hint: nil) }
            if let hint = ForeignOption.hint(command: word) { throw .foreignCommand(word, hint: hint) }
            if let hint = Self.hint(word) { throw .strayArgument(word, hint: hint) }
            throw .unknownCommand(word, nearest: NearestName.of(word, among: Command.allCases.map(\.rawValue)))
        }
        self.command = command
        switch command {
        case .serve: action = .serve
        case .check: action = .check
        case .config: action = .config
        case .explain: action = .explain
        case .learn: action = .learn
        case .top: action = .top
        case .record: action = .record
        case .status, .reload, .drain, .stop, .end: action = .steer(command)
        case .hashPassword: action = .help(.hashPassword)
        case .help: action = .help(.serve)
        }
        return 1
    }

    /// What `apus help` is to explain: one word, or several as they are said, `exit codes`.
    private mutating func readTopic(_ words: ArraySlice<String>) throws(SettingFault) {
        if words.contains("--help") || words.contains("-h") {
            action = .help(.help)
            return
        }
        let word = words.filter { !$0.isEmpty }.joined(separator: "-")
        if word.isEmpty { return }
        if HelpTopic.pages(word).isEmpty { throw .unknownTopic(word, nearest: HelpTopic.nearest(word)) }
        action = .topic(word)
    }

    private mutating func read(_ word: String, _ arguments: [String], _ index: inout Int) throws(SettingFault) {
        guard word.hasPrefix("--"), word.count > 2 else {
            if word.hasPrefix("-"), word != "-", word != "--" {
                let value = index < arguments.count ? arguments[index] : nil
                throw unknown(word, String(word.drop { $0 == "-" }), value)
            }
            guard word != "--", words.count < command.row.operand?.most ?? 0 else {
                throw .strayArgument(word, hint: Self.hint(word))
            }
            words.append(word)
            return
        }
        let parts = word.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts[0])
        let attached = parts.count == 2 ? String(parts[1]) : nil
        if name == ConfigOption.flag {
            let (placeholder, example) = (ConfigOption.placeholder, ConfigOption.example)
            file = try value("--\(name)", placeholder, example, attached: attached, arguments, &index)
        } else if let option = command.row.options.first(where: { $0.name == name }) {
            try read(option, attached, arguments, &index)
        } else if command.row.takesSettings {
            try readSetting(name, attached, arguments, &index)
        } else {
            throw unknown("--\(name)", name, attached ?? (index < arguments.count ? arguments[index] : nil))
        }
    }

    private mutating func read(
        _ option: Command.Option,
        _ attached: String?,
        _ arguments: [String],
        _ index: inout Int
    ) throws(SettingFault) {
        let flag = "--\(option.name)"
        if option.placeholder.isEmpty {
            if attached != nil { throw .needlessValue(flag: flag) }
            options[option.name] = ""
        } else {
            let example = option.example
            let text = try value(flag, option.placeholder, example, attached: attached, arguments, &index)
            if takes(option.name, text) {
                given.append(Given(flag: option.name, spelling: flag, value: text))
            } else {
                options[option.name] = text
            }
        }
    }

    /// Whether an option bears the flag of a setting, and this is a word of that one: `--sni report` beside `--sni www.example.org`. What
    /// may be any text, as a user's name, is the option's.
    private func takes(_ flag: String, _ text: String) -> Bool {
        guard command.row.takesSettings, let setting = Settings.named(flag: flag),
            case .words(let words) = setting.values
        else { return false }
        return words.contains(text)
    }

    private mutating func readSetting(
        _ name: String,
        _ attached: String?,
        _ arguments: [String],
        _ index: inout Int
    ) throws(SettingFault) {
        if let setting = Settings.named(flag: name) {
            let flag = "--\(name)"
            let text =
                setting.shape == .toggle && attached == nil
                ? "true" : try value(flag, setting.placeholder, setting.example, attached: attached, arguments, &index)
            given.append(Given(flag: name, spelling: flag, value: text))
        } else if name.hasPrefix("no-"), let setting = Settings.named(flag: String(name.dropFirst(3))),
            setting.shape == .toggle
        {
            if attached != nil { throw .needlessValue(flag: "--\(name)") }
            given.append(Given(flag: setting.flag, spelling: "--\(name)", value: "false"))
        } else {
            throw unknown("--\(name)", name, attached ?? (index < arguments.count ? arguments[index] : nil))
        }
    }

    /// An option that is none; other programs' are told by what does the same here, where that is an option of the command.
    private func unknown(_ flag: String, _ name: String, _ value: String?) -> SettingFault {
        let nearest = nearest(name)
        // Of two letters and fewer everything is near.
        let isNear = nearest.map { NearestName.distance(Array(name.utf8), Array($0.dropFirst(2).utf8)) <= 1 } ?? false
        if command.row.takesSettings, !isNear || name.count < 3, name != "v",
            let hint = ForeignOption.hint(name, value: value)
        {
            return .foreignFlag(flag, hint: hint)
        }
        return .unknownFlag(flag, nearest: nearest)
    }

    /// What stands behind `=`, or in the next argument.
    private func value(
        _ flag: String,
        _ placeholder: String,
        _ example: String,
        attached: String?,
        _ arguments: [String],
        _ index: inout Int
    ) throws(SettingFault) -> String {
        let missing = SettingFault.missingValue(flag: flag, placeholder: placeholder, example: example)
        if let attached {
            if attached.isEmpty { throw missing }
            return attached
        }
        guard index < arguments.count, !arguments[index].isEmpty, !arguments[index].hasPrefix("--") else {
            throw missing
        }
        index += 1
        return arguments[index - 1]
    }

    private func nearest(_ name: String) -> String? {
        if name == "v" { return "--version" }
        var names = command.row.options.map(\.name) + [ConfigOption.flag, "help", "version"]
        if command.row.takesSettings {
            names = Settings.all.map(\.flag) + names
            names += Settings.all.filter { $0.shape == .toggle }.map { "no-\($0.flag)" }
        }
        return NearestName.of(name, among: names).map { "--\($0)" }
    }

    private static func hint(_ word: String) -> String? {
        if word == "version" { return "did you mean --version?" }
        if Command(rawValue: word) != nil { return "a command comes first: apus \(word)" }
        if Settings.named(flag: word) != nil || word == ConfigOption.flag { return "did you mean --\(word)?" }
        if [".yaml", ".yml", ".conf", ".cfg"].contains(where: word.hasSuffix) {
            return "to read it, write --config \(word)"
        }
        if UInt16(word) != nil { return "to listen on that port, write --listen 127.0.0.1:\(word)" }
        if word.contains("://") { return "apus explain \(word) says what would become of it" }
        return word.contains(":") ? "to listen there, write --listen \(word)" : nil
    }
}
