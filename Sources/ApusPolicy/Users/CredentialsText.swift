import ApusWire

/// Where the credentials stand in a Proxy-Authorization field, behind the scheme and its spaces (RFC 9110 §11.4): told without
/// decoding them, so that one password has one spelling, whatever the letters of `BASIC` and the spaces behind it.
public struct CredentialsText: Sendable, Hashable {
    /// The schemes that are known here.
    public enum Scheme: Sendable, Hashable {
        /// RFC 7617.
        case basic
        /// RFC 6750 §2.1.
        case bearer
    }

    /// The scheme.
    public let scheme: Scheme
    /// What stands behind it; not judged yet.
    public let range: Range<Int>

    /// Finds them in a field's value: a scheme in any case, one space or more, and what the scheme asks for.
    ///
    /// - Parameter range: the value in `bytes`, without the white space around it.
    /// - Throws: ``CredentialsFault/otherScheme``, or ``CredentialsFault/malformed`` where there is no scheme.
    public init(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(CredentialsFault) {
        var end = range.lowerBound
        while end < range.upperBound, ByteClass.isToken(bytes[end]) { end += 1 }
        let word = range.lowerBound..<end
        guard !word.isEmpty else { throw .malformed }
        if Self.isWord(bytes, word, "basic") {
            scheme = .basic
        } else if Self.isWord(bytes, word, "bearer") {
            scheme = .bearer
        } else {
            throw .otherScheme
        }
        var start = end
        while start < range.upperBound, bytes[start] == Ascii.space { start += 1 }
        guard start > end || end == range.upperBound else { throw .malformed }
        self.range = start..<range.upperBound
    }

    private static func isWord(_ bytes: Span<UInt8>, _ range: Range<Int>, _ word: StaticString) -> Bool {
        guard range.count == word.utf8CodeUnitCount else { return false }
        var at = range.lowerBound
        for byte in word.description.utf8 {
            guard ByteClass.lowercased(bytes[at]) == byte else { return false }
            at += 1
        }
        return true
    }
}
