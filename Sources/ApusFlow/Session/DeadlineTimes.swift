/// How long each deadline is, in ticks of 100 ms, and what has to come in the time of one.
public struct DeadlineTimes: Sendable, BitwiseCopyable {
    @usableFromInline var ticks = InlineArray<19, UInt32>(repeating: 0)
    /// How long a lingering close may take in all, while bytes come.
    public var lingerInAll: UInt32 = 0
    /// Bytes a second below which a request body counts as stalled.
    public var minimumBodyRate: UInt64 = 0

    /// No time for anything.
    public init() {}

    /// How long a deadline is.
    @inlinable @inline(__always)
    public subscript(deadline: Deadline) -> UInt32 {
        get { ticks[Int(deadline.rawValue)] }
        set { ticks[Int(deadline.rawValue)] = newValue }
    }
}
