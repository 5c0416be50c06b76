public import ApusPolicy

/// Who Apus is to a parent: shown by Basic (RFC 7617) to one that speaks HTTP, by user and password (RFC 1929) to one that speaks SOCKS.
/// They show themselves in no log, no description and no debugger's summary.
public struct ParentCredentials: Sendable, Hashable {
    /// The user's name, as UTF-8. Basic parts it from the password by a colon, so that it has none.
    public let user: Secret
    /// The password, as UTF-8.
    public let password: Secret

    /// Makes credentials of texts.
    public init(user: String, password: String) {
        self.user = Secret(user)
        self.password = Secret(password)
    }

    /// Reads `USER:PASSWORD`, parted by the first colon (RFC 7617 §2); white space around it is not its own.
    ///
    /// - Returns: nil for what has no colon, no user, or a control character.
    public init?(parsing text: String) {
        var text = text[...]
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        guard let colon = text.firstIndex(of: ":"), colon > text.startIndex else { return nil }
        guard text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) else { return nil }
        self.init(user: String(text[..<colon]), password: String(text[text.index(after: colon)...]))
    }
}

extension ParentCredentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Nothing of them.
    public var description: String { "(hidden)" }
    /// Nothing of them.
    public var debugDescription: String { description }
    /// Nothing of them.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
