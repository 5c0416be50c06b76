import ApusAdvice
import ApusPolicy
import ApusSamples
import ApusWire
import Testing

@Suite("warnings about a policy")
struct PolicyRulesWarningsTests {
    private func kinds(_ rules: PolicyRules) -> [PolicyWarning.Kind] { rules.warnings().map(\.kind) }

    @Test("a rule behind one that covers it is told, with both places")
    func shadowed() throws {
        var rules = PolicyRules(
            .allow { $0.hosts = [.under("example.org")] },
            .limit(),
            .deny { $0.hosts = [.name("a.example.org"), .under("b.example.org")] }
        )
        rules.rules[0].name = "example"
        rules.rules[0].position = SourcePosition(file: "apus.yaml", line: 8, column: 5)
        rules.rules[2].position = SourcePosition(file: "apus.yaml", line: 12, column: 5)
        let warning = try #require(rules.warnings().first)
        #expect(warning.kind == .shadowed(by: "example"))
        #expect(
            warning.description
                == "apus.yaml:12:5: rule 3 never matches: example (apus.yaml:8:5) matches all that it would"
        )
        #expect(rules.warnings().count == 1)
    }

    @Test("what is covered, part by part")
    func covered() throws {
        let ten = try CIDR("10.0.0.0/8")
        let all = try [CIDR("0.0.0.0/0"), CIDR("::/0")]
        let inner = try CIDR("10.1.0.0/16")
        let pairs: [(Condition, Condition)] = [
            (Condition { $0.from = [ten] }, Condition { $0.from = [inner] }),
            (Condition { $0.from = all }, Condition()),
            (Condition { $0.users = [.anyone] }, Condition { $0.users = [.user("anna")] }),
            (Condition { $0.users = [.group("ops")] }, Condition { $0.users = [.user("anna")] }),
            (Condition { $0.users = [.user("anna"), .user("bo")] }, Condition { $0.users = [.group("ops")] }),
            (Condition { $0.methods = ["GET", "HEAD"] }, Condition { $0.methods = ["HEAD"] }),
            (Condition { $0.schemes = [.https] }, Condition { $0.methods = ["CONNECT"] }),
            (Condition { $0.schemes = [.http, .https] }, Condition { $0.paths = ["/a"] }),
            (Condition { $0.hosts = [.any] }, Condition()),
            (
                Condition { $0.hosts = [.under("b")] },
                Condition { $0.hosts = [.under("a.b"), .name("a.b")] }
            ),
            (Condition { $0.hosts = [.network(ten)] }, Condition { $0.hosts = [.name("10.1.2.3"), .network(inner)] }),
            (Condition { $0.hosts = [.list("ads")] }, Condition { $0.hosts = [.list("ads")] }),
            (Condition { $0.ports = [1...80, 81...90] }, Condition { $0.ports = [70...85] }),
            (Condition { $0.ports = [0...65_535] }, Condition()),
            (Condition { $0.paths = ["/a"] }, Condition { $0.paths = ["/%61/b", "/ab"] }),
            (Condition { $0.times = [TimeWindow(days: 1)] }, Condition { $0.times = [TimeWindow(days: 1)] }),
            (Condition { $0.listeners = ["x"] }, Condition { $0.listeners = ["x"] }),
            (
                Condition { $0.exceptions = [Condition { $0.hosts = [.name("a.b")] }] },
                Condition { $0.exceptions = [Condition { $0.hosts = [.under("b")] }] }
            ),
        ]
        for (outer, inner) in pairs {
            var rules = PolicyRules(Rule(.allow(Permission()), when: outer), Rule(.allow(Permission()), when: inner))
            rules.groups = ["ops": ["anna", "bo"]]
            rules.lists = ["ads": HostList(names: ["a"])]
            #expect(kinds(rules).contains(.shadowed(by: "rule 1")), "\(outer) \(inner)")
            rules.rules.swapAt(0, 1)
            guard outer != inner, outer.hosts != [.any], outer.ports != [0...65_535], outer.from != all,
                !outer.users.contains(.user("bo"))
            else { continue }
            #expect(!kinds(rules).contains(.shadowed(by: "rule 1")), "\(outer) \(inner)")
        }
    }

    @Test("a deny of which an allow in front leaves odd spellings alone is told, for it is hardly meant")
    func spellings() throws {
        let paths = PolicyRules(.allow { $0.paths = ["/a/"] }, .deny { $0.paths = ["/a/private/"] })
        #expect(kinds(paths) == [.shadowedButForSpellings(by: "rule 1")])
        let message = try #require(paths.warnings().first?.message)
        #expect(
            message
                == "rule 2 matches odd spellings of paths and methods alone: rule 1 (rule in code) matches all else "
                + "that it would"
        )
        #expect(kinds(PolicyRules(.allow { $0.methods = ["GET"] }, .deny { $0.methods = ["get", "GET"] })).isEmpty)
        #expect(
            kinds(PolicyRules(.allow { $0.methods = ["GET"] }, .deny { $0.methods = ["GET"] }))
                == [.shadowedButForSpellings(by: "rule 1")]
        )
        let denied = PolicyRules(.deny { $0.paths = ["/a/"] }, .allow { $0.paths = ["/a/b"] })
        #expect(kinds(denied).contains(.shadowed(by: "rule 1")))
    }

    @Test("a scope without a slash behind it is told where it gives: it is the beginning of other scopes too")
    func openScopes() throws {
        let rules = PolicyRules(.allow { $0.paths = ["/x/", "/@team", "/@team%2f", "/@team/name"] })
        #expect(kinds(rules) == [.openScope("/@team")])
        let message = try #require(rules.warnings().first?.message)
        let end = "is also the beginning of /@team-other/; write /@team%2f, which takes /@team/ too"
        #expect(message.hasSuffix("`path: /@team` " + end))
        let scope = Condition { $0.paths = ["/@team"] }
        #expect(kinds(PolicyRules(.deny { $0.paths = ["/@team"] }, .allow())).isEmpty)
        #expect(kinds(PolicyRules(.deny { $0.exceptions = [scope] }, .allow())).contains(.openScope("/@team")))
        #expect(kinds(PolicyRules(.allow { $0.exceptions = [scope] })).isEmpty)
    }

    @Test("times for what can only be a tunnel are told: it has none of them")
    func timeoutsOfTunnels() throws {
        var permission = Permission()
        permission.timeouts.firstByte = .seconds(5)
        func kinds(_ change: (inout Condition) -> Void) -> [PolicyWarning.Kind] {
            self.kinds(PolicyRules(Rule(.allow(permission), when: Condition(change))))
        }
        #expect(kinds { $0.schemes = [.https] } == [.timeoutsOfTunnel])
        #expect(kinds { $0.methods = ["CONNECT"] } == [.timeoutsOfTunnel])
        #expect(kinds { $0.ports = [443...443] } == [.timeoutsOfTunnel])
        #expect(kinds { $0.ports = [80...80] }.isEmpty && kinds { $0.methods = ["CONNECT", "GET"] }.isEmpty)
        permission.timeouts = RuleTimeouts()
        #expect(kinds { $0.schemes = [.https] }.isEmpty)
    }

    @Test("limits and rules that only report cover nothing")
    func neither() {
        #expect(kinds(PolicyRules(.limit(), .deny(report: true), .allow())).isEmpty)
        #expect(kinds(PolicyRules(.allow(), .deny(report: true))) == [.shadowed(by: "rule 1")])
    }

    @Test("a rule that allows behind deny: all is told as such")
    func denyAll() {
        let rules = PolicyRules(.allow { $0.hosts = [.name("a")] }, .deny(), .allow { $0.ports = [80...80] }, .deny())
        #expect(kinds(rules) == [.behindDenyAll("rule 2"), .shadowed(by: "rule 2")])
        #expect(rules.warnings().first?.message.hasPrefix("rule 3 allows nothing: rule 2 (rule in code)") == true)
    }

    @Test("lists that no rule names, and groups without users")
    func unused() {
        var rules = PolicyRules(
            .allow { $0.exceptions = [Condition { $0.hosts = [.list("used")] }] }
        )
        rules.lists = [
            "used": HostList(names: [String]()), "b": HostList(names: [String]()), "a": HostList(names: [String]()),
        ]
        rules.groups = ["none": [], "some": ["anna"]]
        #expect(kinds(rules) == [.unusedList("a"), .unusedList("b"), .emptyGroup("none")])
        #expect(rules.warnings().map(\.description).last == "the group “none” has no users")
    }

    @Test("rules that do nothing, and policies that allow nothing")
    func idle() {
        var report = Rule.allow()
        report.isReportOnly = true
        let limit = Rule(.limit(UsageLimit()))
        #expect(kinds(PolicyRules(report, limit)) == [.idleReport, .boundless, .nothingAllowed])
        #expect(kinds(PolicyRules(.deny(report: true))) == [.nothingAllowed])
        #expect(kinds(PolicyRules()).isEmpty)
        for warning in PolicyRules(report, limit).warnings() { #expect(!warning.message.isEmpty) }
    }

    @Test(
        "a rule without users behind one that asks everybody for credentials is told, and one that still is reached is not"
    )
    func behindAsking() {
        let ops = Rule.allow { $0.users = [.group("ops")] }
        let some = Rule.allow { $0.hosts = [.name("a")] }
        var rules = PolicyRules(ops, some, .deny())
        rules.groups = ["ops": ["anna"]]
        #expect(kinds(rules) == [.behindAsking("rule 1")])
        #expect(
            rules.warnings().first?.message
                == "rule 2 needs no user, and is reached by users alone: rule 1 (rule in code) in front of it asks everybody for "
                + "credentials (407); put it in front of that, or write `user: all` in it"
        )
        var idle = Rule.allow()
        idle.isReportOnly = true
        // In front of it; with users itself; one that denies what is left; one that is reached by other hosts; one that does nothing.
        let others = Rule.allow {
            $0.users = [.group("ops")]
            $0.hosts = [.name("b")]
        }
        let all = [
            [some, ops, .deny()], [ops, .allow { $0.users = [.anyone] }, .deny()], [ops, .deny()], [others, some],
            [ops, idle],
        ]
        for fine in all {
            rules.rules = fine
            #expect(!kinds(rules).contains { if case .behindAsking = $0 { true } else { false } }, "\(fine)")
        }
        rules.rules = [
            .deny {
                $0.users = [.user("bo")]; $0.hosts = [.under("b")]
            }, .allow { $0.hosts = [.name("a.b")] },
        ]
        #expect(kinds(rules) == [.behindAsking("rule 1")])
    }

    @Test("who shows no credentials never reaches a rule that is told to be reached by users alone")
    func soundAsking() throws {
        var dice = PolicyDice(seed: 19)
        var found = 0
        for _ in 0..<1500 {
            let rules = dice.rules()
            let behind: Set<Int> = Set(
                rules.warnings().compactMap { warning -> Int? in
                    guard case .behindAsking = warning.kind else { return nil }
                    return rules.rules.firstIndex { $0.position == warning.position }
                }
            )
            found += behind.count
            guard !behind.isEmpty else { continue }
            for _ in 0..<40 {
                var question = dice.question()
                question.user = .unknown
                let decision = rules.explain(question).decision
                try #require(!behind.contains(Int(decision.rule)), "\(question)\n\(rules)")
            }
        }
        #expect(found > 20)
    }

    @Test("a path for what can only be a tunnel is told, also in an exception")
    func pathOfTunnel() {
        for tunnel: (inout Condition) -> Void in [
            { $0.methods = ["CONNECT"] }, { $0.schemes = [.https] }, { $0.ports = [443...443] },
        ] {
            let condition = Condition {
                tunnel(&$0)
                $0.paths = ["/a"]
            }
            let rule = Rule(.allow(Permission()), when: condition)
            #expect(kinds(PolicyRules(rule)) == [.pathOfTunnel])
            #expect(kinds(PolicyRules(.allow { $0.exceptions = [condition] })) == [.pathOfTunnel])
            #expect(kinds(PolicyRules(Rule(.allow(Permission()), when: Condition { tunnel(&$0) }))) == [])
        }
        #expect(
            kinds(
                PolicyRules(
                    .allow {
                        $0.paths = ["/a"]; $0.methods = ["GET", "CONNECT"]; $0.ports = [80...80, 443...443]
                    }
                )
            ) == []
        )
    }

    @Test("a rule that is told never to match never decides, records or asks")
    func sound() throws {
        var dice = PolicyDice(seed: 17)
        var found = 0
        for _ in 0..<600 {
            let rules = dice.rules()
            let idle = Set(
                rules.warnings().filter(\.isShadow).compactMap { warning in
                    rules.rules.firstIndex { $0.position == warning.position }
                }
            )
            found += idle.count
            guard !idle.isEmpty else { continue }
            for _ in 0..<40 {
                let question = dice.question()
                let explanation = rules.explain(question)
                for rule in [explanation.decision.rule, explanation.decision.wouldDeny] {
                    try #require(!idle.contains(Int(rule)), "\(question)\n\(rules)")
                }
            }
        }
        #expect(found > 50)
    }
}

extension PolicyWarning {
    /// Whether it says that the rule never matches.
    fileprivate var isShadow: Bool {
        switch kind {
        case .shadowed, .behindDenyAll: true
        default: false
        }
    }
}
