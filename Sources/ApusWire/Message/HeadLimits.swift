/// How large the parts of a head may be, in bytes; beyond it 414 or 431 (RFC 9110 §5.4, RFC 9112 §3).
public struct HeadLimits: Sendable, Equatable {
    /// The request line or status line, without its CRLF. RFC 9112 §3 recommends at least 8,000.
    public var startLine: Int
    /// One field line, without its CRLF.
    public var fieldLine: Int
    /// The whole head with the empty line behind it.
    public var head: Int
    /// The number of field lines, at most ``FieldTable/capacity``.
    public var fields: Int

    /// Limits for requests: a request line of 16 KiB, 64 KiB in all, which one field may take, 256 fields.
    public init(startLine: Int = 16 << 10, fieldLine: Int = 64 << 10, head: Int = 64 << 10, fields: Int = 256) {
        self.startLine = startLine
        self.fieldLine = fieldLine
        self.head = head
        self.fields = min(fields, FieldTable.capacity)
    }

    /// Limits for responses: 128 KiB in all, one line may take it, 256 fields.
    public static let response = HeadLimits(startLine: 16 << 10, fieldLine: 128 << 10, head: 128 << 10)
}
