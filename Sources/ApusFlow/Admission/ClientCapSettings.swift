/// How many connections clients may have.
public struct ClientCapSettings: Sendable, Hashable {
    /// The most connections of one client: 1,024; loopback addresses are exempt. 0: no bound.
    public var perClient: Int
    /// The most client connections in all, as derived from RLIMIT_NOFILE. 0: no bound.
    public var inAll: Int
    /// The most tunnels. 0: no bound.
    public var tunnels: Int
    /// How many bits of an IPv6 address name one client: 64.
    public var bits: UInt8

    /// Makes settings; what is not named has its default.
    public init(perClient: Int = 1_024, inAll: Int = 0, tunnels: Int = 0, bits: UInt8 = 64) {
        self.perClient = perClient
        self.inAll = inAll
        self.tunnels = tunnels
        self.bits = bits
    }
}

/// Whether a client's connection is taken.
public enum Admission: UInt8, Sendable {
    /// It is, and counted until it is released.
    case admitted
    /// This client has as many as it may; nothing was counted.
    case clientFull
    /// There are as many as there may be; nothing was counted.
    case full
}
