import Testing

@testable import ApusReport

@Suite("The last hour")
struct TrafficHistoryTests {
    private func point(_ second: Int) -> TrafficPoint {
        var point = TrafficPoint()
        point.time = Int64(second) * 1000
        point.served = Float(second)
        point.refused = 1
        point.p50 = Float(second)
        return point
    }

    @Test("five minutes by the second, an hour by ten seconds") func spans() {
        var history = TrafficHistory()
        for second in 0..<5005 { history.add(point(second)) }
        #expect(history.seconds.count == 300 && history.seconds.map(\.time).last == 5_004_000)
        let steps = history.steps
        #expect(steps.count == 361 && steps.first?.time == 1_409_000)
        // The last one is of the five seconds that have begun it.
        #expect(steps.last?.served == 5002 && steps.last?.p50 == 5004 && steps.last?.refused == 1)
        #expect(steps.dropLast().last?.served == 4994.5)
    }

    @Test("requests are all that ended, whatever became of them") func requests() {
        var point = TrafficPoint()
        (point.served, point.refused, point.asked, point.failed) = (1, 2, 3, 4)
        #expect(point.requests == 10 && TrafficPoint([point, TrafficPoint()]).requests == 5)
    }
}
