/// When something is used, by both clocks: rates go by the one that never jumps, periods by the one on the wall.
public struct UsageMoment: Sendable, Hashable, BitwiseCopyable {
    /// Microseconds of a clock that never goes back.
    public let now: UInt64
    /// Seconds since 1970.
    public let unix: Int64

    /// Makes a moment.
    public init(now: UInt64, unix: Int64) {
        self.now = now
        self.unix = unix
    }
}
