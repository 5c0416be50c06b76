import ApusAdvice
import ApusPolicy
import ApusSamples
import ApusWire
import Testing

@Suite("the compiled policy and the naive reading agree")
struct PolicyIndexTests {
    @Test("random small policies decide random requests as they are explained", arguments: 0..<4)
    func small(seed: UInt64) throws {
        try agree(policies: 200, questions: 25, most: 8, seed: seed)
    }

    @Test("so do long ones, whose rules fill several words")
    func long() throws {
        try agree(policies: 12, questions: 60, most: 300, seed: 99)
    }

    private func agree(policies: Int, questions: Int, most: Int, seed: UInt64) throws {
        var dice = PolicyDice(seed: seed &* 7_919 &+ 1)
        for _ in 0..<policies {
            let rules = dice.rules(most: most)
            var asker = try PolicyAsker(rules, listeners: PolicyDice.listeners)
            for _ in 0..<questions {
                let question = dice.question()
                let explanation = rules.explain(question)
                let decision = asker.decide(question)
                try #require(decision == explanation.decision, "\(question)\n\(explanation)\n\(rules)")
                guard decision.outcome == .allow || decision.outcome == .lookUp else { continue }
                try #require(asker.limits(question) == explanation.limits, "\(question)\n\(rules)")
            }
        }
    }

    @Test("every outcome, limits and reports occur among the random ones")
    func coverage() throws {
        var dice = PolicyDice(seed: 5)
        var outcomes: [Decision.Outcome: Int] = [:]
        var limited = 0
        var reported = 0
        for _ in 0..<2_000 {
            let decision = dice.rules().explain(dice.question()).decision
            outcomes[decision.outcome, default: 0] += 1
            limited += decision.isLimited ? 1 : 0
            reported += decision.wouldDeny == Decision.noRule ? 0 : 1
        }
        #expect(outcomes.values.allSatisfy { $0 > 50 } && outcomes.count == 4, "\(outcomes)")
        #expect(limited > 20 && reported > 50, "\(limited) \(reported)")
    }
}
