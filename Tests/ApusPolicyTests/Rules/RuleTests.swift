import ApusPolicy
import ApusSamples
import Testing

@Suite("rules")
struct RuleTests {
    @Test("a rule is known by its name, else by its place")
    func label() {
        #expect(Rule(.deny(Rejection()), name: "no ads").label(index: 4) == "no ads")
        #expect(Rule.allow().label(index: 4) == "rule 5")
    }
}
