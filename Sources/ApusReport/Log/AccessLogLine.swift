/// One line of an access log in Apus's own JSON form, read back: see ``AccessLogFormat/json`` for its fields.
public struct AccessLogLine: Sendable, Hashable {
    /// The value of a field.
    public enum Value: Sendable, Hashable {
        /// A string.
        case text(String)
        /// A number, as it is written.
        case number(String)
        /// `true` or `false`.
        case truth(Bool)
        /// `null`.
        case null
    }

    /// The fields by name; those that are not known here too.
    public let members: [String: Value]

    /// Reads a line, with or without its LF.
    /// - Returns: nil if it is no JSON object of plain values: a line that is cut off, of another format, or not Apus's.
    public static func parse(_ bytes: Span<UInt8>) -> AccessLogLine? {
        FlatJSON.members(bytes).map { AccessLogLine(members: $0) }
    }

    /// A field that is a string.
    public func text(_ name: String) -> String? {
        if case .text(let text) = members[name] { text } else { nil }
    }

    /// A field that is a whole number.
    public func number(_ name: String) -> Int64? {
        if case .number(let text) = members[name] { Int64(text) } else { nil }
    }

    /// A field that is `true` or `false`.
    public func truth(_ name: String) -> Bool? {
        if case .truth(let truth) = members[name] { truth } else { nil }
    }
}
