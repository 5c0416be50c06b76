public import ApusWire

/// The answer to TRACE when Max-Forwards is 0: the request as it arrived, in a `message/http` (RFC 9110 §9.3.8), but
/// without the fields that hold secrets.
public struct TraceAnswer: Sendable, Equatable {
    /// Whether the connection closes behind it.
    public var close: Bool

    /// Makes the answer.
    public init(close: Bool = false) {
        self.close = close
    }

    private static let secrets = ["cookie", "cookie2", "authorization", "proxy-authorization"].map { Array($0.utf8) }

    /// Appends the whole response.
    ///
    /// - Parameters:
    ///   - bytes: where the request head is, sound as the parser found it.
    ///   - head: its range, from the request line to the empty line.
    ///   - secondsSince1970: now, for `Date`.
    public func append(head: ByteRange, of bytes: Span<UInt8>, to answer: inout [UInt8], secondsSince1970: Int64) {
        var content: [UInt8] = []
        var start = Int(head.start)
        let end = min(Int(head.end), bytes.count)
        while start < end {
            var behind = start
            while behind < end && bytes[behind] != 0x0a { behind += 1 }
            behind = min(behind + 1, end)
            if !Self.isSecret(bytes, from: start, to: behind) {
                for offset in start..<behind { content.append(bytes[offset]) }
            }
            start = behind
        }
        AnswerHead(
            status: 200,
            contentType: "message/http",
            contentLength: content.count,
            proxyStatus: ProxyStatusField(error: .proxyInternalResponse),
            close: close,
            secondsSince1970: secondsSince1970
        ).write(into: &answer)
        answer.append(contentsOf: content)
    }

    private static func isSecret(_ bytes: Span<UInt8>, from: Int, to: Int) -> Bool {
        for name in secrets where to - from > name.count && bytes[from + name.count] == 0x3a {
            var index = 0
            while index < name.count && bytes[from + index] | 0x20 == name[index] | 0x20 { index += 1 }
            if index == name.count { return true }
        }
        return false
    }
}
