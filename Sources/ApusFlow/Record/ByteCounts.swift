/// What passed over the two connections for one request or tunnel, in bytes, heads and framing included.
public struct ByteCounts: Sendable, Equatable {
    /// Read from the client.
    public var fromClient: UInt64
    /// Sent to the client.
    public var toClient: UInt64
    /// Read from the upstream.
    public var fromUpstream: UInt64
    /// Sent to the upstream.
    public var toUpstream: UInt64

    /// Makes counts.
    public init(fromClient: UInt64 = 0, toClient: UInt64 = 0, fromUpstream: UInt64 = 0, toUpstream: UInt64 = 0) {
        self.fromClient = fromClient
        self.toClient = toClient
        self.fromUpstream = fromUpstream
        self.toUpstream = toUpstream
    }

    /// Adds other counts.
    public mutating func add(_ other: ByteCounts) {
        fromClient &+= other.fromClient
        toClient &+= other.toClient
        fromUpstream &+= other.fromUpstream
        toUpstream &+= other.toUpstream
    }
}
