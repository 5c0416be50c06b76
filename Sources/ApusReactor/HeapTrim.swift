/// When the pages of freed memory go back to the kernel: once most sockets of a busy time have gone, and it stays quiet.
///
/// The allocator keeps what was freed below a block that is still used, and asks nobody; after a flood of clients that is most of the
/// process. To give it back means to walk its lists, so it is done once for each such fall, never while connections come.
struct HeapTrim {
    /// Fewer sockets leave nothing that is worth the walk.
    static let least = 64
    /// How long the fall has to last, in microseconds.
    static let quiet: UInt64 = 5_000_000

    /// The most sockets since the last time.
    private var peak = 0
    /// When it is due, in microseconds; 0: there was no fall.
    private(set) var due: UInt64 = 0

    /// Notes how many sockets are open.
    ///
    /// - Returns: the time at which `isDue` is to be asked, in microseconds; nil when there is nothing to give back.
    @inline(__always)
    mutating func note(used: Int, now: UInt64) -> UInt64? {
        if used >= peak {
            peak = used
            due = 0
            return nil
        }
        if peak < HeapTrim.least { return nil }
        return fall(used, now)
    }

    /// Whether the time has come; it is then over until the next fall.
    mutating func isDue(used: Int, now: UInt64) -> Bool {
        guard due != 0, now >= due else { return false }
        due = 0
        peak = used
        return true
    }

    /// A quarter of the most counts as a fall.
    private mutating func fall(_ used: Int, _ now: UInt64) -> UInt64? {
        if used > peak / 4 {
            due = 0
            return nil
        }
        if due == 0 { due = now + HeapTrim.quiet }
        return due
    }
}
