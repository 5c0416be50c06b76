import ApusPolicy
import Testing

@Suite("limits in words")
struct UsageLimitTests {
    @Test("each bound is named with its period, and who shares the count")
    func words() {
        var limit = UsageLimit()
        #expect(limit.description == "by user")
        limit.requests = .init(50, per: 1_000_000)
        limit.connections = 20
        limit.tunnels = 5
        limit.bandwidth = .init(10_000_000, per: 1_000_000)
        limit.volume = .init(5_000_000_000, per: 86_400_000_000)
        limit.key = .client
        #expect(
            limit.description
                == "requests 50/s, connections 20, tunnels 5, bandwidth 10MB/s, volume 5GB/day, by client"
        )
    }

    @Test("a client that is over it is told the bound, where clients may know it, and when it may come again")
    func refusals() {
        var limit = UsageLimit()
        limit.requests = .init(50, per: 1_000_000)
        limit.volume = .init(5_000_000, per: 3_600_000_000)
        limit.tunnels = 5
        #expect(limit.words(.volumeLimit, wait: 894, tells: true) == " The limit is 5MB/hour; try again in 14m54s.")
        #expect(limit.words(.volumeLimit, wait: 894, tells: false) == " Try again in 14m54s.")
        #expect(limit.words(.requestRateLimit, wait: 1, tells: true) == " The limit is 50/s; try again in 1s.")
        #expect(limit.words(.userTunnelLimit, wait: 0, tells: true) == " The limit is 5.")
        #expect(limit.words(.userTunnelLimit, wait: 0, tells: false) == "")
        #expect(limit.words(.usageTableFull, wait: 0, tells: true) == "")
    }

    @Test(
        "periods have their usual names",
        arguments: [(1, "s"), (60, "min"), (3600, "hour"), (86_400, "day"), (604_800, "week"), (90, "90s")]
    )
    func periods(seconds: UInt64, name: String) {
        var limit = UsageLimit()
        limit.requests = .init(1, per: seconds * 1_000_000)
        #expect(limit.description == "requests 1/\(name), by user")
    }
}
