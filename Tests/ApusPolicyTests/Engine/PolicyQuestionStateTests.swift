import ApusAdvice
import ApusPolicy
import ApusSamples
import ApusWire
import Testing

@Suite("parts of a condition, one by one")
struct PolicyQuestionStateTests {
    private func matches(_ condition: Condition, _ question: PolicyQuestion) throws -> Bool {
        let rules = PolicyRules(Rule(.allow(Permission()), when: condition))
        var asker = try PolicyAsker(rules, listeners: ["a:1", "b:2"])
        let decision = asker.decide(question)
        #expect(decision == rules.explain(question).decision)
        return decision.outcome == .allow
    }

    @Test("hosts by name, by suffix and by address; no suffix matches an address")
    func hosts() throws {
        let cases: [(HostPattern, String, Bool)] = try [
            (.any, "a.example", true), (.any, "10.0.0.1", true), (.name("a.example"), "a.example", true),
            (.name("a.example"), "b.a.example", false), (.name("a.example"), "aa.example", false),
            (.under("example"), "a.example", true), (.under("example"), "b.a.example", true),
            (.under("example"), "example", false), (.under("example"), "anexample", false),
            (.under("a.example"), "b.example", false), (.name("10.0.0.1"), "10.0.0.1", true),
            (.name("10.0.0.1"), "10.0.0.2", false), (.name("::1"), "0:0::1", true), (.name("::1"), "::2", false),
            (.network(CIDR("10.0.0.0/8")), "10.9.9.9", true), (.network(CIDR("fd00::/8")), "fd12::3", true),
            (.network(CIDR("10.0.0.0/8")), "::ffff:10.0.0.1", true), (.network(CIDR("::/0")), "10.0.0.1", false),
        ]
        for (pattern, host, expected) in cases {
            #expect(try matches(Condition { $0.hosts = [pattern] }, .ask(host)) == expected, "\(pattern) \(host)")
        }
    }

    @Test("a list may hold an address too")
    func literalInList() throws {
        var rules = PolicyRules(.deny { $0.hosts = [.list("bad")] }, .allow())
        rules.lists = ["bad": HostList(names: ["192.0.2.9"])]
        var asker = try PolicyAsker(rules)
        for (host, outcome) in [
            ("192.0.2.9", Decision.Outcome.deny), ("192.0.2.8", .allow), ("::ffff:192.0.2.9", .allow),
        ] {
            #expect(asker.decide(.ask(host)).outcome == outcome, "\(host)")
            #expect(rules.explain(.ask(host)).decision.outcome == outcome)
        }
    }

    @Test("a literal host is judged by its address, even where the query does not bear it")
    func literalWithoutAddress() throws {
        let ten = try CIDR("10.0.0.0/8")
        let policy = try CompiledPolicy(PolicyRules(.deny { $0.hosts = [.network(ten)] }, .allow()))
        var scratch = PolicyScratch(policy)
        let query = PolicyQuery(client: .client)
        let host = Array("10.0.0.1".utf8)
        let method = Array("GET".utf8)
        let path: [UInt8] = []
        let decision = policy.decide(
            query,
            method: method.span,
            host: host.span,
            path: path.span,
            scratch: &scratch
        )
        #expect(decision == Decision(.deny, rule: 0))
    }

    @Test("paths by what they begin with, without the query and in their normal form; a tunnel shows none")
    func paths() throws {
        let condition = Condition { $0.paths = ["/public/", "/x?"] }
        let cases = [
            ("/public/a", true), ("/public/", true), ("/public", false), ("/Public/", false), ("/a?/public/", false),
            ("/public/../secret", false), ("/a/../public/b", false), ("/%70ublic/", true), ("//public/b", false),
            ("/public/%2e%2E/secret", false),
            ("/public/?x", true), ("/x?", false), ("", false),
        ]
        for (path, expected) in cases { #expect(try matches(condition, .ask("a", path: path)) == expected, "\(path)") }
        #expect(try matches(Condition { $0.paths = ["/"] }, .ask("a", path: "")))
        #expect(try !matches(Condition { $0.paths = ["/"] }, .ask("a", "CONNECT")))
    }

    @Test("ports, schemes, listeners, clients and times")
    func others() throws {
        let ports = Condition { $0.ports = [80...80, 8000...8080] }
        for (port, expected) in [(80, true), (81, false), (7999, false), (8000, true), (8080, true), (8081, false)] {
            #expect(try matches(ports, .ask("a", port: UInt16(port))) == expected)
        }
        #expect(try matches(Condition { $0.schemes = [.https] }, .ask("a", "CONNECT")))
        #expect(try !matches(Condition { $0.schemes = [.https] }, .ask("a")))
        var secure = PolicyQuestion.ask("a")
        secure.scheme = .https
        #expect(try matches(Condition { $0.schemes = [.https] }, secure))
        #expect(try !matches(Condition { $0.schemes = [.http] }, secure))
        #expect(try !matches(Condition { $0.methods = ["CONNECT"] }, secure))
        #expect(try !matches(Condition { $0.schemes = [.http] }, .ask("a", "CONNECT")))
        #expect(try matches(Condition { $0.schemes = [.http] }, .ask("a", "BREW")))
        #expect(try matches(Condition { $0.listeners = ["b:2"] }, .ask("a", listener: "b:2")))
        #expect(try !matches(Condition { $0.listeners = ["b:2"] }, .ask("a", listener: "a:1")))
        #expect(try !matches(Condition { $0.listeners = ["b:2"] }, .ask("a")))
        let from = Condition { $0.from = [CIDR(.client)] }
        #expect(try matches(from, .ask("a")))
        #expect(try !matches(from, .ask("a", from: #require(IPAddress("192.0.2.2")))))
        let monday = Condition { $0.times = [TimeWindow(days: 1, start: 60, end: 120)] }
        let day: Int64 = 1_704_067_200  // Monday, 1 January 2024
        #expect(try matches(monday, .ask("a", time: day + 3_600)))
        #expect(try !matches(monday, .ask("a", time: day + 7_200)))
        #expect(try !matches(monday, .ask("a", time: day + 90_000)))
    }
}
