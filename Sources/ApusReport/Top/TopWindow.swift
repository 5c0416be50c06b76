/// Over which time a ranking is.
public enum TopWindow: String, Sendable, CaseIterable {
    /// The last minute: what runs in tens of seconds is whole, so that it may be up to ten seconds more.
    case minute = "1m"
    /// The last five minutes, and up to one more.
    case fiveMinutes = "5m"
    /// The last hour, and up to ten minutes more.
    case hour = "1h"
    /// Since the start.
    case start
}

/// By what a ranking is.
public enum TopMeasure: String, Sendable, CaseIterable {
    /// By requests and tunnels.
    case requests
    /// By bytes both ways.
    case bytes
    /// By refusals.
    case refused

    /// It, of a count.
    package func of(_ count: TopCount) -> UInt64 {
        switch self {
        case .requests: count.requests
        case .bytes: count.bytes
        case .refused: count.refused
        }
    }
}

/// The first of a ranking, in order.
public struct TopRanking: Sendable, Equatable {
    /// One of them.
    public struct Row: Sendable, Equatable {
        /// An address, a user, a host, a rule's name or place.
        public let name: String
        /// What was counted, at least.
        public let count: TopCount
        /// What may be missing at most, where there were more than can be kept apart.
        public let missing: TopCount
    }

    /// The rows.
    public let rows: [Row]
    /// How many there are to be ranked.
    public let keys: Int
    /// Over how many seconds; up to now.
    public let seconds: Int64
    /// What is counted of all, of those that are not kept apart too.
    public let total: TopCount
}
