import ApusPolicy
import ApusSamples
import Testing

@Suite("rules and the names of listeners") struct PolicyRulesListenersTests {
    @Test("a rule that says the address of a listener means the same as one that says its name, in exceptions too")
    func naming() throws {
        var rules = PolicyRules()
        rules.rules = [
            Rule(.deny(Rejection()), when: Condition { $0.listeners = ["127.0.0.1:1", "edge", "127.0.0.1:2"] }),
            Rule(
                .allow(Permission()),
                when: Condition { $0.exceptions = [Condition { $0.listeners = ["127.0.0.1:1"] }] }
            ),
        ]
        let named = rules.naming(listeners: ["127.0.0.1:1": "edge"])
        #expect(named.rules[0].condition.listeners == ["edge", "edge", "127.0.0.1:2"])
        #expect(named.rules[1].condition.exceptions[0].listeners == ["edge"])
        #expect(rules.naming(listeners: [:]) == rules)
    }
}
