import ApusAdvice
import ApusPolicy
import ApusWire
import Testing

@testable import ApusFlow

@Suite("Which addresses of a host are dialled")
struct AddressChoiceTests {
    private func address(_ last: UInt32) -> IPAddress { IPAddress(v4: 0x0a00_0000 + last) }

    private func all(_ choice: AddressChoice) -> [IPAddress] {
        (0..<choice.addresses.count).map { choice.addresses[$0] }
    }

    @Test("the first that is admitted decides; what is told is the first that was refused") func first() {
        var choice = AddressChoice()
        #expect(choice.decision == nil && choice.refused == nil && choice.refusedAddress == nil && !choice.leadsHere)
        choice.refuse(address(1), AddressVerdict(Decision(.deny, rule: 1), .rule))
        choice.admit(address(2), Decision(.allow, rule: 2, wouldDeny: 0))
        choice.refuse(address(3), AddressVerdict(Decision(.allow, rule: 2), .ownListener))
        choice.admit(address(4), Decision(.allow, rule: 4))
        #expect(all(choice) == [address(2), address(4)])
        #expect(choice.decision == Decision(.allow, rule: 2, wouldDeny: 0))
        #expect(choice.decision(for: address(4)) == Decision(.allow, rule: 4))
        #expect(choice.decision(for: address(1)) == nil && choice.decision(for: address(3)) == nil)
        #expect(choice.refused == AddressVerdict(Decision(.deny, rule: 1), .rule))
        #expect(choice.refusedAddress == address(1) && choice.leadsHere)
    }

    @Test("a ninth address finds no room, and takes nobody's decision") func full() {
        var choice = AddressChoice()
        for number in 0..<9 as Range<UInt32> { choice.admit(address(number), Decision(.allow, rule: UInt16(number))) }
        #expect(choice.addresses.count == 8 && choice.decision(for: address(8)) == nil)
        #expect(choice.decision(for: address(7)) == Decision(.allow, rule: 7))
    }

    /// For random policies with networks before, between and behind names, and names with several addresses: what the compiled
    /// policy chooses, asked as the proxy asks it, is what the naive reading of the rules tells.
    @Test("what is dialled, and what it is given, is what an explanation says") func naive() throws {
        var counts = (served: 0, several: 0, left: 0, refused: 0, limited: 0, reported: 0)
        for seed in 0..<4_000 as Range<UInt64> {
            var dice = ChoiceDice(seed: seed)
            let rules = dice.rules()
            let access = AccessRules(connectPorts: ConnectPorts([443]), destinations: DestinationGuard())
            var asker = try ChoiceAsker(rules, access)
            for _ in 0..<8 {
                let question = dice.question()
                let addresses = dice.addresses()
                let report = ExplanationReport(rules, access: access, question: question, addresses: addresses)
                let found = asker.ask(question, addresses)
                let dialled = report.addresses.filter(\.isDialled).map(\.address)
                guard found.dialled == dialled, found.outcome == report.outcome.status else {
                    Issue.record("seed \(seed): \(question) \(addresses)\n\(rules.rules)\n\(found)\n\(report.text)")
                    return
                }
                guard let chosen = found.decision, !dialled.isEmpty else {
                    counts.refused += 1
                    // A refusal is never told by a rule that allows, but where ports or the guard refuse what it allowed.
                    if found.refusedBy == .rule, let rule = found.decision.flatMap({ rules.rule($0.rule) }) {
                        #expect(!rule.isAllowing, "seed \(seed)")
                    }
                    #expect(
                        found.decision == nil || found.decision == report.decision,
                        "seed \(seed): \(found) \(report.text)"
                    )
                    continue
                }
                #expect(chosen == report.decision, "seed \(seed): \(question) \(addresses)")
                #expect(found.limits == report.limits, "seed \(seed)")
                // Whichever answers is worth the same: permission, check of the name, limits.
                for finding in report.addresses where finding.isDialled {
                    let decision = finding.explanation.decision
                    #expect(found.decisions[finding.address] == decision, "seed \(seed)")
                    #expect(rules.gives(decision.rule) == rules.gives(chosen.rule), "seed \(seed)")
                    #expect(finding.explanation.limits == report.limits, "seed \(seed)")
                }
                counts.served += 1
                if dialled.count > 1 { counts.several += 1 }
                if report.addresses.contains(where: { $0.isAllowed && !$0.isDialled }) { counts.left += 1 }
                if !report.limits.isEmpty { counts.limited += 1 }
                if chosen.wouldDeny != Decision.noRule { counts.reported += 1 }
            }
        }
        // The dice meet all that is to be seen.
        let least = [counts.served, counts.several, counts.left, counts.refused, counts.limited, counts.reported].min()
        #expect(least ?? 0 > 300, "\(counts)")
    }
}

extension PolicyRules {
    fileprivate func rule(_ number: UInt16) -> Rule? { Int(number) < rules.count ? rules[Int(number)] : nil }

    /// What a rule gives, to be compared.
    fileprivate func gives(_ number: UInt16) -> String {
        guard let rule = rule(number), case .allow(let permission) = rule.action else { return "\(Permission()) false" }
        let isByName = rule.condition.hosts.contains { pattern in
            switch pattern {
            case .name, .under, .list: true
            case .any, .network: false
            }
        }
        return "\(permission) \(isByName)"
    }
}

extension Rule {
    fileprivate var isAllowing: Bool { if case .allow = action { true } else { false } }
}
