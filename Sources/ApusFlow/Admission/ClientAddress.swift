public import ApusWire

/// Who is at the other end of a client's connection, for rules, records, caps and hints: the one answer that all of them use.
///
/// Where a balancer announces clients by the PROXY protocol it is the address in the header, not the socket's. Who comes by such a
/// listener is never local, whatever the address says: nothing that this machine's own programs may is theirs.
public struct ClientAddress: Sendable, Hashable, BitwiseCopyable {
    /// How it is known.
    public enum Way: UInt8, Sendable, BitwiseCopyable {
        /// It is the socket's other end.
        case direct
        /// It is a balancer's, whose header has not come yet.
        case awaited
        /// A balancer's header says so.
        case announced
        /// It is the other end of a socket where clients are announced, which speaks for itself: a balancer's own check, or a stranger.
        case unannounced
    }

    // In this order, and not as an `IPAddress`, so that it is as large as a socket's address: there may be many tunnels.
    private let high: UInt64
    private let low: UInt64
    /// The port.
    public let port: UInt16
    private let family: IPAddress.Family
    /// How it is known.
    public let way: Way

    /// A client by its address.
    public init(_ ip: IPAddress, port: UInt16, way: Way = .direct) {
        high = ip.high
        low = ip.low
        family = ip.family
        self.port = port
        self.way = way
    }

    /// The address, as rules judge it.
    public var ip: IPAddress {
        switch family {
        case .v4: IPAddress(v4: UInt32(truncatingIfNeeded: low))
        case .v6: IPAddress(v6High: high, low: low)
        }
    }

    /// Whether it is on this machine for certain: it may be told how a refusal is lifted.
    public var isLocal: Bool { way == .direct && ip.isLoopback }

    /// Whether somebody else is at the other end of the socket.
    public var isAnnounced: Bool { way == .announced }

    /// What its connections are counted under; nil for one that is not counted: on loopback many users' programs share one address, and
    /// a balancer's are those of its clients.
    ///
    /// - Parameter bits: how many bits of an IPv6 address name a client.
    public func counted(bits: UInt8) -> IPAddress? {
        isLocal || way == .awaited ? nil : ip.counted(bits: bits)
    }

    /// As records show it, without the port.
    public var text: String { ip.unmapped.description }
}
