import ApusPolicy
import Testing

@testable import ApusAdvice

@Suite("Learned coverage")
struct LearnedCoverageTests {
    private func coverage(_ patterns: HostPattern..., users: [String] = [], isTunnel: Bool = true) -> LearnedCoverage {
        let right = LearnedPolicy.Grant.Right(users: users, isTunnel: isTunnel, ports: [443, 8443])
        return LearnedCoverage([.init(right: right, entries: patterns.map { .init(pattern: $0) })])
    }

    private func request(_ host: String, isTunnel: Bool = true, port: UInt16 = 443, user: String? = nil)
        -> ObservedRequest
    {
        ObservedRequest("GET", isTunnel: isTunnel, host: host, port: port, user: user)
    }

    @Test("a pattern covers names under it, a name itself")
    func patterns() {
        let coverage = coverage(.name("one.test"), .under("x.example"))
        for host in ["one.test", "a.x.example", "a.b.x.example"] { #expect(coverage.covers(request(host)), "\(host)") }
        for host in ["a.one.test", "x.example", "ax.example", "example", "192.0.2.1"] {
            #expect(!coverage.covers(request(host)), "\(host)")
        }
        let right = LearnedPolicy.Grant.Right(isTunnel: true, ports: [443])
        #expect(coverage.find(.under("y.x.example"), for: right)?.entry == 1)
        #expect(coverage.find(.under("x.example"), for: right)?.entry == 1)
        #expect(coverage.find(.under("one.test"), for: right) == nil)
    }

    @Test("users, ports, tunnels and the exception to the guard count")
    func rights() {
        let anna = coverage(.name("one.test"), users: ["anna"])
        #expect(anna.covers(request("one.test", user: "anna")))
        #expect(!anna.covers(request("one.test", user: "bo")))
        #expect(!anna.covers(request("one.test")))
        let all = coverage(.name("one.test"), isTunnel: false)
        #expect(all.covers(request("one.test", isTunnel: false, port: 8443, user: "anna")))
        #expect(!all.covers(request("one.test", isTunnel: false, port: 80)))
        #expect(!all.covers(request("one.test")))
        var inner = request("one.test", isTunnel: false)
        inner.isPrivate = true
        #expect(!all.covers(inner))
    }
}
