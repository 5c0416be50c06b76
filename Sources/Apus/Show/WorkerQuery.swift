/// What somebody wants to know of a thread, or have done; put into its mailbox, answered by a value.
struct WorkerQuery: Sendable {
    /// Which transactions that are over.
    struct Past: Sendable {
        /// Those that were refused or failed only.
        var notable = false
        /// Behind the first so many, by the thread's number.
        var since: [Int: UInt64] = [:]
        /// And not behind so many; a thread that is not named shows its newest.
        var before: [Int: UInt64] = [:]
        var limit = 0
        var heads = false
    }

    var counters = false
    var past: Past?
    /// The id of one that is over, with its heads.
    var find: UInt64?
    /// How many of those that run.
    var open = 0
    /// The id of one that runs and is to be ended.
    var end: UInt64?
}

/// What a thread answers.
struct WorkerReport: Sendable {
    let thread: Int
    var counters: TrafficCounters?
    var rules: [String: RuleCounts] = [:]
    var lists: [String: UInt64] = [:]
    var past: [RawTransaction] = []
    /// How many were ever added to the ring that was asked for.
    var added: UInt64 = 0
    /// How many were added to it before the first that is told.
    var first: UInt64 = 0
    var open: [OpenTransaction] = []
    var openTotal = 0
    var hasEnded = false
}

/// A transaction as it leaves its thread; its heads as they were recorded, secrets included.
struct RawTransaction: Sendable {
    let record: AccessRecord
    /// By the clock of the reactors.
    let endedAt: UInt64
    var request: [UInt8]?
    var response: [UInt8]?
    var requestBody: RecordedBody?
    var responseBody: RecordedBody?
}
