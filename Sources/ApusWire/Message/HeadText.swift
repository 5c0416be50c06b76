/// The fixed pieces of outgoing heads, in one array: what a rewriter copies besides the runs that were received.
public struct HeadText: Sendable {
    private(set) var bytes: [UInt8] = []
    let requestVersion: ByteRange
    let statusVersion: ByteRange
    let lineEnd: ByteRange
    let connectionClose: ByteRange
    let connectionUpgrade: ByteRange
    let proxySupport: ByteRange
    let upgrade: ByteRange
    let trailers: ByteRange
    let trailersAndUpgrade: ByteRange
    let maxForwards: ByteRange
    let contentLength: ByteRange
    /// `Via` with the empty line behind it, for a message received as HTTP/1.0 and as HTTP/1.1.
    let lastLines10: ByteRange
    let lastLines11: ByteRange
    let date: ByteRange

    /// - Parameter pseudonym: the proxy's own name in Via (RFC 9110 §7.6.3), a token.
    public init(pseudonym: [UInt8]) {
        var text: [UInt8] = []
        func piece(_ string: StaticString, _ more: [UInt8] = [], _ tail: StaticString = "") -> ByteRange {
            let start = text.count
            text += Array(string.description.utf8) + more + Array(tail.description.utf8)
            return ByteRange(start, text.count)
        }
        requestVersion = piece(" HTTP/1.1\r\nHost: ")
        statusVersion = piece("HTTP/1.1 ")
        lineEnd = piece("\r\n")
        connectionClose = piece("Connection: close\r\n")
        connectionUpgrade = piece("Connection: Upgrade\r\n")
        proxySupport = piece("Proxy-Support: Session-Based-Authentication\r\nConnection: Proxy-Support\r\n")
        upgrade = piece("Upgrade: ")
        trailers = piece("TE: trailers\r\nConnection: TE\r\n")
        trailersAndUpgrade = piece("TE: trailers\r\nConnection: TE, Upgrade\r\n")
        maxForwards = piece("Max-Forwards: ")
        contentLength = piece("Content-Length: ")
        lastLines10 = piece("Via: 1.0 ", pseudonym, "\r\n\r\n")
        lastLines11 = piece("Via: 1.1 ", pseudonym, "\r\n\r\n")
        date = piece("Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n")
        bytes = text
    }

    /// Sets the date that goes into responses without one.
    ///
    /// - Parameter value: 29 bytes of IMF-fixdate (RFC 9110 §5.6.7).
    public mutating func setDate(_ value: [UInt8]) {
        guard value.count == 29 else { return }
        let start = Int(date.start) + 6
        bytes.replaceSubrange(start..<start + 29, with: value)
    }
}
