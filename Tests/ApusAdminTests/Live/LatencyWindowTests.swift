import ApusFlow
import ApusReport
import ApusWire
import Testing

@testable import ApusAdmin

@Suite("Latencies of a minute")
struct LatencyWindowTests {
    private func counters(_ requests: Int, micros: Int64) -> TrafficCounters {
        var counters = TrafficCounters()
        for _ in 0..<requests {
            let times = PhaseTimes(decide: 1, connect: 2, firstByte: 3, total: micros)
            counters.ended(.get, status: 200, times: times, fault: nil, isTunnel: false)
        }
        return counters
    }

    @Test("what ended more than a minute ago, and five seconds, is in it no more") func minute() {
        var window = LatencyWindow()
        let slow = counters(10, micros: 1_000_000)
        for second in 1...20 {
            let (sums, span) = window.take(slow, uptime: Int64(second) * 1_000_000)
            #expect(sums.total.count == 10 && span == Int64(second) * 1_000_000)
        }
        var both = slow
        both.add(counters(5, micros: 100))
        for second in 21...65 { _ = window.take(both, uptime: Int64(second) * 1_000_000) }
        for second in 66...100 {
            let (sums, span) = window.take(both, uptime: Int64(second) * 1_000_000)
            #expect(
                sums.total.count <= 5 && sums.decide.count == sums.total.count && span >= 60_000_000
                    && span < 66_000_000
            )
        }
        let (sums, _) = window.take(both, uptime: 101_000_000)
        #expect(sums.total.count == 0 && sums.total.quantile(0.5) == nil)
    }
}
