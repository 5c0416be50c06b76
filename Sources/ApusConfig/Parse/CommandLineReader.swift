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

    /// Reads the arguments behind the command's name.
    init(_ arguments: [String]) throws(SettingFault) {
        if arguments == ["reference"] {
            action = .reference
            return
        }
        var index = 0
        while index < arguments.count {
            let word = arguments[index]
            index += 1
            switch word {
            case "--help", "-h":
                action = .help
                return
            case "--version", "-V":
                // Help asked for anywhere wins over the version.
                action = .version
            default:
                try read(word, arguments, &index)
            }
        }
    }

    private mutating func read(_ word: String, _ arguments: [String], _ index: inout Int) throws(SettingFault) {
        guard word.hasPrefix("--"), word.count > 2 else {
            if word.hasPrefix("-"), word != "-", word != "--" {
                throw .unknownFlag(word, nearest: Self.nearest(String(word.drop { $0 == "-" })))
            }
            throw .strayArgument(word, hint: Self.hint(word))
        }
        let parts = word.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts[0])
        let attached = parts.count == 2 ? String(parts[1]) : nil
        if let setting = Settings.named(flag: name) {
            let value = try value(of: setting, attached: attached, arguments, &index)
            given.append(Given(flag: name, spelling: "--\(name)", value: value))
        } else if name.hasPrefix("no-"), let setting = Settings.named(flag: String(name.dropFirst(3))),
            setting.shape == .toggle
        {
            if attached != nil { throw .needlessValue(flag: "--\(name)") }
            given.append(Given(flag: setting.flag, spelling: "--\(name)", value: "false"))
        } else {
            throw .unknownFlag("--\(name)", nearest: Self.nearest(name))
        }
    }

    private func value(
        of setting: Setting,
        attached: String?,
        _ arguments: [String],
        _ index: inout Int
    ) throws(SettingFault) -> String {
        let missing = SettingFault.missingValue(
            flag: "--\(setting.flag)",
            placeholder: setting.placeholder,
            example: setting.example
        )
        if let attached {
            if attached.isEmpty { throw missing }
            return attached
        }
        if setting.shape == .toggle { return "true" }
        guard index < arguments.count, !arguments[index].isEmpty, !arguments[index].hasPrefix("--") else {
            throw missing
        }
        index += 1
        return arguments[index - 1]
    }

    private static func nearest(_ name: String) -> String? {
        if name == "v" { return "--version" }
        let toggles = Settings.all.filter { $0.shape == .toggle }.map { "no-\($0.flag)" }
        return NearestName.of(name, among: Settings.all.map(\.flag) + toggles + ["help", "version"]).map { "--\($0)" }
    }

    private static func hint(_ word: String) -> String? {
        if word == "help" || word == "version" { return "did you mean --\(word)?" }
        if Settings.named(flag: word) != nil { return "did you mean --\(word)?" }
        return word.contains(":") ? "to listen there, write --listen \(word)" : nil
    }
}
