/// When to say that something this machine has no more of is wanted: at the beginning, once a minute, and at the end.
///
/// Times are microseconds, given as arguments.
package struct ShortageEpisode: Sendable {
    /// What there is to say.
    package enum News: Sendable, Equatable {
        /// It has begun.
        case began
        /// It goes on: so many were turned away since it was last spoken of.
        case goesOn(UInt64)
        /// It is over: so many were turned away in all, in so many seconds.
        case ended(UInt64, seconds: UInt64)
    }

    /// It is over when nobody has been turned away for so long: 10 s.
    private static let quiet: UInt64 = 10_000_000
    /// It is spoken of once in so long: a minute.
    private static let pause: UInt64 = 60_000_000

    private var began: UInt64 = 0
    private var last: UInt64 = 0
    private var told: UInt64 = 0
    private var inAll: UInt64 = 0
    private var since: UInt64 = 0

    /// Whether one is under way.
    package private(set) var isOn = false

    /// Makes one that has not begun.
    package init() {}

    /// So many were turned away.
    package mutating func met(_ count: UInt64, now: UInt64) -> News? {
        guard count > 0 else { return looked(now: now) }
        guard isOn else {
            (isOn, began, told, inAll, since) = (true, now, now, count, 0)
            last = now
            return .began
        }
        last = max(last, now)
        inAll &+= count
        since &+= count
        guard now >= told &+ ShortageEpisode.pause else { return nil }
        defer { (told, since) = (now, 0) }
        return .goesOn(since)
    }

    /// Time has passed.
    package mutating func looked(now: UInt64) -> News? {
        guard isOn, now >= last &+ ShortageEpisode.quiet else { return nil }
        isOn = false
        return .ended(inAll, seconds: (last - began + 999_999) / 1_000_000)
    }
}
