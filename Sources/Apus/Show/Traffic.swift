public import ApusFlow
public import ApusReport

/// What a server has counted, all threads together.
public struct Traffic: Sendable, Equatable {
    /// The sums and gauges.
    public var counters = TrafficCounters()
    /// The hosts of the last five minutes that came most often.
    public var hosts: [FrequentName] = []
    /// The users of the last five minutes that came most often.
    public var users: [FrequentName] = []
    /// What is counted of each rule since the start, by its name or place; `no rule` where none matched.
    public var ruleCounts: [String: RuleCounts] = [:]
    /// How often each rule decided since the start, by its name or place; `no rule` where none matched.
    public var rules: [String: UInt64] { ruleCounts.mapValues(\.decided) }
    /// How often each list made a rule decide since the start, by its name.
    public var lists: [String: UInt64] = [:]
    /// Reloads of the settings since the start.
    public var reloads = Reloads()
    /// Access lines that were dropped: the log was not there, or took them too slowly.
    public var droppedLogLines: UInt64 = 0
    /// How many threads have answered; fewer than there are when one was too busy for a second or has drained, whose sums are those
    /// of its last answer, or when the server does not run.
    public var threads = 0

    /// Nothing yet.
    public init() {}
}

/// Reloads of the settings since the start.
public struct Reloads: Sendable, Equatable {
    /// How many put new settings in force.
    public var succeeded: UInt64 = 0
    /// How many had a fault, so that the old settings stayed in force.
    public var failed: UInt64 = 0
    /// Whether the last one succeeded; true before the first.
    public var hasLastSucceeded = true
    /// When the last one ended, in seconds since 1970; nil before the first.
    public var lastAt: Int64?
    /// Since when the settings are in force, in seconds since 1970; nil for since the start.
    public var inForceSince: Int64?
    /// Why the last one failed, in lines; nil where it did not, or nobody has said.
    public var fault: String?

    /// None yet.
    public init() {}

    mutating func end(with fault: String?, succeeded hasSucceeded: Bool, at now: Int64) {
        lastAt = now
        hasLastSucceeded = hasSucceeded
        self.fault = hasSucceeded ? nil : fault
        if hasSucceeded {
            succeeded += 1
            inForceSince = now
        } else {
            failed += 1
        }
    }
}

/// What ended lately.
public struct RecentTraffic: Sendable {
    /// The records, the oldest first.
    public var records: [AccessRecord] = []
    /// How many ended behind the mark, those that are not shown included.
    public var total: UInt64 = 0
    /// Where to go on.
    public var mark = TrafficMark()
}

/// Up to where somebody has seen what ended.
public struct TrafficMark: Sendable, Equatable {
    var added: [Int: UInt64] = [:]

    /// Nothing has been seen.
    public init() {}
}

/// What runs.
public struct OpenTraffic: Sendable {
    /// The oldest ones, the oldest first.
    public var transactions: [OpenTransaction] = []
    /// How many there are.
    public var total = 0
}
