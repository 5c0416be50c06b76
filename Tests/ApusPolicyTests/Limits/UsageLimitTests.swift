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
