/// What is counted of a client, a user, a host or a rule.
public struct TopCount: Sendable, Hashable, BitwiseCopyable {
    /// Requests and tunnels that ended.
    public var requests: UInt64
    /// Those that were refused; that credentials were asked for is no refusal.
    public var refused: UInt64
    /// What passed, both ways, heads included.
    public var bytes: UInt64

    /// Makes a count.
    public init(requests: UInt64 = 0, refused: UInt64 = 0, bytes: UInt64 = 0) {
        self.requests = requests
        self.refused = refused
        self.bytes = bytes
    }

    /// Adds another one.
    public mutating func add(_ other: TopCount) {
        requests &+= other.requests
        refused &+= other.refused
        bytes &+= other.bytes
    }

    /// What was counted since an earlier state.
    package func since(_ earlier: TopCount) -> TopCount {
        TopCount(
            requests: requests &- min(earlier.requests, requests),
            refused: refused &- min(earlier.refused, refused),
            bytes: bytes &- min(earlier.bytes, bytes)
        )
    }

    /// The larger of each.
    package func most(_ other: TopCount) -> TopCount {
        TopCount(
            requests: max(requests, other.requests),
            refused: max(refused, other.refused),
            bytes: max(bytes, other.bytes)
        )
    }

    /// Whether nothing is counted.
    package var isZero: Bool { requests == 0 && refused == 0 && bytes == 0 }

    /// By how much it is kept where there is no room for all: 64 KiB are as much as a request.
    package var weight: UInt64 { requests &+ bytes >> 16 }
}
