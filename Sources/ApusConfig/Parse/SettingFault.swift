/// Why settings cannot be used: it names the flag or variable, and says what would do.
package enum SettingFault: Error, Equatable, CustomStringConvertible {
    /// No flag of this name; `nearest` is the known one (with dashes) that is most like it.
    case unknownFlag(String, nearest: String?)
    /// A word that belongs to no flag; `hint` is what may have been meant.
    case strayArgument(String, hint: String?)
    /// A flag at the end, or before another flag, without the value it takes.
    case missingValue(flag: String, placeholder: String, example: String)
    /// A flag that takes no value was given one it does not understand, or `--no-…` was given any.
    case needlessValue(flag: String)
    /// A value that is none; `source` is the flag or variable as the user wrote it, `example` is how it would be right.
    case badValue(source: String, message: String, example: String)
    /// Values that are each right and do not fit, one line for each, with the flag named.
    case unusable([String])

    package var description: String {
        switch self {
        case .unknownFlag(let flag, let nearest):
            "\(flag): there is no such option" + (nearest.map { "; did you mean \($0)?" } ?? "")
        case .strayArgument(let word, let hint):
            "\"\(word)\" belongs to no option" + (hint.map { "; \($0)" } ?? "")
        case .missingValue(let flag, let placeholder, let example):
            "\(flag) needs a value, \(flag) \(placeholder), for example \(flag) \(example)"
        case .needlessValue(let flag):
            "\(flag) takes no value"
        case .badValue(let source, let message, let example):
            "\(source): \(message); for example \(example)"
        case .unusable(let lines):
            lines.joined(separator: "\n")
        }
    }
}
