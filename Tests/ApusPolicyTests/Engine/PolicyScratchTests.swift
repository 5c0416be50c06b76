import ApusPolicy
import ApusSamples
import ApusWire
import Testing

@Suite("a thread's scratch")
struct PolicyScratchTests {
    @Test("one that was made for another policy takes the size of the one that is asked, and remembers no answer")
    func grows() throws {
        let small = try PolicyAsker(PolicyRules(.allow()))
        var rules = PolicyRules()
        rules.lists = ["ads": HostList(names: ["a.example"])]
        rules.rules = (0..<200).map { number in .deny { $0.ports = [UInt16(1_000 + number)...UInt16(1_000 + number)] } }
        rules.rules.append(.deny { $0.hosts = [.list("ads")] })
        rules.rules.append(.allow { $0.times = [TimeWindow()] })
        var big = try PolicyAsker(rules)
        big.scratch = small.scratch
        #expect(big.decide(.ask("a.example")) == Decision(.deny, rule: 200))
        #expect(big.decide(.ask("b.example")) == Decision(.allow, rule: 201))
        #expect(big.decide(.ask("b.example", port: 1_199)) == Decision(.deny, rule: 199))
        #expect(big.decide(.ask("a.example")) == Decision(.deny, rule: 200))
        #expect(big.scratch.listHits == [2])
        var again = small
        again.scratch = big.scratch
        #expect(again.decide(.ask("a.example")) == Decision(.allow, rule: 0))
    }
}
