import ApusWire

/// By which words a field's name tells that its value is a secret; settable.
public struct SecretNames: Sendable, Equatable {
    /// `auth`, `token`, `secret`, `key`, `session`, `cookie`, `jwt`, `password`, `credential`, `signature`, `assertion`.
    public static let standard = SecretNames([
        "auth", "token", "secret", "key", "session", "cookie", "jwt", "password", "credential", "signature",
        "assertion",
    ])

    /// Those that hold such a word, and no secret: challenges, and what CORS and WebSocket ask and answer in the open.
    private static let open = [
        "www-authenticate", "proxy-authenticate", "access-control-allow-credentials", "author", "x-author",
    ].map { Array($0.utf8) }

    /// In lower case.
    public let words: [String]
    private let bytes: [[UInt8]]

    /// Makes names of words; a field's name that holds one of them, in any case, is a secret's.
    public init(_ words: [String]) {
        self.words = words.map { $0.lowercased() }
        bytes = self.words.map { Array($0.utf8) }
    }

    /// Whether no name tells anything; what is a secret by its own is one all the same.
    public var isEmpty: Bool { words.isEmpty }

    /// Whether a field of this name is not to be shown.
    package func match(_ name: Span<UInt8>) -> Bool {
        if Self.open.contains(where: { $0.count == name.count && Self.stands($0, in: name, at: 0) }) { return false }
        return bytes.contains { word in
            guard !word.isEmpty, word.count <= name.count else { return false }
            return (0...name.count - word.count).contains { Self.stands(word, in: name, at: $0) }
        }
    }

    private static func stands(_ word: [UInt8], in name: Span<UInt8>, at start: Int) -> Bool {
        for index in word.indices where ByteClass.lowercased(name[start + index]) != word[index] { return false }
        return true
    }
}
