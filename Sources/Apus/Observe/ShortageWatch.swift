internal import ApusReactor

/// One thread's look at the want of descriptors: what it turned away since its last turn is told to all.
struct ShortageWatch {
    private let shared: SharedState
    /// How many connections had been turned away at the end of the last turn.
    private var turnedAway: UInt64 = 0
    /// Whether it has turned connections away in an episode that goes on.
    private var seesEpisode = false

    init(_ shared: SharedState) { self.shared = shared }

    /// A turn is over.
    ///
    /// - Parameter turnedAway: how many connections the thread has turned away in all.
    @inline(__always)
    mutating func turned(_ turnedAway: UInt64, now: UInt64) {
        let count = turnedAway &- self.turnedAway
        // Nearly every turn: what is shared is not touched.
        guard count > 0 || seesEpisode else { return }
        self.turnedAway = turnedAway
        shared.shortages.turned(count, now: now, ceiling: shared.plan.ceiling, shared.log)
        seesEpisode = shared.shortages.isUnderWay
    }
}
