/// When to tell of own faults: of the first at once, then of all together once a minute at most.
///
/// Times are microseconds, given as arguments.
package struct OwnFaultNews: Sendable {
    /// They are spoken of once in so long: a minute.
    private static let pause: UInt64 = 60_000_000

    private var told: UInt64?
    /// How many there were since they were last spoken of.
    package private(set) var untold: UInt64 = 0

    /// None yet.
    package init() {}

    /// There was one.
    ///
    /// - Returns: how many there were since they were last spoken of, this one included; nil while it is too early to speak again.
    package mutating func met(now: UInt64) -> UInt64? {
        untold &+= 1
        if let told, now < told &+ OwnFaultNews.pause { return nil }
        defer { (told, untold) = (now, 0) }
        return untold
    }
}
