/// A half-open run of bytes, as offsets into the buffer that was parsed.
///
/// Offsets are 32 bits wide, so that a field of a head takes 28 bytes; no buffer that is parsed comes near 4 GiB.
/// A range is void when the callback that parsed the buffer ends.
public struct ByteRange: Sendable, BitwiseCopyable, Equatable {
    /// The offset of the first byte.
    public var start: UInt32
    /// The offset behind the last byte.
    public var end: UInt32

    /// Makes the range `start..<end`.
    @inline(__always)
    public init(_ start: Int, _ end: Int) {
        self.start = UInt32(truncatingIfNeeded: start)
        self.end = UInt32(truncatingIfNeeded: end)
    }

    /// The empty range at offset 0.
    public static let empty = ByteRange(0, 0)

    /// How many bytes it spans.
    @inline(__always)
    public var count: Int { Int(end) - Int(start) }

    /// Whether it spans no byte.
    @inline(__always)
    public var isEmpty: Bool { start == end }

    /// The same run as a Swift range.
    @inline(__always)
    public var range: Range<Int> { Int(start)..<Int(end) }
}
