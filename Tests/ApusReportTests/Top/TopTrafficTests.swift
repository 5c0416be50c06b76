import Testing

@testable import ApusReport

@Suite("Who uses it, for what and how much")
struct TopTrafficTests {
    @Test("what threads hand over is added, addresses as text") func sums() {
        var traffic = TopTraffic(now: 50)
        for thread in 0..<2 {
            var tally = TopTally(seed: UInt64(thread))
            tally.clients.add(high: 0, low: 0xc0a8_0107, isV6: false, bytes: 10, isRefused: false)
            // The same client by way of a dual-stack listener.
            tally.clients.add(high: 0, low: 0xffff_c0a8_0107, isV6: true, bytes: 10, isRefused: true)
            tally.hosts.add(Array("a.example".utf8).span, bytes: 10, isRefused: false)
            tally.users.add(Array("anna".utf8).span, bytes: 10, isRefused: false)
            traffic.add(tally, at: 51)
        }
        let clients = traffic.ranking(.clients, .minute, by: .bytes, limit: 9, at: 52)
        #expect(clients.rows.map(\.name) == ["192.168.1.7"])
        #expect(clients.rows[0].count == TopCount(requests: 4, refused: 2, bytes: 40))
        #expect(traffic.ranking(.hosts, .start, by: .requests, limit: 9, at: 52).rows.map(\.name) == ["a.example"])
        #expect(traffic.ranking(.users, .hour, by: .requests, limit: 9, at: 52).rows[0].count.requests == 2)
    }

    @Test("of rules it is told the sums, and counts what is new") func rules() {
        var traffic = TopTraffic(now: 0)
        var ads = RuleCounts()
        (ads.decided, ads.refused, ads.bytes) = (3, 3, 600)
        var trial = RuleCounts()
        trial.wouldRefuse = 2
        traffic.take(["ads": ads, "trial": trial], at: 1)
        ads.decided = 5
        traffic.take(["ads": ads, "trial": trial], at: 100)
        let minute = traffic.ranking(.rules, .minute, by: .requests, limit: 9, at: 101)
        #expect(minute.rows.map(\.name) == ["ads"] && minute.rows[0].count.requests == 2)
        let start = traffic.ranking(.rules, .start, by: .requests, limit: 9, at: 101)
        #expect(start.rows.map(\.count) == [TopCount(requests: 5, refused: 3, bytes: 600), TopCount(requests: 2)])
    }

    @Test("with the history it takes at most 512 KiB, whatever names come") func memory() {
        var traffic = TopTraffic(now: 0)
        var state: UInt64 = 3
        for step in 0..<450 {
            let second = step * 10
            var tally = TopTally(seed: 1)
            var rules: [String: RuleCounts] = [:]
            for _ in 0..<(step % 90 == 0 ? 1200 : 30) {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                let name = Array("\(state % 9000).a-name-of-some-length.example".utf8)
                tally.clients.add(high: state, low: state >> 3, isV6: true, bytes: state >> 50, isRefused: false)
                tally.users.add(name.span, bytes: 1, isRefused: false)
                tally.hosts.add(name.span, bytes: 1, isRefused: false)
                var counts = RuleCounts()
                counts.decided = 1
                rules["rule \(state % 5000)"] = counts
            }
            traffic.add(tally, at: Int64(second))
            traffic.take(rules, at: Int64(second))
        }
        var history = TrafficHistory()
        for _ in 0..<5000 { history.add(TrafficPoint()) }
        #expect(traffic.memory + history.memory <= 512 << 10, "\(traffic.memory) and \(history.memory)")
        #expect(traffic.memory > 200 << 10)
    }
}
