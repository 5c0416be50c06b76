import ApusWire

/// The answer to `OPTIONS *`, and to OPTIONS when Max-Forwards is 0 (RFC 9110 §9.3.7): 200, `Allow`, no content.
public struct OptionsAnswer: Sendable, Equatable {
    /// The methods this proxy forwards or answers; it forwards others too.
    public static let methods = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS, TRACE, CONNECT"

    /// The value of `Allow`.
    public var allow: String
    /// Whether the connection closes behind it.
    public var close: Bool

    /// Makes the answer.
    public init(allow: String = OptionsAnswer.methods, close: Bool = false) {
        self.allow = allow
        self.close = close
    }

    /// Appends the whole response.
    ///
    /// - Parameter secondsSince1970: now, for `Date`.
    public func append(to bytes: inout [UInt8], secondsSince1970: Int64) {
        AnswerHead(
            status: 200,
            contentLength: 0,
            proxyStatus: ProxyStatusField(error: .proxyInternalResponse),
            fields: [FieldLine("Allow", allow)],
            close: close,
            secondsSince1970: secondsSince1970
        ).write(into: &bytes)
    }
}
