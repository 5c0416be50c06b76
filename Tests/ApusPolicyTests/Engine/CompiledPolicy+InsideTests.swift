import ApusAdvice
import ApusPolicy
import ApusSamples
import ApusWire
import Testing

/// What becomes of another name inside a tunnel: every measure and decision is that of the naive reading too.
@Suite("the name inside a tunnel, held against the rules")
struct CompiledPolicyInsideTests {
    /// What is said of a name inside a tunnel that the rules allow.
    private struct Said: Equatable {
        var measure: ServerNameCheck.Measure
        var decision: Decision
    }

    private func ask(_ rules: PolicyRules, _ question: PolicyQuestion, _ name: String) throws -> Said {
        var asker = try PolicyAsker(rules, listeners: PolicyDice.listeners)
        let outside = asker.decide(question)
        try #require(outside.outcome == .allow, "\(question)")
        let measure = asker.measure(question, allowedBy: outside.rule)
        let decision = asker.decideInside(question, name: name, allowedBy: outside.rule)
        #expect(measure == rules.measure(question, allowedBy: outside.rule, holdsPlain: false), "\(question)\n\(rules)")
        #expect(decision == rules.decideInside(question, name: name, allowedBy: outside.rule), "\(question)\n\(rules)")
        return Said(measure: measure, decision: decision)
    }

    private func tunnel(
        _ host: String,
        port: UInt16 = 443,
        from client: IPAddress = .client,
        user: String? = nil,
        listener: String? = nil,
        address: String = "203.0.113.5",
        time: Int64 = 0
    ) -> PolicyQuestion {
        .ask(host, "CONNECT", port: port, from: client, user: user, listener: listener, address: address, time: time)
    }

    private static let bad: [HostPattern] = [.name("bad.example"), .under("bad.example")]

    @Test("a rule that denies a name denies it inside the tunnel to another, and to an address")
    func denies() throws {
        let rules = PolicyRules(.deny { $0.hosts = Self.bad }, .allow())
        for host in ["good.example", "203.0.113.5", "2a00::1"] {
            for name in ["bad.example", "a.b.bad.example"] {
                let said = try ask(rules, tunnel(host), name)
                #expect(said == Said(measure: .rules, decision: Decision(.deny, rule: 0)))
            }
            for name in ["other.example", "notbad.example", "203.0.113.9"] {
                #expect(
                    try ask(rules, tunnel(host), name) == Said(measure: .rules, decision: Decision(.allow, rule: 1))
                )
            }
        }
    }

    @Test("so do a list, and an exception by name, wherever it nests")
    func ways() throws {
        var listed = PolicyRules(.deny { $0.hosts = [.list("ads")] }, .allow())
        listed.lists = ["ads": HostList(names: ["bad.example"])]
        let excepted = PolicyRules(.allow { $0.exceptions = [Condition { $0.hosts = Self.bad }] })
        let nested = PolicyRules(
            .deny { $0.exceptions = [Condition { $0.exceptions = [Condition { $0.hosts = Self.bad }] }] },
            .allow()
        )
        let closed = PolicyRules(.deny { $0.exceptions = [Condition { $0.hosts = [.name("good.example")] }] }, .allow())
        for (rules, rule) in [(listed, 0), (excepted, Decision.noRule), (nested, 0), (closed, 0)] {
            let said = try ask(rules, tunnel("good.example"), "bad.example")
            #expect(said == Said(measure: .rules, decision: Decision(.deny, rule: rule)), "\(rules)")
        }
        for rules in [listed, excepted, nested] {
            #expect(try ask(rules, tunnel("good.example"), "fine.example").decision.outcome == .allow)
        }
    }

    @Test("what allows inside gives nothing: the rule of the outside stays")
    func takesOnly() throws {
        let rules = PolicyRules(
            .allow { $0.hosts = [.name("inner.example")] },
            .deny { $0.hosts = Self.bad },
            .allow()
        )
        #expect(try ask(rules, tunnel("203.0.113.5"), "inner.example").decision == Decision(.allow, rule: 2))
    }

    @Test("a rule by name that allowed a name wants that name; one by address leaves it to those that deny")
    func byName() throws {
        let block = try CIDR("203.0.113.0/24")
        let rules = PolicyRules(
            .deny { $0.hosts = Self.bad },
            .allow { $0.hosts = [.under("good.example"), .network(block)] }
        )
        let named = tunnel("a.good.example", address: "198.51.100.1")
        #expect(try ask(rules, named, "a.good.example").measure == .hostOrPlain)
        #expect(
            try ask(rules, tunnel("203.0.113.5"), "other.example")
                == Said(measure: .rules, decision: Decision(.allow, rule: 1))
        )
        #expect(try ask(rules, tunnel("203.0.113.5"), "x.bad.example").decision == Decision(.deny, rule: 0))
    }

    @Test("an address that stands in a list stays allowed, whatever name is inside")
    func listedAddress() throws {
        var rules = PolicyRules(
            .deny { $0.hosts = Self.bad },
            .allow { $0.hosts = [.list("known")] },
            .deny { $0.ports = [443...443] }
        )
        rules.lists = ["known": HostList(names: ["203.0.113.5"])]
        #expect(try ask(rules, tunnel("203.0.113.5"), "other.example").decision == Decision(.allow, rule: 1))
        #expect(try ask(rules, tunnel("203.0.113.5"), "bad.example").decision == Decision(.deny, rule: 0))
    }

    @Test("nothing is looked at where no such rule can take the client")
    func measures() throws {
        let ten = try CIDR("10.0.0.0/8")
        let inTen = try #require(IPAddress("10.0.0.1"))
        let cases: [((inout Condition) -> Void, PolicyQuestion, PolicyQuestion)] = [
            ({ $0.from = [ten] }, tunnel("a"), tunnel("a", from: inTen)),
            ({ $0.ports = [8443...8443] }, tunnel("a"), tunnel("a", port: 8443)),
            ({ $0.users = [.user("anna")] }, tunnel("a", user: "bo"), tunnel("a", user: "anna")),
            ({ $0.listeners = [PolicyDice.listeners[1]] }, tunnel("a"), tunnel("a", listener: PolicyDice.listeners[1])),
        ]
        for (part, out, within) in cases {
            let rules = PolicyRules(
                .deny {
                    $0.hosts = Self.bad
                    part(&$0)
                },
                .allow()
            )
            #expect(try ask(rules, out, "bad.example") == Said(measure: .nothing, decision: Decision(.allow, rule: 1)))
            #expect(try ask(rules, within, "bad.example") == Said(measure: .rules, decision: Decision(.deny, rule: 0)))
        }
        for part in [{ $0.methods = ["GET"] }, { $0.schemes = [.http] }, { $0.paths = ["/"] }]
            as [(inout Condition) -> Void]
        {
            let rules = PolicyRules(
                .deny {
                    $0.hosts = Self.bad
                    part(&$0)
                },
                .allow()
            )
            #expect(try ask(rules, tunnel("a"), "bad.example").measure == .nothing)
        }
        let plain = PolicyRules(.deny { $0.hosts = [.network(ten)] }, .limit { $0.hosts = Self.bad }, .allow())
        #expect(try ask(plain, tunnel("a"), "bad.example").measure == .nothing)
    }

    @Test("the question is that of the outside: its time, and its address")
    func question() throws {
        let night = TimeWindow(days: 127, start: 0, end: 60)
        let timed = PolicyRules(
            .deny {
                $0.hosts = Self.bad
                $0.times = [night]
            },
            .allow()
        )
        #expect(try ask(timed, tunnel("a", time: 60), "bad.example").decision.outcome == .deny)
        #expect(try ask(timed, tunnel("a", time: 7_200), "bad.example").decision.outcome == .allow)
        let block = try CIDR("203.0.113.0/24")
        let excepted = PolicyRules(
            .deny {
                $0.hosts = Self.bad
                $0.exceptions = [Condition { $0.hosts = [.network(block)] }]
            },
            .allow()
        )
        #expect(try ask(excepted, tunnel("a"), "bad.example").decision.outcome == .allow)
        #expect(try ask(excepted, tunnel("a", address: "198.51.100.1"), "bad.example").decision.outcome == .deny)
    }

    @Test("a name that would have to be asked about with credentials does not pass without them")
    func credentials() throws {
        let rules = PolicyRules(
            .allow {
                $0.hosts = [.name("team.example")]
                $0.users = [.user("anna")]
            },
            .deny { $0.hosts = [.name("team.example")] },
            .allow()
        )
        #expect(
            try ask(rules, tunnel("a"), "team.example")
                == Said(measure: .rules, decision: Decision(.authenticate, rule: 0))
        )
        #expect(try ask(rules, tunnel("a", user: "bo"), "team.example").decision == Decision(.deny, rule: 1))
        #expect(try ask(rules, tunnel("a", user: "anna"), "team.example").decision == Decision(.allow, rule: 2))
        let asking = PolicyRules(
            .allow {
                $0.hosts = [.name("team.example")]
                $0.users = [.anyone]
            },
            .allow()
        )
        #expect(
            try ask(asking, tunnel("a"), "team.example")
                == Said(measure: .rules, decision: Decision(.authenticate, rule: 0))
        )
        #expect(try ask(asking, tunnel("a", user: "bo"), "team.example").measure == .nothing)
    }

    @Test("what only reports, refuses nothing and is told")
    func reports() throws {
        let rule = PolicyRules(.deny(report: true) { $0.hosts = Self.bad }, .allow())
        #expect(
            try ask(rule, tunnel("a"), "bad.example")
                == Said(measure: .reportingRules, decision: Decision(.allow, rule: 1, wouldDeny: 0))
        )
        var policy = PolicyRules(.deny { $0.hosts = Self.bad }, .allow())
        policy.isReportOnly = true
        #expect(
            try ask(policy, tunnel("a"), "bad.example")
                == Said(measure: .reportingRules, decision: Decision(.allow, rule: 1, wouldDeny: 0))
        )
        let both = PolicyRules(.deny(report: true) { $0.hosts = Self.bad }, .deny { $0.hosts = Self.bad }, .allow())
        #expect(
            try ask(both, tunnel("a"), "bad.example")
                == Said(measure: .rules, decision: Decision(.deny, rule: 1, wouldDeny: 0))
        )
    }

    @Test("it has to be TLS where a rule reads requests to that host and port, in front of the one that allowed")
    func plain() throws {
        let ten = try CIDR("10.0.0.0/8")
        func measure(_ change: (inout PolicyRules) -> Void, _ question: PolicyQuestion? = nil) throws
            -> ServerNameCheck.Measure
        {
            var rules = PolicyRules(.deny { $0.paths = ["/secret"] }, .allow(tls: .any))
            change(&rules)
            var asker = try PolicyAsker(rules)
            let question = question ?? tunnel("a.example", port: 80)
            let rule = asker.decide(question).rule
            let measure = asker.measure(question, allowedBy: rule, holdsPlain: true)
            #expect(measure == rules.measure(question, allowedBy: rule, holdsPlain: true))
            return measure
        }
        #expect(try measure { _ in } == .nothingInTLS)
        #expect(try measure { $0.rules[0].condition = Condition { $0.methods = ["POST"] } } == .nothingInTLS)
        #expect(try measure { $0.rules[0].condition = Condition { $0.schemes = [.http] } } == .nothingInTLS)
        #expect(try measure { $0.rules[0].condition.hosts = [.under("example")] } == .nothingInTLS)
        #expect(try measure { $0.rules[0].condition.hosts = [.network(ten)] } == .nothing)
        #expect(try measure { $0.rules[0].condition.hosts = [.name("b.example")] } == .nothing)
        #expect(try measure { $0.rules[0].condition.ports = [443...443] } == .nothing)
        #expect(try measure { $0.rules[0].condition.from = [ten] } == .nothing)
        #expect(try measure { $0.rules[0].isReportOnly = true } == .nothing)
        #expect(try measure { $0.isReportOnly = true } == .nothing)
        #expect(try measure { $0.rules.reverse() } == .nothing)
        #expect(
            try measure {
                $0.rules[0].condition = Condition {
                    $0.methods = ["POST", "CONNECT"]; $0.ports = [1...1]
                }
            } == .nothing
        )
        let edits = try measure { rules in
            var permission = Permission()
            permission.requestFields.drop = ["Cookie"]
            permission.tls = .any
            rules.rules = [Rule(.allow(permission))]
        }
        #expect(edits == .nothingInTLS)
        let excepted = try measure { rules in
            rules.rules = [.allow(tls: .any) { $0.exceptions = [Condition { $0.paths = ["/secret"] }] }]
        }
        #expect(excepted == .nothingInTLS)
        #expect(try measure { $0.rules.insert(.deny { $0.hosts = Self.bad }, at: 0) } == .rulesInTLS)
        let listed = { (rules: inout PolicyRules) in
            rules.rules[0].condition.hosts = [.list("ads")]
            rules.lists = ["ads": HostList(names: ["a.example"])]
        }
        #expect(try measure(listed) == .nothingInTLS)
        #expect(try measure(listed, tunnel("b.example", port: 80)) == .nothing)
    }

    @Test("a rule says whether its tunnels have to be TLS; where it does not, the settings do")
    func tls() throws {
        func measure(_ tls: TunnelTLS?, _ host: String, holdsPlain: Bool, namesAll: Bool = false, report: Bool = false)
            throws -> ServerNameCheck.Measure
        {
            var rules = PolicyRules(.allow(tls: tls) { $0.hosts = [.name("a.example"), .any] })
            if host == "b.example" { rules.rules[0].condition.hosts = [] }
            rules.isReportOnly = report
            var asker = try PolicyAsker(rules)
            let question = tunnel(host)
            let rule = asker.decide(question).rule
            let bytes = Array(host.utf8)
            let measure = asker.policy.measure(
                asker.query(question),
                host: bytes.span,
                allowedBy: rule,
                holdsPlain: holdsPlain,
                namesAll: namesAll,
                scratch: &asker.scratch
            )
            #expect(
                measure == rules.measure(question, allowedBy: rule, holdsPlain: holdsPlain, namesAll: namesAll)
            )
            if measure != .nothing { #expect(namesAll || asker.policy.mayLookInside(rule)) }
            return measure
        }
        for holds in [true, false] {
            #expect(try measure(.required, "b.example", holdsPlain: holds) == .nothingInTLS)
            #expect(try measure(.any, "b.example", holdsPlain: holds) == .nothing)
            #expect(try measure(nil, "b.example", holdsPlain: holds) == (holds ? .nothingInTLS : .nothing))
            #expect(try measure(.required, "a.example", holdsPlain: holds) == .host)
            #expect(try measure(.any, "a.example", holdsPlain: holds) == .hostOrPlain)
            #expect(try measure(nil, "a.example", holdsPlain: holds) == (holds ? .host : .hostOrPlain))
            #expect(try measure(.any, "b.example", holdsPlain: holds, namesAll: true) == .hostOrPlain)
            #expect(try measure(.any, "203.0.113.5", holdsPlain: holds, namesAll: true) == .nothing)
            #expect(try measure(.required, "203.0.113.5", holdsPlain: holds) == .nothingInTLS)
            #expect(try measure(.required, "b.example", holdsPlain: holds, report: true) == .nothing)
        }
        // Nothing is asked of a tunnel that need not be looked at.
        #expect(!(try CompiledPolicy(PolicyRules(.allow(tls: .any))).mayLookInside(0)))
        #expect(!(try CompiledPolicy(PolicyRules()).mayLookInside(Decision.noRule)))
    }

    @Test("random tunnels: both readings agree, no refusal is missed where nothing is looked at", arguments: 0..<4)
    func random(seed: UInt64) throws {
        var dice = PolicyDice(seed: seed &* 104_729 &+ 3)
        var found: [ServerNameCheck.Measure: Int] = [:]
        var refused = 0
        for _ in 0..<600 {
            let rules = dice.rules()
            var asker = try PolicyAsker(rules, listeners: PolicyDice.listeners)
            for _ in 0..<20 {
                let question = dice.tunnel()
                let outside = asker.decide(question)
                guard outside.outcome == .allow else { continue }
                let measure = asker.measure(question, allowedBy: outside.rule)
                try #require(
                    measure == rules.measure(question, allowedBy: outside.rule, holdsPlain: false),
                    "\(question)\n\(rules)"
                )
                found[measure, default: 0] += 1
                let held = asker.measure(question, allowedBy: outside.rule, holdsPlain: true)
                try #require(
                    held == rules.measure(question, allowedBy: outside.rule, holdsPlain: true),
                    "\(question)\n\(rules)"
                )
                found[held, default: 0] += held.needsTLS ? 1 : 0
                let inner = dice.innerName()
                let decision = asker.decideInside(question, name: inner, allowedBy: outside.rule)
                try #require(
                    decision == rules.decideInside(question, name: inner, allowedBy: outside.rule),
                    "\(inner) \(question)\n\(rules)"
                )
                // It gives nothing, and what it takes away is seen.
                if decision.outcome == .allow { try #require(decision.rule == outside.rule) }
                if measure == .nothing || measure == .reportingRules {
                    try #require(decision.outcome == .allow, "\(inner) \(question)\n\(rules)")
                }
                refused += decision.outcome == .allow ? 0 : 1
                // The host itself has been decided about.
                if IPAddress(question.host) == nil {
                    let same = asker.decideInside(question, name: question.host, allowedBy: outside.rule)
                    try #require(same.outcome == .allow, "\(question)\n\(rules)")
                }
            }
        }
        #expect(found.count == 7 && found.values.allSatisfy { $0 > 10 } && refused > 20, "\(found) \(refused)")
    }
}

extension PolicyAsker {
    mutating func measure(_ question: PolicyQuestion, allowedBy rule: UInt16, holdsPlain: Bool = false)
        -> ServerNameCheck.Measure
    {
        let host = Array(question.host.utf8)
        return policy.measure(
            query(question),
            host: host.span,
            allowedBy: rule,
            holdsPlain: holdsPlain,
            scratch: &scratch
        )
    }

    mutating func decideInside(_ question: PolicyQuestion, name: String, allowedBy rule: UInt16) -> Decision {
        let (inner, host) = (Array(name.utf8), Array(question.host.utf8))
        return policy.decideInside(
            query(question),
            name: inner.span,
            host: host.span,
            allowedBy: rule,
            scratch: &scratch
        )
    }
}
