package import ApusPolicy

/// A user of a rule as it is written: `anna`, `group:ops`, `all`.
package enum UserPatternText {
    /// Reads one pattern; whether a group of that name exists is for the caller to say.
    package static func parse(_ text: String) throws(ValueFault) -> UserPattern {
        if text == "all" { return .anyone }
        if text.hasPrefix("group:") { return .group(String(text.dropFirst(6))) }
        return .user(try name(text))
    }

    /// The name of a user, as Basic credentials can carry it (RFC 7617 §2: no colon, no control character).
    package static func name(_ text: String) throws(ValueFault) -> String {
        if text.isEmpty { throw ValueFault("the user's name is empty") }
        if text.contains(":") { throw ValueFault("\"\(text)\" has a colon, which no user's name can have") }
        if text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7f }) {
            throw ValueFault("the user's name has a control character")
        }
        return text
    }
}
