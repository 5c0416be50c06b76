import ApusAdvice
import ApusPolicy
import ApusSamples
import ApusWire
import Testing

/// The sentences of "The rules' meaning", one by one; every decision is that of the naive reading too.
@Suite("what rules mean")
struct CompiledPolicyDecideTests {
    private let ten: CIDR

    init() throws {
        ten = try CIDR("10.0.0.0/8")
    }

    private func decide(_ rules: PolicyRules, _ question: PolicyQuestion) throws -> Decision {
        var asker = try PolicyAsker(rules, listeners: ["a:1", "b:2"])
        let decision = asker.decide(question)
        #expect(decision == rules.explain(question).decision)
        return decision
    }

    private func limits(_ rules: PolicyRules, _ question: PolicyQuestion) throws -> [Int] {
        var asker = try PolicyAsker(rules)
        return asker.limits(question)
    }

    @Test("the first rule that matches decides")
    func first() throws {
        let rules = PolicyRules(
            .deny { $0.hosts = [.name("a.example")] },
            .allow { $0.hosts = [.under("example")] },
            .deny()
        )
        #expect(try decide(rules, .ask("a.example")) == Decision(.deny, rule: 0))
        #expect(try decide(rules, .ask("b.example")) == Decision(.allow, rule: 1))
        #expect(try decide(rules, .ask("example")) == Decision(.deny, rule: 2))
    }

    @Test("what no rule matches is denied, even if the only rules are limits")
    func unmatched() throws {
        #expect(
            try decide(PolicyRules(.allow { $0.hosts = [.name("a.example")] }), .ask("b.example")) == Decision(.deny)
        )
        #expect(try decide(PolicyRules(.limit()), .ask("b.example")) == Decision(.deny))
    }

    @Test("every limit that matches an allowed request bounds it, wherever it stands; none decides")
    func limits() throws {
        let rules = PolicyRules(
            .limit(),
            .limit { $0.methods = ["POST"] },
            .allow { $0.ports = [80...80] },
            .limit { $0.hosts = [.under("example")] }
        )
        #expect(try decide(rules, .ask("a.example")) == Decision(.allow, rule: 2, isLimited: true))
        #expect(try limits(rules, .ask("a.example")) == [0, 3])
        #expect(try limits(rules, .ask("a.org", "POST")) == [0, 1])
        #expect(try decide(rules, .ask("a.example", port: 81)) == Decision(.deny))
        let few = PolicyRules(.limit { $0.methods = ["POST"] }, .allow())
        #expect(try decide(few, .ask("a.example")) == Decision(.allow, rule: 1))
    }

    @Test("parts are an and, entries of a part an or, an exception takes the match back")
    func parts() throws {
        let rules = PolicyRules(
            .allow {
                $0.hosts = [.name("a.example"), .under("b.example")]
                $0.methods = ["GET", "BREW"]
                $0.exceptions = [Condition { $0.paths = ["/private/"] }, Condition { $0.ports = [8080...8080] }]
            }
        )
        #expect(try decide(rules, .ask("a.example")).outcome == .allow)
        #expect(try decide(rules, .ask("x.b.example", "BREW")).outcome == .allow)
        #expect(try decide(rules, .ask("b.example")).outcome == .deny)
        #expect(try decide(rules, .ask("a.example", "POST")).outcome == .deny)
        #expect(try decide(rules, .ask("a.example", "get")).outcome == .deny)
        #expect(try decide(rules, .ask("a.example", path: "/private/x")).outcome == .deny)
        #expect(try decide(rules, .ask("a.example", port: 8080)).outcome == .deny)
        let twice = PolicyRules(
            .allow { $0.exceptions = [Condition { $0.exceptions = [Condition { $0.ports = [80...80] }] }] }
        )
        #expect(try decide(twice, .ask("a.example")).outcome == .allow)
        #expect(try decide(twice, .ask("a.example", port: 81)).outcome == .deny)
    }

    @Test("what takes away ignores the case of a method, what gives does not; an exception is the other way round")
    func methods() throws {
        let purge = Condition { $0.methods = ["PURGE"] }
        let denies = PolicyRules(.deny { $0.methods = ["PURGE"] }, .allow())
        let spares = PolicyRules(.deny { $0.exceptions = [purge] }, .allow())
        let allows = PolicyRules(.allow { $0.methods = ["PURGE"] })
        let excepts = PolicyRules(.allow { $0.exceptions = [purge] })
        for (rules, exact, other) in [
            (denies, Decision.Outcome.deny, Decision.Outcome.deny), (spares, .allow, .deny), (allows, .allow, .deny),
            (excepts, .deny, .deny),
        ] {
            #expect(try decide(rules, .ask("a", "PURGE")).outcome == exact)
            #expect(try decide(rules, .ask("a", "purge")).outcome == other)
        }
        #expect(try limits(PolicyRules(.allow(), .limit { $0.methods = ["get"] }), .ask("a")) == [1])
    }

    @Test(
        "a rule that names users asks a client without credentials, if all else matches; rules in front decide without"
    )
    func who() throws {
        var rules = PolicyRules(
            .allow { $0.hosts = [.name("open.example")] },
            .allow {
                $0.users = [.user("anna"), .group("ops")]
                $0.hosts = [.under("example")]
            },
            .deny { $0.users = [.anyone] },
            .allow()
        )
        rules.groups = ["ops": ["bo"]]
        #expect(try decide(rules, .ask("open.example")) == Decision(.allow, rule: 0))
        #expect(try decide(rules, .ask("a.example")) == Decision(.authenticate, rule: 1))
        #expect(try decide(rules, .ask("a.org")) == Decision(.authenticate, rule: 2))
        #expect(try decide(rules, .ask("a.example", user: "anna")) == Decision(.allow, rule: 1))
        #expect(try decide(rules, .ask("a.example", user: "bo")) == Decision(.allow, rule: 1))
        #expect(try decide(rules, .ask("a.example", user: "stranger")) == Decision(.deny, rule: 2))
        #expect(try decide(rules, .ask("a.org", user: "anna")) == Decision(.deny, rule: 2))
    }

    @Test("an exception that names users asks too, if all else matches")
    func exceptionAsks() throws {
        let rules = PolicyRules(
            .deny {
                $0.hosts = [.name("a.example")]
                $0.exceptions = [Condition { $0.users = [.user("anna")] }]
            },
            .allow()
        )
        #expect(try decide(rules, .ask("a.example")) == Decision(.authenticate, rule: 0))
        #expect(try decide(rules, .ask("b.example")) == Decision(.allow, rule: 1))
        #expect(try decide(rules, .ask("a.example", user: "anna")) == Decision(.allow, rule: 1))
        #expect(try decide(rules, .ask("a.example", user: "x")) == Decision(.deny, rule: 0))
    }

    @Test("a limit asks nobody: without credentials a client is no user")
    func limitAsksNobody() throws {
        let rules = PolicyRules(
            .limit { $0.users = [.anyone] },
            .allow(),
            .limit { $0.exceptions = [Condition { $0.users = [.anyone] }] }
        )
        #expect(try decide(rules, .ask("a")) == Decision(.allow, rule: 1, isLimited: true))
        #expect(try limits(rules, .ask("a")) == [2])
        #expect(try limits(rules, .ask("a", user: "anna")) == [0])
    }

    @Test("a network matches a literal, and a name by its address; without one the name is looked up")
    func addresses() throws {
        let rules = PolicyRules(
            .deny { $0.hosts = [.network(ten), .name("a.example")] },
            .allow { $0.hosts = [.under("example")] }
        )
        #expect(try decide(rules, .ask("10.1.2.3")) == Decision(.deny, rule: 0))
        #expect(try decide(rules, .ask("11.1.2.3")) == Decision(.deny))
        #expect(try decide(rules, .ask("a.example")) == Decision(.deny, rule: 0))
        #expect(try decide(rules, .ask("b.example")) == Decision(.lookUp, rule: 0))
        #expect(try decide(rules, .ask("b.example", address: "10.0.0.1")) == Decision(.deny, rule: 0))
        #expect(try decide(rules, .ask("b.example", address: "::ffff:10.0.0.1")) == Decision(.deny, rule: 0))
        #expect(try decide(rules, .ask("b.example", address: "11.0.0.1")) == Decision(.allow, rule: 1))
    }

    @Test("a rule whose other parts do not match is not looked up for")
    func noLookUp() throws {
        let rules = PolicyRules(
            .deny {
                $0.hosts = [.network(ten)]
                $0.ports = [22...22]
            },
            .allow()
        )
        #expect(try decide(rules, .ask("a.example")) == Decision(.allow, rule: 1))
        #expect(try decide(rules, .ask("a.example", port: 22)) == Decision(.lookUp, rule: 0))
    }

    @Test(
        "where address and user are both open, the user comes first: no name is told to a resolver for one who is then asked"
    )
    func credentialsFirst() throws {
        let rules = PolicyRules(
            .allow {
                $0.hosts = [.network(ten)]
                $0.users = [.user("anna")]
            },
            .allow()
        )
        #expect(try decide(rules, .ask("a.example")) == Decision(.authenticate, rule: 0))
        #expect(try decide(rules, .ask("a.example", address: "11.0.0.1")) == Decision(.allow, rule: 1))
        #expect(try decide(rules, .ask("a.example", address: "10.0.0.1")) == Decision(.authenticate, rule: 0))
        #expect(try decide(rules, .ask("a.example", user: "anna")) == Decision(.lookUp, rule: 0))
        #expect(try decide(rules, .ask("a.example", user: "bo")) == Decision(.allow, rule: 1))
        // Behind a network that serves without, too: some address of the name would be asked for them.
        let behind = PolicyRules(.allow { $0.hosts = [.network(ten)] }, .allow { $0.users = [.anyone] })
        #expect(try decide(behind, .ask("a.example")) == Decision(.authenticate, rule: 1))
        #expect(try decide(behind, .ask("a.example", user: "bo")) == Decision(.lookUp, rule: 0))
        #expect(try decide(behind, .ask("10.0.0.1")) == Decision(.allow, rule: 0))
    }

    @Test("a name of which every address would be refused is not looked up, and is refused by the last rule that does")
    func everyAddressDenied() throws {
        let all = try [CIDR("0.0.0.0/0"), CIDR("::/0")]
        let rules = PolicyRules(
            .allow { $0.hosts = [.name("a.example")] },
            .deny { $0.hosts = [.network(ten)] },
            .allow {
                $0.hosts = [.network(ten)]
                $0.ports = [81...81]
            },
            .deny { $0.hosts = [.name("b.example")] }
        )
        #expect(try decide(rules, .ask("a.example")) == Decision(.allow, rule: 0))
        #expect(try decide(rules, .ask("b.example")) == Decision(.deny, rule: 3))
        #expect(try decide(rules, .ask("c.example")) == Decision(.deny))
        // What could be allowed is denied in front of it, for every address.
        #expect(try decide(rules, .ask("c.example", port: 81)) == Decision(.deny))
        let closed = PolicyRules(
            .deny { $0.hosts = all.map { .network($0) } },
            .allow { $0.hosts = [.under("example")] }
        )
        #expect(try decide(closed, .ask("a.example")) == Decision(.deny, rule: 0))
        let half = PolicyRules(.deny { $0.hosts = [.network(all[0])] }, .allow { $0.hosts = [.under("example")] })
        #expect(try decide(half, .ask("a.example")) == Decision(.lookUp, rule: 0))
        #expect(try decide(half, .ask("a.org")) == Decision(.deny))
        let covered = PolicyRules(
            .allow {
                $0.hosts = [.network(ten)]
                $0.exceptions = [Condition { $0.hosts = [.network(all[0])] }]
            },
            .deny { $0.hosts = [.network(all[1])] }
        )
        #expect(try decide(covered, .ask("a.example")) == Decision(.deny))
    }

    @Test("a policy that only reports, and a rule that does, look a name up only where it could be served")
    func reportedLookUps() throws {
        var rules = PolicyRules(.deny(report: true) { $0.hosts = [.network(ten)] }, .deny())
        #expect(try decide(rules, .ask("a.example")) == Decision(.deny, rule: 1))
        rules.rules[1] = .allow()
        #expect(try decide(rules, .ask("a.example")) == Decision(.lookUp, rule: 0))
        rules.rules = [.deny { $0.hosts = [.network(ten)] }, .deny()]
        rules.isReportOnly = true
        #expect(try decide(rules, .ask("a.example")) == Decision(.lookUp, rule: 0))
        #expect(
            try decide(rules, .ask("a.example", address: "10.0.0.1")) == Decision(.allow, wouldDeny: 0)
        )
    }

    @Test("where no rule that could allow a tunnel names ports, its port is judged before the look-up")
    func portsFirst() throws {
        let named = Rule.allow {
            $0.hosts = [.network(ten)]
            $0.ports = [22...22]
        }
        let rules = PolicyRules(.allow { $0.hosts = [.network(ten)] })
        #expect(try decide(rules, .ask("a.example")) == Decision(.lookUp, rule: 0))
        #expect(
            try decide(rules, .ask("a.example", "CONNECT", port: 22)) == Decision(.lookUp, rule: 0, needsOpenPort: true)
        )
        let both = PolicyRules(.allow { $0.hosts = [.network(ten)] }, named)
        #expect(
            try decide(both, .ask("a.example", "CONNECT", port: 22)) == Decision(.lookUp, rule: 0, needsOpenPort: true)
        )
        let behind = PolicyRules(named, .allow { $0.hosts = [.network(ten)] })
        #expect(try decide(behind, .ask("a.example", "CONNECT", port: 22)) == Decision(.lookUp, rule: 0))
        #expect(
            try decide(behind, .ask("a.example", "CONNECT", port: 23))
                == Decision(.lookUp, rule: 1, needsOpenPort: true)
        )
        let bounded = PolicyRules(.allow(), .limit { $0.hosts = [.network(ten)] }, .limit())
        #expect(
            try decide(bounded, .ask("a.example", "CONNECT", port: 22))
                == Decision(.lookUp, rule: 1, isLimited: true, needsOpenPort: true)
        )
    }

    @Test("limits that match whatever the address is are told of a name that is looked up")
    func limitedLookUps() throws {
        let rules = PolicyRules(.allow { $0.hosts = [.network(ten)] }, .limit(), .limit { $0.hosts = [.network(ten)] })
        #expect(try decide(rules, .ask("a.example")) == Decision(.lookUp, rule: 0, isLimited: true))
        #expect(try limits(rules, .ask("a.example")) == [1])
        #expect(try limits(rules, .ask("a.example", address: "10.0.0.1")) == [1, 2])
    }

    @Test("a list that made the last rule match is counted where a name is refused without a look-up")
    func listedRefusals() throws {
        var rules = PolicyRules(
            .deny { $0.hosts = [.network(ten)] },
            .deny { $0.hosts = [.list("ads")] },
            .allow { $0.hosts = [.name("a.example")] }
        )
        rules.lists = ["ads": HostList(names: ["ads.example"])]
        var asker = try PolicyAsker(rules)
        #expect(asker.decide(.ask("ads.example")) == Decision(.deny, rule: 1))
        #expect(asker.scratch.listHits == [1])
    }

    @Test("a limit by address has an allowed name looked up, and no other")
    func limitByAddress() throws {
        let rules = PolicyRules(.allow { $0.ports = [80...80] }, .limit { $0.hosts = [.network(ten)] })
        #expect(try decide(rules, .ask("a.example")) == Decision(.lookUp, rule: 1))
        #expect(try decide(rules, .ask("a.example", port: 81)) == Decision(.deny))
        #expect(
            try decide(rules, .ask("a.example", address: "10.0.0.1")) == Decision(.allow, rule: 0, isLimited: true)
        )
        #expect(try decide(rules, .ask("a.example", address: "11.0.0.1")) == Decision(.allow, rule: 0))
    }

    @Test("a report-only deny is recorded, and the next rules decide; the first one counts")
    func reportOnly() throws {
        let rules = PolicyRules(
            .deny(report: true) { $0.ports = [81...81] },
            .deny(report: true) { $0.hosts = [.under("example")] },
            .allow { $0.hosts = [.name("a.example")] }
        )
        #expect(try decide(rules, .ask("a.example")) == Decision(.allow, rule: 2, wouldDeny: 1))
        #expect(try decide(rules, .ask("a.example", port: 81)) == Decision(.allow, rule: 2, wouldDeny: 0))
        #expect(try decide(rules, .ask("b.example")) == Decision(.deny, wouldDeny: 1))
        #expect(try decide(rules, .ask("b.org")) == Decision(.deny))
    }

    @Test("a rule that only reports asks nobody, and an allow rule of that kind does nothing")
    func reportAsksNobody() throws {
        var allow = Rule.allow()
        allow.isReportOnly = true
        let rules = PolicyRules(.deny(report: true) { $0.users = [.anyone] }, allow, .allow { $0.ports = [80...80] })
        #expect(try decide(rules, .ask("a")) == Decision(.allow, rule: 2))
        #expect(try decide(rules, .ask("a", user: "anna")) == Decision(.allow, rule: 2, wouldDeny: 0))
        #expect(try decide(rules, .ask("a", port: 81)) == Decision(.deny))
    }

    @Test("a policy that only reports serves what it would refuse or ask, and records why; limits hold")
    func policyReports() throws {
        var rules = PolicyRules(
            .deny { $0.hosts = [.name("a")] },
            .allow { $0.hosts = [.name("b")] },
            .allow { $0.users = [.anyone] },
            .limit()
        )
        rules.isReportOnly = true
        #expect(try decide(rules, .ask("a")) == Decision(.allow, wouldDeny: 0, isLimited: true))
        #expect(try decide(rules, .ask("b")) == Decision(.allow, rule: 1, isLimited: true))
        #expect(try decide(rules, .ask("c")) == Decision(.allow, wouldDeny: 2, isLimited: true))
        #expect(try decide(rules, .ask("c", user: "anna")) == Decision(.allow, rule: 2, isLimited: true))
        rules.rules.remove(at: 2)
        #expect(try decide(rules, .ask("c")) == Decision(.allow, wouldDeny: Decision.unmatched, isLimited: true))
    }

    @Test("a list matches by what it holds, and its hits are counted where it made the deciding rule match")
    func lists() throws {
        var rules = PolicyRules(
            .deny { $0.hosts = [.name("named.example"), .list("ads"), .list("more")] },
            .deny(report: true) { $0.hosts = [.list("more")] },
            .allow { $0.exceptions = [Condition { $0.hosts = [.list("exempt")] }] }
        )
        rules.lists = [
            "ads": HostList(names: ["ads.example", "named.example"]), "more": HostList(names: ["more.example"]),
            "exempt": HostList(names: ["exempt.example"]),
        ]
        var asker = try PolicyAsker(rules)
        #expect(asker.policy.listNames == ["ads", "exempt", "more"])
        #expect(asker.decide(.ask("ads.example")) == Decision(.deny, rule: 0))
        #expect(asker.scratch.listHits == [1, 0, 0])
        #expect(asker.decide(.ask("named.example")) == Decision(.deny, rule: 0))
        #expect(asker.decide(.ask("exempt.example")) == Decision(.deny))
        #expect(asker.decide(.ask("other.example")) == Decision(.allow, rule: 2))
        #expect(asker.scratch.listHits == [1, 0, 0])
        #expect(asker.decide(.ask("more.example")) == Decision(.deny, rule: 0))
        #expect(asker.scratch.listHits == [1, 0, 1])
        rules.rules.removeFirst()
        var reporting = try PolicyAsker(rules)
        #expect(reporting.decide(.ask("more.example")) == Decision(.allow, rule: 1, wouldDeny: 0))
        #expect(reporting.scratch.listHits == [0, 0, 1])
    }
}
