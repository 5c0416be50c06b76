import ApusFlow
import ApusPolicy
import ApusWire
import Testing

@testable import ApusReport

@Suite("Counters of traffic")
struct TrafficCountersTests {
    @Test("an end counts with its method, its phases and its fault") func ended() {
        var counters = TrafficCounters()
        let times = PhaseTimes(decide: 1, lookUp: nil, connect: 200, firstByte: 3000, total: 40_000)
        counters.ended(.get, status: 200, times: times, fault: nil, isTunnel: false)
        counters.ended(.connect, status: 403, times: times, fault: .refused(.rule), isTunnel: true)
        counters.ended(.get, status: 504, times: times, fault: .timeout(.response), isTunnel: false)
        #expect(counters.requests.total == 3)
        #expect(counters.total.count == 2 && counters.total.sum == 80_000)
        #expect(counters.decide.count == 3 && counters.lookUp.count == 0 && counters.connect.sum == 600)
        #expect(counters.refusals == ["\(Refusal.rule.metricLabel)": 1] && counters.refused == 1)
        #expect(counters.errors == ["http_response_timeout": 1] && counters.failed == 1)
    }

    @Test(
        "that credentials were asked for is an outcome of its own; who is asked or refused says nothing of how long it takes"
    )
    func asked() {
        var counters = TrafficCounters()
        for refusal in [Refusal.credentialsMissing, .credentialsInvalid, .credentialsMissing, .rule, .requestRateLimit]
        {
            let times = PhaseTimes(decide: 1, total: 7)
            counters.ended(.get, status: refusal.status, times: times, fault: .refused(refusal), isTunnel: false)
        }
        #expect(counters.asked == 3 && counters.refused == 2 && counters.failed == 0)
        #expect(counters.challenges["\(Refusal.credentialsMissing.metricLabel)"] == 2)
        #expect(counters.total.count == 0 && counters.decide.count == 5)
    }

    @Test("that nobody could decide is an error, and no denial") func undecided() {
        var counters = TrafficCounters()
        let undecided = Refusal.allCases.filter(\.isUndecided)
        for refusal in undecided {
            counters.ended(.get, status: 503, times: PhaseTimes(total: 1), fault: .refused(refusal), isTunnel: false)
        }
        #expect(counters.refused == 0 && undecided.count == 4)
        #expect(counters.errors == ["proxy_internal_error": 4])
    }

    @Test("the counters of threads are added, each one") func sums() {
        var one = TrafficCounters()
        one.clientsAccepted = 1
        one.upstreamsDialed = 2
        one.upstreamsReused = 3
        one.tunnelsOpened = 4
        one.clientsOpen = 5
        one.upstreamsOpen = 6
        one.upstreamsIdle = 7
        one.tunnelsOpen = 8
        one.requestsOpen = 9
        one.bytes = ByteCounts(fromClient: 10, toClient: 11, fromUpstream: 12, toUpstream: 13)
        one.wouldDeny = 14
        one.lookUps = 15
        one.cachedNames = 16
        one.failedLookUps = 17
        one.met(.requestHead)
        one.went(by: "office", "ok")
        one.parentsUp = ["office": true]
        let times = PhaseTimes(decide: 1, lookUp: 1, connect: 1, firstByte: 1, total: 1)
        one.ended(.get, status: 502, times: times, fault: .terminated, isTunnel: false)
        one.ended(.get, status: 403, times: times, fault: .refused(.rule), isTunnel: false)
        one.ended(.get, status: 407, times: times, fault: .refused(.credentialsMissing), isTunnel: false)
        var sum = one
        sum.add(one)
        // Each figure has doubled: no property was forgotten.
        var halves = Mirror(reflecting: one).children.map { "\($0.value)" }
        let doubled = Mirror(reflecting: sum).children.map { "\($0.value)" }
        halves = zip(halves, doubled).filter { $0.0 == $0.1 }.map(\.0)
        // A state is no figure: it stays what it is.
        #expect(halves == ["\(one.parentsUp)"])
        #expect(sum.clientsOpen == 10 && sum.failedLookUps == 34 && sum.bytes.toUpstream == 26)
        #expect(sum.firstByte.count == 6 && sum.errors["connection_terminated"] == 2)
        #expect(sum.ownFaults == ["request_head": 2] && sum.sums.ownFaults == sum.ownFaults)
        // Without the gauges, and with all the rest.
        let rest = one.sums
        #expect(
            [rest.clientsOpen, rest.upstreamsOpen, rest.upstreamsIdle, rest.tunnelsOpen, rest.requestsOpen] == [
                0, 0, 0, 0, 0,
            ]
        )
        var gauges = TrafficCounters()
        (gauges.clientsOpen, gauges.upstreamsOpen, gauges.upstreamsIdle) = (5, 6, 7)
        (gauges.tunnelsOpen, gauges.requestsOpen, gauges.parentsUp) = (8, 9, ["office": true])
        gauges.add(rest)
        #expect(gauges == one)
    }
}
