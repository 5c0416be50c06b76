import ApusAdvice
import ApusPolicy
import ApusSamples
import ApusWire
import Testing

/// That the compiled policy agrees is tested with that one.
@Suite("explanations of the name inside a tunnel")
struct PolicyRulesInsideTests {
    private let tunnel = PolicyQuestion.ask("good.example", "CONNECT", port: 443, address: "203.0.113.5")
    private let rules = PolicyRules(
        .allow { $0.hosts = [.name("good.example")] },
        .deny { $0.hosts = [.under("bad.example")] },
        .allow()
    )

    @Test("is held against what the rule that allowed the outside leaves") func measures() {
        #expect(rules.measure(tunnel, allowedBy: 0, holdsPlain: true) == .host)
        #expect(rules.measure(.ask("203.0.113.5", "CONNECT", port: 443), allowedBy: 2, holdsPlain: true) == .rulesInTLS)
        #expect(rules.measure(.ask("good.example"), allowedBy: 2, holdsPlain: true) == .nothing)
        #expect(PolicyRules(.allow()).measure(tunnel, allowedBy: 0, holdsPlain: true) == .nothingInTLS)
        #expect(PolicyRules(.allow(tls: .any)).measure(tunnel, allowedBy: 0, holdsPlain: true) == .nothing)
    }

    @Test("is denied by the rule that would deny it outside, and by nothing else") func decisions() {
        let other = PolicyQuestion.ask("other.example", "CONNECT", port: 443, address: "203.0.113.5")
        #expect(rules.decideInside(other, name: "a.bad.example", allowedBy: 2) == Decision(.deny, rule: 1))
        for name in ["good.example", "other.example", "bad.example"] {
            #expect(rules.decideInside(other, name: name, allowedBy: 2) == Decision(.allow, rule: 2), "\(name)")
        }
    }
}
