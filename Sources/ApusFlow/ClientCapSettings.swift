/// How many connections clients may have.
public struct ClientCapSettings: Sendable, Hashable {
    /// The most connections of one client address: 1,024; loopback addresses are exempt. 0: no bound.
    public var perClient: Int
    /// The most client connections in all, as derived from RLIMIT_NOFILE. 0: no bound.
    public var inAll: Int
    /// The most tunnels. 0: no bound.
    public var tunnels: Int

    /// Makes settings; what is not named has its default.
    public init(perClient: Int = 1_024, inAll: Int = 0, tunnels: Int = 0) {
        self.perClient = perClient
        self.inAll = inAll
        self.tunnels = tunnels
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
