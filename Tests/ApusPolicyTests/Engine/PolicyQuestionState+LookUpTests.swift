import ApusAdvice
import ApusPolicy
import ApusSamples
import ApusWire
import Testing

@Suite("whether a name is looked up")
struct PolicyQuestionStateLookUpTests {
    /// By the policy itself, asked with an address of every part that the dice's networks make.
    @Test(
        "for random policies: refused only where every address is, asked first where one asks, else some address is served"
    )
    func everyAddress() throws {
        var dice = PolicyDice(seed: 71)
        var counts: [Decision.Outcome: Int] = [:]
        for _ in 0..<4_000 {
            let rules = dice.rules(most: 10)
            var asker = try PolicyAsker(rules, listeners: PolicyDice.listeners)
            for _ in 0..<4 {
                var question = dice.question()
                guard IPAddress(question.host) == nil else { continue }
                question.address = nil
                let decision = asker.decide(question)
                let all = PolicyDice.edges.map { address in
                    question.address = address
                    return asker.decide(question)
                }
                let outcomes = Set(all.map(\.outcome))
                #expect(!outcomes.contains(.lookUp))
                let isRight =
                    switch decision.outcome {
                    case .lookUp: outcomes.contains(.allow) && !outcomes.contains(.authenticate)
                    case .authenticate: outcomes.contains(.authenticate)
                    // A limit may depend on the address of what is allowed.
                    case .allow, .deny: outcomes == [decision.outcome]
                    }
                #expect(isRight, "\(decision) but \(outcomes): \(rules) \(question)")
                if decision.outcome == .deny, Set(all.map(\.rule)).count > 1 {
                    #expect(decision.rule == all.map(\.rule).max())
                    counts[.deny, default: 0] += 1
                }
                if decision.outcome == .authenticate, outcomes.count > 1 { counts[.authenticate, default: 0] += 1 }
                if decision.outcome == .lookUp { counts[.lookUp, default: 0] += 1 }
            }
        }
        #expect(counts.count == 3 && counts.values.allSatisfy { $0 > 20 }, "\(counts)")
    }

    @Test("thousands of networks in as many rules are settled as the naive reading says")
    func manyNetworks() throws {
        var rules = PolicyRules()
        for number in 0..<1_500 as Range<UInt32> {
            let block = try #require(CIDR(IPAddress(v4: number << 20), prefixLength: 12))
            rules.rules.append(
                number % 3 == 0
                    ? .deny { $0.hosts = [.network(block)] }
                    : .allow {
                        $0.hosts = [.network(block)]
                        $0.ports = [UInt16(number)...UInt16(number)]
                    }
            )
        }
        var asker = try PolicyAsker(rules)
        for port in [1, 2, 3, 1_499, 1_500] as [UInt16] {
            let decision = asker.decide(.ask("a.example", port: port))
            #expect(decision.outcome == (port % 3 != 0 && port < 1_500 ? .lookUp : .deny), "\(port)")
            #expect(decision == rules.explain(.ask("a.example", port: port)).decision)
        }
    }
}
