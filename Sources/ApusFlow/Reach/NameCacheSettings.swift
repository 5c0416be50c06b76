/// How long names are remembered, and how many.
public struct NameCacheSettings: Sendable, Hashable {
    /// Microseconds an answer with addresses is fresh: 60 s, because getaddrinfo does not tell the records' TTL; as in
    /// browsers that use it (Chromium, Firefox). 0: never kept.
    public var positive: UInt64
    /// Microseconds a failure is fresh: 5 s, the most RFC 2308 §7 would allow for several of them being 5 minutes; it
    /// shall only spare the name server a busy client's repetitions. 0: never kept.
    public var negative: UInt64
    /// The most names of a thread, the ones being looked up among them: 4,096 (Squid's `ipcache_size`: 1,024).
    public var maxEntries: Int
    /// The most look-ups under way at a time, however few names are kept: as many as entries, and 1,024 at least.
    public var maxUnderWay: Int

    /// Makes settings; what is not named has its default.
    public init(
        positive: UInt64 = 60_000_000,
        negative: UInt64 = 5_000_000,
        maxEntries: Int = 4_096,
        maxUnderWay: Int? = nil
    ) {
        self.positive = positive
        self.negative = negative
        self.maxEntries = maxEntries
        self.maxUnderWay = maxUnderWay ?? max(maxEntries, 1_024)
    }
}
