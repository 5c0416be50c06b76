public import ApusWire

/// The answer to TRACE when Max-Forwards is 0: the request as it arrived, in a `message/http` (RFC 9110 §9.3.8), but
/// without the fields that hold secrets, as the recorder tells them.
public struct TraceAnswer: Sendable, Equatable {
    /// Whether the connection closes behind it.
    public var close: Bool

    /// By which words a field's name tells that its value is a secret.
    public var names: SecretNames

    /// Makes the answer.
    public init(close: Bool = false, names: SecretNames = .standard) {
        self.close = close
        self.names = names
    }

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
            if start == Int(head.start) || !isSecret(bytes, from: start, to: behind) {
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

    private func isSecret(_ bytes: Span<UInt8>, from: Int, to: Int) -> Bool {
        guard let colon = (from..<to).first(where: { bytes[$0] == Ascii.colon }) else { return false }
        var (start, end) = (colon + 1, to)
        while end > start, Self.isSpace(bytes[end - 1]) { end -= 1 }
        while start < end, ByteClass.isBlank(bytes[start]) { start += 1 }
        let (name, value) = (Self.text(bytes, from..<colon), Self.text(bytes, start..<end))
        let bare = Array(name.utf8)
        // Of cookies, and of others whose name tells, not even the name.
        return names.match(bare.span) || SecretFields.isSecret(name, value, names: names)
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        ByteClass.isBlank(byte) || byte == Ascii.lf || byte == Ascii.cr
    }

    private static func text(_ bytes: Span<UInt8>, _ range: Range<Int>) -> String {
        String(decoding: range.map { bytes[$0] }, as: UTF8.self)
    }
}
