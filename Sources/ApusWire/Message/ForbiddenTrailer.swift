/// The fields that are dropped from a trailer section, because a recipient that merged them into the head would change
/// how the message is framed, routed, authorised or read (RFC 9110 §6.5.1; the classes are RFC 7230 §4.1.2's).
enum ForbiddenTrailer {
    private static let names: [[UInt8]] = [
        // Framing and connection management.
        "transfer-encoding", "content-length", "connection", "keep-alive", "te", "trailer", "upgrade",
        "http2-settings",
        // Routing.
        "host", "via", "forwarded",
        // Request modifiers.
        "cache-control", "pragma", "expect", "max-forwards", "range",
        // Authentication and state.
        "authorization", "www-authenticate", "cookie", "cookie2", "set-cookie", "set-cookie2",
        // Response control.
        "age", "date", "expires", "location", "retry-after", "vary", "warning",
        // How the content is to be read.
        "content-encoding", "content-type", "content-range",
    ].map { Array($0.utf8) }

    /// Whole families: hop-by-hop proxy fields, conditionals, and what names a client.
    private static let prefixes: [[UInt8]] = ["proxy-", "if-", "x-forwarded-"].map { Array($0.utf8) }

    /// Whether the field line `bytes[from..<to]` has one of these names, in any case.
    static func matches(_ bytes: Span<UInt8>, from: Int, to: Int) -> Bool {
        var colon = from
        while colon < to && bytes[colon] != 0x3a { colon += 1 }
        guard colon < to else { return false }
        for name in names where name.count == colon - from && begins(bytes, at: from, with: name) { return true }
        for prefix in prefixes where prefix.count <= colon - from && begins(bytes, at: from, with: prefix) {
            return true
        }
        return false
    }

    private static func begins(_ bytes: Span<UInt8>, at: Int, with text: [UInt8]) -> Bool {
        for index in text.indices where ByteClass.lowercased(bytes[at + index]) != text[index] { return false }
        return true
    }
}
