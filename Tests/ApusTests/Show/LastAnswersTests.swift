import ApusFlow
import Testing

@testable import Apus

@Suite("What threads have counted that do not answer")
struct LastAnswersTests {
    private func answer(_ thread: Int, requests: Int, open: Int = 0) -> WorkerReport {
        var counters = TrafficCounters()
        for _ in 0..<requests {
            counters.ended(.get, status: 200, times: PhaseTimes(total: 1), fault: nil, isTunnel: false)
        }
        counters.clientsOpen = open
        var answer = WorkerReport(thread: thread)
        answer.counters = counters
        var counts = RuleCounts()
        counts.decided = UInt64(requests)
        answer.rules = ["a": counts]
        return answer
    }

    private func sum(_ answers: [WorkerReport]) -> TrafficCounters {
        answers.reduce(into: TrafficCounters()) { sum, answer in
            if let counters = answer.counters { sum.add(counters) }
        }
    }

    @Test("a thread that is too busy keeps its sums, not its gauges") func busy() {
        let last = LastAnswers()
        #expect(last.completed([answer(0, requests: 5, open: 2), answer(1, requests: 7, open: 3)]).count == 2)
        let now = last.completed([answer(0, requests: 6, open: 1)])
        #expect(sum(now).requests.total == 13 && sum(now).clientsOpen == 1)
        #expect(now.map { $0.rules["a"]?.decided } == [6, 7])
        let later = last.completed([answer(0, requests: 6), answer(1, requests: 9)])
        #expect(sum(later).requests.total == 15)
    }

    @Test("a thread that ends leaves all that it has counted, and is not waited for") func ended() {
        let last = LastAnswers()
        _ = last.completed([answer(0, requests: 5), answer(1, requests: 7)])
        #expect(last.ended == 0)
        last.end(answer(1, requests: 8))
        #expect(last.ended == 1)
        #expect(sum(last.completed([answer(0, requests: 5)])).requests.total == 13)
        // An answer from before its end comes late.
        #expect(sum(last.completed([answer(1, requests: 7)])).requests.total == 12)
        #expect(sum(last.completed([answer(0, requests: 5)])).requests.total == 13)
    }

    @Test("of two answers that come in the other order the newer one stays") func order() {
        let last = LastAnswers()
        _ = last.completed([answer(0, requests: 9)])
        _ = last.completed([answer(0, requests: 8)])
        #expect(sum(last.completed([])).requests.total == 9)
    }
}
