/// When to tell of dropped lines: at the first one, then once an interval as long as there are new ones.
struct DropNotice {
    private let interval: UInt64
    private var told: UInt64 = 0
    private var toldAt: UInt64?
    private var seen: UInt64 = 0

    /// - Parameter interval: in microseconds.
    init(interval: UInt64) { self.interval = interval }

    /// Whether to tell that so many have been dropped in all, at this time in microseconds.
    mutating func isDue(_ dropped: UInt64, _ now: UInt64) -> Bool {
        seen = dropped
        guard dropped > told else { return false }
        if let toldAt, now < toldAt + interval { return false }
        told = dropped
        toldAt = now
        return true
    }

    /// How long a poll may sleep until there is something to tell, in milliseconds; -1 for as long as it likes.
    func timeout(_ now: UInt64) -> Int32 {
        guard seen > told, let toldAt else { return -1 }
        let due = toldAt + interval
        return due <= now ? 0 : Int32(clamping: (due - now) / 1000 + 1)
    }
}

/// How often a log's thread does what it does now and then, in microseconds.
struct LogTiming: Sendable {
    /// Between two words about dropped lines.
    var notice: UInt64 = 60_000_000
    /// Before a socket that is away, or a rotation that failed, is tried again.
    var retry: UInt64 = 1_000_000
}
