import ApusWire

/// The fields whose values are secrets, and how they are shown without them.
///
/// | field | shown |
/// | --- | --- |
/// | `Authorization`, `Proxy-Authorization` | the scheme, if it is a known one: `Basic (redacted)` |
/// | `Cookie` | how many: `(redacted); (redacted)`, for a token may stand in the place of a name |
/// | `Set-Cookie` | the attributes of RFC 6265 §4.1: `(redacted); Path=/` |
/// | names that hold a word of ``SecretNames`` | `(redacted)` |
/// | values that begin with `Bearer`, `Basic`, `Negotiate` or `NTLM` and a blank | the scheme: `Bearer (redacted)` |
/// | `WWW-Authenticate`, `Proxy-Authenticate` | the challenge, but for what stands behind `Negotiate` and `NTLM` |
/// | `Sec-WebSocket-Protocol` | `(redacted)`: browsers can send a token in no other field |
/// | `Referer`, `Location` and others that hold a URL | without userinfo, and with the query as paths are shown |
///
/// An unknown scheme is not shown: a client that sends a bare key has no scheme, and the word would be the key.
///
/// Where `cookie` is none of the words, the names of cookies are shown, never their values.
enum SecretFields {
    /// What stands in the place of a secret.
    static let mark = "(redacted)"

    private static let equals: UInt8 = 0x3d
    /// Those by which a value tells that it is a secret, whatever field it stands in.
    private static let telling: Set<String> = ["basic", "bearer", "negotiate", "ntlm"]
    private static let locations: Set<String> = [
        "referer", "location", "content-location", "destination", "link", "refresh", "x-original-url", "x-original-uri",
        "x-rewrite-url",
        "x-forwarded-uri",
    ]
    /// The IANA registry of HTTP authentication schemes, with the unregistered ones in wide use.
    private static let schemes: Set<String> = [
        "basic", "bearer", "concealed", "digest", "dpop", "gnap", "hoba", "mutual", "negotiate", "oauth",
        "privatetoken", "scram-sha-1", "scram-sha-256", "vapid", "ntlm", "token", "aws4-hmac-sha256",
    ]
    private static let attributes: Set<String> = [
        "expires", "max-age", "domain", "path", "secure", "httponly", "samesite", "partitioned", "priority",
    ]

    /// The value of a field as it may be shown.
    static func shown(
        _ name: String,
        _ value: String,
        redactingQueries: QueryRedaction,
        names: SecretNames = .standard
    ) -> String {
        let name = name.lowercased()
        let bytes = Array(name.utf8)
        let isSecret = names.match(bytes.span)
        switch name {
        case "authorization", "proxy-authorization": return credentials(value)
        case "cookie": return cookies(value, isNamed: !isSecret)
        case "set-cookie": return setCookie(value, isNamed: !isSecret)
        case "sec-websocket-protocol": return value.isEmpty ? value : mark
        case "www-authenticate", "proxy-authenticate": return challenge(value)
        case _ where locations.contains(name):
            // The two that hold more than one URL, or words behind it.
            let isOne = name != "link" && name != "refresh"
            return SecretLocation.shown(value, redactingQueries: redactingQueries, isOne: isOne)
        case _ where isSecret: return value.isEmpty ? value : mark
        default: return told(value) ?? value
        }
    }

    /// Whether a field's value, or a part of it, is not shown.
    static func isSecret(_ name: String, _ value: String, names: SecretNames) -> Bool {
        shown(name, value, redactingQueries: .none, names: names) != value
    }

    /// A value that begins with the scheme of credentials.
    private static func told(_ value: String) -> String? {
        let end = value.utf8.firstIndex(where: ByteClass.isBlank) ?? value.endIndex
        guard end < value.endIndex, telling.contains(value[..<end].lowercased()) else { return nil }
        return "\(value[..<end]) \(mark)"
    }

    /// A challenge: what is behind these two schemes belongs to the handshake (RFC 4559 §4.1).
    private static func challenge(_ value: String) -> String {
        let lower = value.lowercased()
        return lower.hasPrefix("negotiate ") || lower.hasPrefix("ntlm ") ? told(value) ?? value : value
    }

    private static func credentials(_ value: String) -> String {
        let end = value.utf8.firstIndex(where: ByteClass.isBlank) ?? value.endIndex
        let scheme = value[..<end]
        guard schemes.contains(scheme.lowercased()) else { return value.isEmpty ? value : mark }
        return end == value.endIndex ? value : "\(scheme) \(mark)"
    }

    private static func cookies(_ value: String, isNamed: Bool) -> String {
        parts(value).map { pair($0, isNamed) }.joined(separator: "; ")
    }

    private static func setCookie(_ value: String, isNamed: Bool) -> String {
        parts(value).enumerated().map { index, part in
            index > 0 && isAttribute(part) ? String(part) : pair(part, isNamed)
        }.joined(separator: "; ")
    }

    /// Whether it is an attribute with a plain value: what has a second `=` may hold another cookie behind a comma.
    private static func isAttribute(_ part: Substring) -> Bool {
        let sides = part.utf8.split(separator: equals, maxSplits: 2, omittingEmptySubsequences: false)
        guard let name = sides.first, sides.count <= 2 else { return false }
        return attributes.contains(Substring(name).lowercased())
    }

    /// A cookie without its value; one without a name is all value (RFC 6265bis §5.6).
    private static func pair(_ part: Substring, _ isNamed: Bool) -> String {
        guard !part.isEmpty else { return "" }
        guard isNamed, let equals = part.utf8.firstIndex(of: equals) else { return mark }
        return part[...equals] + mark
    }

    /// What stands between semicolons, without the white space around it.
    private static func parts(_ value: String) -> [Substring] {
        value.utf8.split(separator: Ascii.semicolon, omittingEmptySubsequences: false).map { part in
            var part = part
            while let first = part.first, ByteClass.isBlank(first) { part.removeFirst() }
            while let last = part.last, ByteClass.isBlank(last) { part.removeLast() }
            return Substring(part)
        }
    }
}
