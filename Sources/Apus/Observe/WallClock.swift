internal import ApusReactor

/// The time of day beside the reactor's clock: the two are compared once a second at most.
struct WallClock {
    /// How far the time of day is ahead, in microseconds.
    private var offset: Int64 = 0
    private var comparedAt: UInt64 = 0

    /// A moment of the reactor's clock in microseconds since 1970.
    mutating func microseconds(at moment: UInt64, now: UInt64) -> Int64 {
        if now &- comparedAt > 1_000_000 || comparedAt == 0 {
            comparedAt = now
            offset = SystemInfo.unixMicroseconds() - Int64(now)
        }
        return max(0, Int64(moment) + offset)
    }
}
