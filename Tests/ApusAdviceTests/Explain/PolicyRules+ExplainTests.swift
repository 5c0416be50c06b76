import ApusPolicy
import ApusSamples
import ApusWire
import Testing

@testable import ApusAdvice

@Suite("explanations")
struct PolicyRulesExplainTests {
    private typealias Mismatch = PolicyExplanation.Mismatch

    @Test("each rule is told in order: passed over, recorded, matched, not reached, applied")
    func findings() throws {
        var rules = PolicyRules(
            .deny { $0.hosts = [.name("b.example"), .under("c.example")] },
            .deny(report: true) { $0.ports = [80...80] },
            .allow { $0.hosts = [.name("a.example")] },
            .deny(),
            .limit(),
            .limit { $0.methods = ["POST", "PUT"] }
        )
        rules.rules[2].name = "mine"
        rules.rules[2].position = SourcePosition(file: "p.yaml", line: 7)
        let explanation = rules.explain(.ask("a.example"))
        #expect(explanation.decision == Decision(.allow, rule: 2, wouldDeny: 1, isLimited: true))
        #expect(explanation.limits == [4])
        #expect(
            explanation.steps.map(\.finding) == [
                .passedOver(Mismatch(part: .to, wanted: ["b.example", "*.c.example"], had: "a.example")), .recorded,
                .matched,
                .notReached, .applies, .passedOver(Mismatch(part: .method, wanted: ["POST", "PUT"], had: "GET")),
            ]
        )
        #expect(explanation.steps.map(\.label) == ["rule 1", "rule 2", "mine", "rule 4", "rule 5", "rule 6"])
        #expect(explanation.steps.map(\.action) == [.deny, .deny, .allow, .deny, .limit, .limit])
        #expect(explanation.steps.map(\.rule) == Array(0..<6) && explanation.steps[2].position.line == 7)
        #expect(explanation.steps.map(\.isReportOnly) == [false, true, false, false, false, false])
    }

    @Test("what is open is told as such, and what is refused is bounded by nothing")
    func open() throws {
        let ten = try CIDR("10.0.0.0/8")
        let rules = PolicyRules(
            .limit(),
            .allow { $0.users = [.anyone] },
            .deny { $0.hosts = [.network(ten)] },
            .allow()
        )
        let asked = rules.explain(.ask("a.example"))
        #expect(asked.steps.map(\.finding) == [.doesNotCount, .dependsOnUser, .notReached, .notReached])
        let open = PolicyRules(Array(rules.rules.dropFirst(2))).explain(.ask("a.example"))
        #expect(open.steps.map(\.finding) == [.dependsOnAddresses, .notReached])
        #expect(open.decision.outcome == .lookUp)
    }

    @Test("a path that a rule takes though it does not begin so is told with the reason", arguments: [false, true])
    func oddPaths(reports: Bool) {
        let rules = PolicyRules(
            .deny(report: reports) { $0.paths = ["/private/"] },
            .allow(),
            .limit { $0.paths = ["/private/"] }
        )
        let limited = PolicyRules(Array(rules.rules.dropFirst()))
        let climbs = "(it climbs: no rule that allows by path takes it, every one that denies or limits by path does)"
        for (path, remark) in [
            ("/private/x", nil), ("/%70rivate/x", nil), ("/a/../x", "path is /a/../x \(climbs)"),
            ("/private/../x", "path is /private/../x \(climbs)"),
            ("//private/x", "path is //private/x (a server may read /private/x)"),
        ] as [(String, String?)] {
            let question = PolicyQuestion.ask("a.example", path: path)
            let steps = rules.explain(question).steps
            #expect(steps[0].finding == (reports ? .recorded : .matched) && steps[0].remark == remark, "\(path)")
            #expect(steps[1].remark == nil)
            #expect(limited.explain(question).steps[1].remark == remark, "\(path)")
        }
        #expect(rules.explain(.ask("a.example", path: "/x")).steps[0].remark == nil)
    }

    @Test("a policy without rules has nothing to tell, and allows")
    func empty() {
        #expect(PolicyRules().explain(.ask("a")) == PolicyExplanation())
    }

    @Test("a question takes a host as people write it")
    func question() {
        #expect(PolicyQuestion(host: "A.Example.", from: .client).host == "a.example")
        #expect(PolicyQuestion(host: "[FD00::1]", from: .client).host == "fd00::1")
    }
}

extension PolicyRules {
    fileprivate init(_ rules: [Rule]) {
        self.init()
        self.rules = rules
    }
}
