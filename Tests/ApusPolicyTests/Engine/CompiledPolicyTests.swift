import ApusAdvice
import ApusPolicy
import ApusSamples
import ApusWire
import Testing

@Suite("a compiled policy")
struct CompiledPolicyTests {
    private func address(_ text: String) throws -> IPAddress { try #require(IPAddress(text)) }

    @Test("a policy without rules is empty and allows")
    func empty() throws {
        var asker = try PolicyAsker(PolicyRules())
        #expect(asker.policy.isEmpty && !asker.policy.namesUsers)
        #expect(asker.decide(.ask("a.example")) == Decision(.allow))
        #expect(asker.limits(.ask("a.example")).isEmpty)
        #expect(!asker.policy.mayAdmit(.client))
    }

    @Test("it keeps the rules as they were written")
    func rules() throws {
        var rules = PolicyRules(.allow { $0.hosts = [.name("a.example")] }, .deny())
        rules.contact = "who@example.org"
        let policy = try CompiledPolicy(rules)
        #expect(policy.rules.rules == rules.rules && policy.rules.contact == "who@example.org")
        #expect(!policy.isEmpty && policy.rule(1) == rules.rules[1])
    }

    @Test("it is one in memory with a policy that says the same of the same listeners")
    func sharing() throws {
        func rules(_ port: UInt16, _ names: [String]) -> PolicyRules {
            var rules = PolicyRules(.deny { $0.hosts = [.list("many")] }, .allow { $0.ports = [port...port] })
            rules.lists["many"] = HostList(names: names)
            return rules
        }
        let names = (0..<100).map { "h\($0).example" }
        let first = try CompiledPolicy(rules(80, names), listeners: ["a:1"])
        #expect(try CompiledPolicy(rules(80, names), listeners: ["a:1"], sharing: first).isShared(with: first))
        #expect(try !CompiledPolicy(rules(80, names), listeners: ["a:1"]).isShared(with: first))
        #expect(try !CompiledPolicy(rules(80, names), listeners: ["b:1"], sharing: first).isShared(with: first))
        #expect(try !CompiledPolicy(rules(81, names), listeners: ["a:1"], sharing: first).isShared(with: first))
        let less = try CompiledPolicy(rules(80, Array(names.dropLast())), listeners: ["a:1"], sharing: first)
        #expect(!less.isShared(with: first) && less.rules.lists["many"]?.count == 99)
        var renamed = rules(80, names)
        renamed.rules[1].name = "web"
        let second = try CompiledPolicy(renamed, listeners: ["a:1"], sharing: first)
        #expect(second.rules == renamed && first.rules != renamed)
    }

    @Test("users are known by number if a rule or a group names them, and are strangers otherwise")
    func users() throws {
        var rules = PolicyRules(.allow { $0.users = [.user("anna"), .group("ops")] })
        rules.groups = ["ops": ["bo"], "unused": ["ci"]]
        let policy = try CompiledPolicy(rules)
        let known = ["anna", "bo", "ci"].map { policy.userIndex($0) }
        #expect(Set(known).count == 3 && !known.contains(.stranger))
        #expect(policy.userIndex("nobody") == .stranger && policy.userIndex("Anna") == .stranger)
    }

    @Test("a name in other bytes is another user's, though its letters look the same; the explanation agrees")
    func exact() throws {
        var rules = PolicyRules(.allow { $0.users = [.user("jos\u{e9}"), .group("ops")] }, .deny())
        rules.groups = ["ops": ["zoe\u{308}"]]
        rules.takesGroups = true
        var asker = try PolicyAsker(rules)
        for (name, groups, outcome) in [
            ("jos\u{e9}", [], .allow), ("jose\u{301}", [], .deny), ("zoe\u{308}", [], .allow),
            ("zo\u{eb}", [], .deny), ("eve", ["ops"], .allow), ("eve", ["o\u{307}ps"], .deny),
        ] as [(String, [String], Decision.Outcome)] {
            #expect(asker.decide(.ask("a.example", user: name, groups: groups)).outcome == outcome)
            #expect(rules.explain(.ask("a.example", user: name, groups: groups)).decision.outcome == outcome)
        }
        #expect(asker.policy.userIndex("jose\u{301}") == .stranger)
        rules.rules[0].condition.users = [.group("\u{e9}quipe")]
        asker = try PolicyAsker(rules)
        #expect(asker.decide(.ask("a.example", user: "eve", groups: ["\u{e9}quipe"])).outcome == .allow)
        #expect(asker.decide(.ask("a.example", user: "eve", groups: ["e\u{301}quipe"])).outcome == .deny)
    }

    @Test("a group of credentials matches as one of the policy does, for a stranger too, and never for the unknown")
    func groups() throws {
        var rules = PolicyRules(
            .deny { $0.users = [.group("banned")] },
            .allow {
                $0.users = [.group("ops")]
                $0.exceptions = [Condition { $0.users = [.group("guests")] }]
            }
        )
        rules.groups = ["ops": ["anna"]]
        rules.takesGroups = true
        var asker = try PolicyAsker(rules)
        func outcome(_ user: String?, _ groups: String...) -> Decision.Outcome {
            asker.decide(.ask("a.example", user: user, groups: groups)).outcome
        }
        #expect(outcome("anna") == .allow && outcome("eve") == .deny && outcome("eve", "ops") == .allow)
        #expect(outcome("anna", "guests") == .deny && outcome("eve", "ops", "guests") == .deny)
        #expect(outcome("anna", "banned") == .deny && outcome("eve", "other", "Ops") == .deny)
        #expect(outcome(nil, "ops") == .authenticate)
        #expect(asker.policy.groupSet(["other"]).isEmpty && !asker.policy.groupSet(["other", "ops"]).isEmpty)
    }

    @Test("users are asked for where a rule names them, in an exception too; a group alone asks nobody")
    func namesUsers() throws {
        var rules = PolicyRules(.allow())
        rules.groups = ["ops": ["bo"]]
        #expect(try !CompiledPolicy(rules).namesUsers)
        #expect(try CompiledPolicy(PolicyRules(.limit { $0.users = [.anyone] })).namesUsers)
        let exception = Condition { $0.users = [.user("anna")] }
        #expect(try CompiledPolicy(PolicyRules(.allow { $0.exceptions = [exception] })).namesUsers)
    }

    @Test("a remote client may come if an allow rule covers it, or names users and no client")
    func mayAdmit() throws {
        let ten = try CIDR("10.0.0.0/8")
        let inside = try address("10.1.2.3")
        func admits(_ rule: Rule, _ client: IPAddress) throws -> Bool {
            try CompiledPolicy(PolicyRules(rule)).mayAdmit(client)
        }
        #expect(try admits(.allow { $0.from = [ten] }, inside))
        #expect(try admits(.allow { $0.from = [ten] }, address("::ffff:10.1.2.3")))
        #expect(try !admits(.allow { $0.from = [ten] }, .client))
        #expect(try !admits(.allow(), inside))
        #expect(try !admits(.deny { $0.from = [ten] }, inside))
        #expect(try !admits(.limit { $0.from = [ten] }, inside))
        #expect(try admits(.allow { $0.users = [.anyone] }, inside))
        let both = Rule.allow {
            $0.users = [.anyone]
            $0.from = [ten]
        }
        #expect(try admits(both, inside) && !admits(both, .client))
        var report = Rule.allow { $0.from = [ten] }
        report.isReportOnly = true
        #expect(try !admits(report, inside))
    }

    @Test("what a rule does is told by its index")
    func actions() throws {
        var permission = Permission()
        permission.allowsPrivate = true
        permission.route = NamedRoute(["up"])
        var rejection = Rejection()
        rejection.status = 451
        var limit = UsageLimit()
        limit.tunnels = 3
        let rules = PolicyRules(
            Rule(.allow(permission)),
            Rule(.deny(rejection), isReportOnly: true),
            Rule(.limit(limit))
        )
        let policy = try CompiledPolicy(rules, routes: RouteSettings(parents: ["up"]))
        #expect(policy.permission(of: 0) == permission && policy.rejection(of: 0) == nil && policy.limit(of: 0) == nil)
        #expect(policy.permission(of: 1) == nil && policy.rejection(of: 1) == rejection && policy.limit(of: 1) == nil)
        #expect(policy.permission(of: 2) == nil && policy.rejection(of: 2) == nil && policy.limit(of: 2) == limit)
        #expect(policy.facts(of: 0) == [.allows, .allowsPrivate, .hasRoute, .isWhole])
        #expect(policy.facts(of: 1) == .isReportOnly && policy.facts(of: 2) == [])
        for none in [3, Decision.noRule, Decision.unmatched] {
            #expect(policy.facts(of: none) == [] && policy.rule(none) == nil && policy.permission(of: none) == nil)
            #expect(policy.rejection(of: none) == nil && policy.limit(of: none) == nil)
        }
    }

    @Test("facts tell of ports, names, changes to fields and blocks")
    func facts() throws {
        var permission = Permission()
        permission.exceptions = [try CIDR("10.0.0.0/8")]
        permission.responseFields.drop = ["Server"]
        func facts(_ condition: Condition) throws -> RuleFlags {
            try CompiledPolicy(PolicyRules(Rule(.allow(permission), when: condition))).facts(of: 0)
        }
        let base: RuleFlags = [.allows, .hasExceptions, .editsFields]
        #expect(try facts(Condition()) == base)
        #expect(try facts(Condition { $0.ports = [22...22] }) == base.union(.namesPorts))
        #expect(try facts(Condition { $0.hosts = [.name("a.example")] }) == base.union(.isByName))
        #expect(try facts(Condition { $0.hosts = [.under("example")] }) == base.union(.isByName))
        #expect(try facts(Condition { $0.hosts = [.any, .network(permission.exceptions[0])] }) == base)
    }

    @Test("private: true opens private networks, blocks open what is in them, and a rule without either nothing")
    func opens() throws {
        var all = Permission()
        all.allowsPrivate = true
        var some = Permission()
        some.exceptions = [try CIDR("169.254.0.0/16")]
        let policy = try CompiledPolicy(PolicyRules(Rule(.allow(all)), Rule(.allow(some)), .allow(), .deny()))
        let linkLocal = try address("169.254.1.1")
        let inner = try address("10.0.0.1")
        #expect(policy.opens(inner, rule: 0) && !policy.opens(linkLocal, rule: 0))
        #expect(!policy.opens(inner, rule: 1) && policy.opens(linkLocal, rule: 1))
        for rule in [2, 3, Decision.noRule] {
            #expect(!policy.opens(inner, rule: rule) && !policy.opens(linkLocal, rule: rule))
        }
    }
}
