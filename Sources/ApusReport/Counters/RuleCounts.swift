/// What is counted of a rule since the start.
public struct RuleCounts: Sendable, Equatable {
    /// Requests and tunnels that it decided.
    public var decided: UInt64 = 0
    /// Those among them that it refused.
    public var refused: UInt64 = 0
    /// Those that its limit refused.
    public var limited: UInt64 = 0
    /// Those that it would have refused, did it not only report.
    public var wouldRefuse: UInt64 = 0
    /// What passed of those that it decided, both ways, in bytes.
    public var bytes: UInt64 = 0
    /// When the last of all these ended, in microseconds since 1970; 0 for none.
    public var lastAt: Int64 = 0

    /// Nothing yet.
    public init() {}

    /// Adds what another thread has counted.
    public mutating func add(_ other: RuleCounts) {
        decided &+= other.decided
        refused &+= other.refused
        limited &+= other.limited
        wouldRefuse &+= other.wouldRefuse
        bytes &+= other.bytes
        lastAt = max(lastAt, other.lastAt)
    }

    /// How often it had a say.
    public var matches: UInt64 { decided &+ limited &+ wouldRefuse }

    /// The same as rankings count it.
    package var top: TopCount { TopCount(requests: matches, refused: refused &+ limited, bytes: bytes) }
}
