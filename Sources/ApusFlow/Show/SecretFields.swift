import ApusWire

/// The fields whose values are secrets, and how they are shown without them.
///
/// | field | shown |
/// | --- | --- |
/// | `Authorization`, `Proxy-Authorization` | the scheme, if it is a known one: `Basic (redacted)` |
/// | `Cookie` | the names: `sid=(redacted); theme=(redacted)` |
/// | `Set-Cookie` | the name and the attributes of RFC 6265 §4.1: `sid=(redacted); Path=/` |
/// | names that are or end in `token`, `key`, `secret`, `password`, `assertion` behind a hyphen or underscore | `(redacted)` |
/// | names that end in `apikey` or `authorization` | `(redacted)` |
/// | `Referer`, `Location` and others that hold a URL | without userinfo, and without the query if queries are redacted |
///
/// An unknown scheme is not shown: a client that sends a bare key has no scheme, and the word would be the key.
enum SecretFields {
    /// What stands in the place of a secret.
    static let mark = "(redacted)"

    private static let equals: UInt8 = 0x3d
    private static let words = ["token", "key", "secret", "password", "assertion"]
    private static let ends = ["apikey", "authorization"]
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
    static func shown(_ name: String, _ value: String, redactingQueries: Bool) -> String {
        let name = name.lowercased()
        switch name {
        case "authorization", "proxy-authorization": return credentials(value)
        case "cookie": return cookies(value)
        case "set-cookie": return setCookie(value)
        case _ where locations.contains(name):
            // The two that hold more than one URL, or words behind it.
            let isOne = name != "link" && name != "refresh"
            return SecretLocation.shown(value, redactingQueries: redactingQueries, isOne: isOne)
        case _ where words.contains(where: { name == $0 || name.hasSuffix("-\($0)") || name.hasSuffix("_\($0)") }),
            _ where ends.contains(where: { name.hasSuffix($0) }):
            return value.isEmpty ? value : mark
        default: return value
        }
    }

    private static func credentials(_ value: String) -> String {
        let end = value.utf8.firstIndex(where: ByteClass.isBlank) ?? value.endIndex
        let scheme = value[..<end]
        guard schemes.contains(scheme.lowercased()) else { return value.isEmpty ? value : mark }
        return end == value.endIndex ? value : "\(scheme) \(mark)"
    }

    private static func cookies(_ value: String) -> String {
        parts(value).map { pair($0) }.joined(separator: "; ")
    }

    private static func setCookie(_ value: String) -> String {
        parts(value).enumerated().map { index, part in
            index > 0 && isAttribute(part) ? String(part) : pair(part)
        }.joined(separator: "; ")
    }

    /// Whether it is an attribute with a plain value: what has a second `=` may hold another cookie behind a comma.
    private static func isAttribute(_ part: Substring) -> Bool {
        let sides = part.utf8.split(separator: equals, maxSplits: 2, omittingEmptySubsequences: false)
        guard let name = sides.first, sides.count <= 2 else { return false }
        return attributes.contains(Substring(name).lowercased())
    }

    /// A cookie without its value; one without a name is all value (RFC 6265bis §5.6).
    private static func pair(_ part: Substring) -> String {
        guard !part.isEmpty else { return "" }
        guard let equals = part.utf8.firstIndex(of: equals) else { return mark }
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
