import ApusPolicy
import ApusSamples
import ApusWire
import Testing

@Suite("How much of a limit is used")
struct UsageLevelTests {
    private let now = UsageMoment(now: 1, unix: 1000)

    private func key(_ limit: UInt32, _ client: UInt32) -> UsageKey {
        UsageKey(limit: limit, shares: .client, client: IPAddress(v4: client), user: nil)
    }

    private func table() -> UsageTable {
        var table = UsageTable(capacity: 16)
        var limit = UsageLimit()
        limit.connections = 4
        limit.volume = .init(1000, per: 86_400_000_000)
        var rate = UsageLimit()
        rate.requests = .init(5, per: 1_000_000)
        table.setBounds([UsageBounds(limit), UsageBounds(rate)])
        return table
    }

    @Test("it is that of the count that is nearest to its bound, and of no other limit") func nearest() throws {
        var table = table()
        expect(table.level(limit: 0, at: now) == UsageLevel())
        let first = try table.admit(key(0, 1), isTunnel: false, at: now).get()
        _ = try table.admit(key(0, 2), isTunnel: false, at: now).get()
        _ = try table.admit(key(0, 2), isTunnel: false, at: now).get()
        _ = try table.admit(key(1, 9), isTunnel: false, at: now).get()
        var level = table.level(limit: 0, at: now)
        expect(level.keys == 2 && level.bound == .connections && level.used == 2 && level.most == 4)
        expect(level.key?.client == IPAddress(v4: 2))
        _ = table.spend(first, bytes: 900, at: now)
        level = table.level(limit: 0, at: now)
        expect(level.bound == .volume && level.used == 900 && level.most == 1000)
        expect(level.key?.client == IPAddress(v4: 1))
        // The next day has a volume of its own.
        level = table.level(limit: 0, at: UsageMoment(now: 2, unix: 100_000))
        expect(level.bound == .connections)
        let rate = table.level(limit: 1, at: now)
        expect(rate.keys == 1 && rate.bound == nil)
    }

    @Test("parts are added, and a user is known by the name's hashes alone") func parts() throws {
        var table = table()
        let anna = UserDigest(Array("anna".utf8).span)
        let user = UsageKey(limit: 0, shares: .user, client: IPAddress(v4: 7), user: anna)
        for _ in 0..<3 { _ = try table.admit(user, isTunnel: false, at: now).get() }
        var other = self.table()
        _ = try other.admit(key(0, 1), isTunnel: false, at: now).get()
        var sum = other.level(limit: 0, at: now)
        sum.add(table.level(limit: 0, at: now))
        sum.add(UsageLevel())
        expect(sum.keys == 2 && sum.used == 3 && sum.key?.client == nil)
        expect(sum.key?.isOf(anna) == true && sum.key?.isOf(UserDigest(Array("bo".utf8).span)) == false)
    }
}
