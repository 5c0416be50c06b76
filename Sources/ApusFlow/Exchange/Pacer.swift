package import ApusPolicy

/// What to do with the bytes of one way that a limit counts.
package enum PaceStep: Sendable, Hashable, BitwiseCopyable {
    /// Nothing is to be moved: what has come may be read on.
    case nothing
    /// Relay so many bytes, and ask again when they have been moved.
    case move(UInt64)
    /// Read nothing more of the source, and ask again after so many ticks.
    case pause(UInt32)
    /// Nothing more may pass.
    case usedUp
}

/// What to do when the time has come to look at the counts again.
package enum PaceTick: Sendable, Hashable, BitwiseCopyable {
    /// Nothing waits. What is under way is counted again after so many ticks.
    case runs(UInt32)
    /// The pause goes on for so many ticks.
    case pause(UInt32)
    /// The pause is over: these ways are read on, and ask for what they may move.
    case goesOn(up: Bool, down: Bool)
    /// Nothing more may pass.
    case usedUp
}

/// How the bytes of one request or tunnel go on where a limit counts them: in slices, with pauses between them where they come too fast.
///
/// It is told what the counts say and answers what to do. It moves nothing and knows no clock; times are in ticks of 100 ms.
package struct Pacer: Sendable, Hashable, BitwiseCopyable {
    private struct Lane: Sendable, Hashable, BitwiseCopyable {
        /// What is to be moved behind the relay that runs, in bytes; `.max`: all that comes.
        var left: UInt64 = 0
        /// How much the relay moves that runs, in bytes; 0 without one.
        var slice: UInt64 = 0
        /// Whether its bytes wait for their time.
        var waits = false
    }

    private var up = Lane()
    private var down = Lane()

    /// How often the bytes of a slice that is under way are counted where no pause does it: while they move, and while they do not.
    private static let busyTicks: UInt32 = 10
    private static let idleTicks: UInt32 = 100
    /// How soon a tunnel that begins is looked at.
    package static let firstTicks = busyTicks

    /// Nothing is to be moved.
    package init() {}

    private subscript(way: Way) -> Lane {
        get { way == .up ? up : down }
        set { if way == .up { up = newValue } else { down = newValue } }
    }

    /// Whether bytes of either way wait for their time.
    package var isWaiting: Bool { up.waits || down.waits }

    /// Whether the bytes of a way wait for their time.
    package func waits(_ way: Way) -> Bool { self[way].waits }

    /// Whether something is to be moved behind the relay that runs.
    package func hasMore(_ way: Way) -> Bool { self[way].left > 0 }

    /// So many bytes are to be moved; `.max`: all that come.
    package mutating func begin(_ way: Way, _ count: UInt64) { self[way].left = count }

    /// The next slice, or the pause before it.
    package mutating func next(_ way: Way, _ pace: UsagePace) -> PaceStep {
        if pace.isUsedUp { return .usedUp }
        guard pace.wait == 0 else { return wait(way, pace) }
        let count = min(pace.slice, self[way].left)
        guard count > 0 else { return .nothing }
        if self[way].left != .max { self[way].left -= count }
        self[way].slice = count
        return .move(count)
    }

    /// Whether bytes that have been read may go on, or are to be shown again after a pause.
    package mutating func admit(_ way: Way, _ pace: UsagePace) -> PaceStep {
        if pace.isUsedUp { return .usedUp }
        guard pace.wait == 0 else { return wait(way, pace) }
        self[way].waits = false
        return .nothing
    }

    /// The slice has been moved.
    ///
    /// - Returns: how many bytes it had; 0 where none ran.
    package mutating func moved(_ way: Way) -> UInt64 {
        let slice = self[way].slice
        self[way].slice = 0
        return slice
    }

    /// The time has come to look at the counts.
    ///
    /// - Parameter isIdle: whether nothing has passed since the last time.
    package mutating func ticked(_ pace: UsagePace, isIdle: Bool) -> PaceTick {
        if pace.isUsedUp { return .usedUp }
        guard isWaiting else { return .runs(isIdle ? Pacer.idleTicks : Pacer.busyTicks) }
        guard pace.wait == 0 else { return .pause(Pacer.ticks(pace)) }
        let waited = (up: up.waits, down: down.waits)
        up.waits = false
        down.waits = false
        return .goesOn(up: waited.up, down: waited.down)
    }

    /// Nothing more is moved this way.
    package mutating func stop(_ way: Way) { self[way] = Lane() }

    private mutating func wait(_ way: Way, _ pace: UsagePace) -> PaceStep {
        self[way].waits = true
        return .pause(Pacer.ticks(pace))
    }

    /// A pause in ticks: rounded down, for the reactor adds the tick that is under way; looked at again every second, when others may have
    /// ended.
    private static func ticks(_ pace: UsagePace) -> UInt32 { UInt32(min(pace.wait / 100_000, 10)) }
}
