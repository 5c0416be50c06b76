import ApusPolicy
import Testing

@Suite("The words of a refusal by a rule")
struct RuleWordsTests {
    private func policy(_ name: String?, text: String? = nil, telling: PolicyRules.Telling = .rule) -> PolicyRules {
        var rejection = Rejection()
        rejection.text = text
        var policy = PolicyRules()
        policy.rules = [Rule(.deny(rejection), name: name, position: SourcePosition(file: "p", line: 3))]
        policy.contact = "us"
        policy.telling = telling
        return policy
    }

    @Test("a rule is called by its name, or by its place") func names() {
        #expect(
            RuleWords(policy("no ads"), rule: 0).sentence == "The rule “no ads” of this proxy's policy refuses this."
        )
        #expect(RuleWords(policy(nil), rule: 0).sentence == "Rule 1 of this proxy's policy refuses this.")
        #expect(RuleWords(policy(nil), rule: .max).sentence == "No rule of this proxy's policy allows this.")
    }

    @Test("the client is told as much as the policy says, the log always the rule") func telling() {
        let nothing = RuleWords(policy("x", telling: .nothing), rule: 0)
        #expect(nothing.rule == nil && nothing.contact == nil && !nothing.sentence.contains("x”"))
        #expect(nothing.reason.contains("“x”"))
        #expect(RuleWords(policy("x"), rule: 0).rule == "x" && RuleWords(policy("x"), rule: 0).contact == "us")
        #expect(RuleWords(policy("x", telling: .everything), rule: 0).rule == "x (p:3:1)")
    }

    @Test("the status line names the rule in plain bytes, and no more than fit") func phrase() {
        func phrase(_ name: String?, _ telling: PolicyRules.Telling = .rule) -> String? {
            RuleWords(policy(name, telling: telling), rule: 0).phrase
        }
        #expect(phrase("no uploads") == "Denied by rule \"no uploads\"")
        #expect(phrase(nil) == "Denied by rule 1")
        #expect(RuleWords(policy("x"), rule: .max).phrase == "Denied: no rule allows it")
        #expect(phrase("x", .everything) == "Denied by rule \"x\"")
        #expect(phrase("x", .nothing) == nil && RuleWords(policy("x", telling: .nothing), rule: .max).phrase == nil)
        #expect(phrase("a\r\nSet-Cookie: b\u{0}\u{7f}\"é😀") == "Denied by rule \"a??Set-Cookie: b??'??\"")
        for count in 30...60 {
            let text = phrase(String(repeating: "n", count: count)) ?? ""
            #expect(
                text.utf8.count == min(count + 17, RuleWords.longestPhrase)
                    && text.hasSuffix(count > 41 ? "n...\"" : "n\"")
            )
        }
        var limited = policy("x")
        limited.rules[0].action = .limit(UsageLimit())
        #expect(RuleWords(limited, rule: 0).phrase == "Limited by rule \"x\"")
    }

    @Test("a text of the rule's own takes the sentence's place") func text() {
        let words = RuleWords(policy("x", text: "Not here."), rule: 0)
        #expect(words.sentence == "Not here." && words.reason.hasSuffix("refuses this. Not here."))
    }
}
