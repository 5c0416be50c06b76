/// How many idle upstream connections a thread keeps, and for how long.
public struct UpstreamPoolSettings: Sendable, Hashable {
    /// The most idle connections of one origin: 128, as many as Pingora keeps in all. nginx's examples say 32, but for
    /// a known number of clients: here a burst of 64 clients that comes to rest within one turn of the reactor would
    /// close connections it needs in the next. 0: none is kept.
    public var idlePerOrigin: Int
    /// The most idle connections of this thread: 1,024 a server, to be divided by its threads. 0: none is kept.
    public var idleInAll: Int
    /// Microseconds a connection may stay idle: 60 s, as in Squid (`server_idle_pconn_timeout`) and nginx (upstream
    /// `keepalive_timeout`).
    public var idleTime: UInt64
    /// The most connections of one origin on this thread, idle or not; 0 (as in HAProxy's `maxconn` of a server and
    /// Go's `MaxConnsPerHost`): no bound. The caps on clients already bound it, and a lower one would let one client
    /// that downloads slowly keep all others from a busy origin.
    public var maxConnectionsPerOrigin: Int
    /// The most origins known at once: 16,384; beyond it, and with none to forget, connections are not pooled.
    public var maxOrigins: Int

    /// Makes settings; what is not named has its default.
    public init(
        idlePerOrigin: Int = 128,
        idleInAll: Int = 1_024,
        idleTime: UInt64 = 60_000_000,
        maxConnectionsPerOrigin: Int = 0,
        maxOrigins: Int = 16_384
    ) {
        self.idlePerOrigin = idlePerOrigin
        self.idleInAll = idleInAll
        self.idleTime = idleTime
        self.maxConnectionsPerOrigin = maxConnectionsPerOrigin
        self.maxOrigins = maxOrigins
    }
}
