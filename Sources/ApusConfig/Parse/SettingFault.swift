/// Why settings cannot be used: it names the flag or variable, and says what would do.
package enum SettingFault: Error, Equatable, CustomStringConvertible {
    /// No flag of this name; `nearest` is the known one (with dashes) that is most like it.
    case unknownFlag(String, nearest: String?)
    /// No flag of this name, but other programs have it; `hint` is what does the same here.
    case foreignFlag(String, hint: String)
    /// A word that belongs to no flag; `hint` is what may have been meant.
    case strayArgument(String, hint: String?)
    /// No command of this name; `nearest` is the known one that is most like it.
    case unknownCommand(String, nearest: String?)
    /// No command of this name, but other programs have it; `hint` is what does the same here.
    case foreignCommand(String, hint: String)
    /// Nothing of this name that `apus help` explains; `nearest` are the known ones that are most like it.
    case unknownTopic(String, nearest: [String])
    /// A flag at the end, or before another flag, without the value it takes.
    case missingValue(flag: String, placeholder: String, example: String)
    /// A flag that takes no value was given one it does not understand, or `--no-…` was given any.
    case needlessValue(flag: String)
    /// A value that is none; `source` is the flag or variable as the user wrote it, `example` is how it would be right, empty where the
    /// message says it.
    case badValue(source: String, message: String, example: String)
    /// Values that are each right and do not fit, one line for each, with the flag named.
    case unusable([String])
    /// What is wrong in the settings file, and beside it in what flags and variables make of it.
    case file([FileFault], others: [String])

    /// Whether it is the settings file that has to be mended, and not the command line.
    package var isOfFile: Bool {
        if case .file(_, others: []) = self { true } else { false }
    }

    package var description: String {
        switch self {
        case .unknownFlag(let flag, let nearest):
            "\(flag): there is no such option" + (nearest.map { "; did you mean \($0)?" } ?? "")
        case .foreignFlag(let flag, let hint):
            "\(flag): there is no such option; \(hint)"
        case .strayArgument(let word, let hint):
            "\"\(word)\" belongs to no option" + (hint.map { "; \($0)" } ?? "")
        case .unknownCommand(let word, let nearest):
            "\(word): there is no such command" + (nearest.map { "; did you mean apus \($0)?" } ?? "")
        case .foreignCommand(let word, let hint):
            "\(word): there is no such command; \(hint)"
        case .unknownTopic(let word, let nearest):
            "there is no help about \"\(word)\"" + (nearest.isEmpty ? "" : "; did you mean \(Self.or(nearest))?")
        case .missingValue(let flag, let placeholder, let example):
            "\(flag) needs a value, \(flag) \(placeholder), for example \(flag) \(example)"
        case .needlessValue(let flag):
            "\(flag) takes no value"
        case .badValue(let source, let message, let example):
            "\(source): \(message)" + (example.isEmpty ? "" : "; for example \(example)")
        case .unusable(let lines):
            lines.joined(separator: "\n")
        case .file(let faults, let others):
            (faults.map(\.description) + others).joined(separator: "\n")
        }
    }

    /// What to do next, in a sentence; nil where the fault says it.
    package var hint: String? {
        if isOfFile { return nil }
        if case .unknownTopic = self { return "apus help topics lists every topic." }
        return "apus --help shows every option."
    }

    /// `a, b or c`.
    private static func or(_ names: [String]) -> String {
        guard names.count > 1, let last = names.last else { return names.joined() }
        return "\(names.dropLast().joined(separator: ", ")) or \(last)"
    }
}
