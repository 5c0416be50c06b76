/// The beginning of a body, as far as it was recorded. Transfer codings are removed, content codings are not.
public struct RecordedBody: Sendable, Equatable {
    /// The bytes from the beginning on.
    public var bytes: [UInt8]
    /// How many bytes the body had in all.
    public var total: UInt64

    /// Makes a body.
    public init(bytes: [UInt8], total: UInt64) {
        self.bytes = bytes
        self.total = total
    }

    /// Whether there was more than was recorded.
    public var isTruncated: Bool { UInt64(bytes.count) < total }
}
