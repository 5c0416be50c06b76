import ApusWire

/// What a client shows in Proxy-Authorization (RFC 9110 §11.7.2), parsed.
public enum ProxyCredentials: Sendable, Hashable {
    /// A user's name and password (RFC 7617).
    case basic(user: String, password: Secret)
    /// A token (RFC 6750 §2.1).
    case bearer(Secret)
}

/// Why a Proxy-Authorization field holds no credentials that can be judged.
public enum CredentialsFault: Error, Sendable, Hashable {
    /// The scheme is neither Basic nor Bearer.
    case otherScheme
    /// It is not written as its scheme asks.
    case malformed
}

extension ProxyCredentials {
    /// Parses a field's value: a scheme in any case, one space or more, and what the scheme asks for (RFC 9110 §11.4).
    ///
    /// Basic is canonical base64 of UTF-8 without control characters, split at the first colon (RFC 7617 §2, §2.1);
    /// Bearer is a b64token (RFC 6750 §2.1).
    ///
    /// - Parameter range: the value in `bytes`, without the white space around it.
    public init(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(CredentialsFault) {
        var end = range.lowerBound
        while end < range.upperBound, ByteClass.isToken(bytes[end]) { end += 1 }
        let scheme = range.lowerBound..<end
        guard !scheme.isEmpty else { throw .malformed }
        var start = end
        while start < range.upperBound, bytes[start] == Ascii.space { start += 1 }
        let isApart = start > end || end == range.upperBound
        if Self.isWord(bytes, scheme, "basic") {
            guard isApart else { throw .malformed }
            self = try Self.basic(bytes, start..<range.upperBound)
        } else if Self.isWord(bytes, scheme, "bearer") {
            guard isApart, Self.isToken68(bytes, start..<range.upperBound) else { throw .malformed }
            var token: [UInt8] = []
            for i in start..<range.upperBound { token.append(bytes[i]) }
            self = .bearer(Secret(token))
        } else {
            throw .otherScheme
        }
    }

    private static func basic(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(CredentialsFault) -> ProxyCredentials {
        guard !range.isEmpty, let pair = Base64.decode(bytes, range), let colon = pair.firstIndex(of: Ascii.colon)
        else { throw .malformed }
        guard pair.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }),
            let user = String(validating: pair[..<colon], as: UTF8.self),
            String(validating: pair[(colon + 1)...], as: UTF8.self) != nil
        else { throw .malformed }
        return .basic(user: user, password: Secret(Array(pair[(colon + 1)...])))
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

    /// `1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="`.
    private static func isToken68(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        var end = range.upperBound
        while end > range.lowerBound, bytes[end - 1] == 0x3d { end -= 1 }
        guard end > range.lowerBound else { return false }
        for i in range.lowerBound..<end {
            let byte = bytes[i]
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f, 0x7e, 0x2b, 0x2f: continue
            default: return false
            }
        }
        return true
    }
}
