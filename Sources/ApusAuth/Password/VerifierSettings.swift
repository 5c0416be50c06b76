/// How many passwords are verified at a time, and how many wait.
public struct VerifierSettings: Sendable, Hashable {
    /// The most threads: by default 2, since each keeps a core busy; at least 1. They run only while passwords wait.
    public var threads: Int
    /// The most passwords that wait for a thread: 256, which at 20 ms each is what two threads work off in the 5 s that a client
    /// waits.
    public var waiting: Int
    /// How long a password may wait; after that nobody waits for it any more: 5 s. What could not be in time is not taken in.
    public var deadline: Duration
    /// How many bits of an IPv6 address name one client, each of whom has its turn: 64, as `ProxyConfiguration.Limits.ipv6Prefix`,
    /// with which it should agree; 1 to 128.
    public var ipv6Prefix: Int

    /// Makes settings; what is not named has its default.
    public init(threads: Int = 2, waiting: Int = 256, deadline: Duration = .seconds(5), ipv6Prefix: Int = 64) {
        self.threads = max(1, threads)
        self.waiting = max(1, waiting)
        self.deadline = deadline
        self.ipv6Prefix = min(max(1, ipv6Prefix), 128)
    }

    /// The deadline, in microseconds.
    var microseconds: UInt64 {
        let (seconds, attoseconds) = deadline.components
        return UInt64(max(0, min(seconds, 1 << 40))) * 1_000_000 + UInt64(max(0, attoseconds) / 1_000_000_000_000)
    }
}
