import ApusAdvice
import ApusPolicy
import ApusSamples
import ApusWire
import Testing

@Suite("by which way a request goes")
struct RouteTableTests {
    private func allow(_ hosts: [HostPattern], _ route: NamedRoute?) -> Rule {
        var permission = Permission()
        permission.route = route
        var condition = Condition()
        condition.hosts = hosts
        return Rule(.allow(permission), when: condition)
    }

    private func ask(_ policy: CompiledPolicy, _ host: String, port: UInt16 = 80) -> (RouteReason, RoutePlan) {
        var scratch = PolicyScratch(policy)
        let literal = IPAddress(host)
        let query = PolicyQuery(
            client: IPAddress(v4: 0x7f00_0001),
            port: port,
            address: literal,
            hostIsAddress: literal != nil
        )
        let (method, name, path) = (Array("GET".utf8), Array(host.utf8), Array("/".utf8))
        let decision = policy.decide(
            query,
            method: method.span,
            host: name.span,
            path: path.span,
            scratch: &scratch
        )
        return (decision.route.reason, policy.plan(of: decision.route.index))
    }

    private let parents = ["office", "backup"]
    private let office = RoutePlan([.parent(0)], .inOrder)
    private let backup = RoutePlan([.parent(1)], .inOrder)

    @Test("where nobody says a way it is the direct one, and no policy has routes")
    func nobody() throws {
        let policy = try CompiledPolicy(PolicyRules(allow([], nil)), routes: RouteSettings(parents: parents))
        #expect(!policy.hasRoutes)
        #expect(ask(policy, "a.example") == (.nobody, .direct))
    }

    @Test("a rule's way goes before the default and before bypass, the default before nothing")
    func order() throws {
        let routes = RouteSettings(
            parents: parents,
            standard: NamedRoute(["office"]),
            bypass: [.name("in.example"), .under("in.example"), .name("ruled.example")]
        )
        let rules = PolicyRules(
            allow([.name("ruled.example")], NamedRoute(["backup"])),
            allow([.name("out.example")], .direct),
            allow([], nil)
        )
        let policy = try CompiledPolicy(rules, routes: routes)
        #expect(policy.hasRoutes)
        #expect(ask(policy, "ruled.example") == (.rule, backup))
        #expect(ask(policy, "out.example") == (.rule, .direct))
        #expect(ask(policy, "in.example") == (.bypass, .direct))
        #expect(ask(policy, "a.in.example") == (.bypass, .direct))
        #expect(ask(policy, "a.example") == (.standard, office))
    }

    @Test("the default holds without rules, and where rules only report")
    func withoutRules() throws {
        let routes = RouteSettings(parents: parents, standard: NamedRoute(["office"]), bypass: [.name("a.example")])
        let none = try CompiledPolicy(PolicyRules(), routes: routes)
        #expect(none.isEmpty && none.hasRoutes)
        #expect(ask(none, "b.example") == (.standard, office) && ask(none, "a.example") == (.bypass, .direct))
        var rules = PolicyRules(Rule(.deny(Rejection())))
        rules.isReportOnly = true
        #expect(ask(try CompiledPolicy(rules, routes: routes), "b.example") == (.standard, office))
    }

    @Test("a network in bypass is meant of hosts that are addresses, a list of its own hosts")
    func patterns() throws {
        var rules = PolicyRules(allow([], nil))
        rules.lists["near"] = HostList(names: ["l.example"])
        let network = try CIDR("10.0.0.0/8")
        let routes = RouteSettings(
            parents: parents,
            standard: NamedRoute(["office"]),
            bypass: [.network(network), .list("near"), .name("192.0.2.1")]
        )
        let policy = try CompiledPolicy(rules, routes: routes)
        for host in ["10.1.2.3", "192.0.2.1", "l.example", "::ffff:10.1.2.3"] {
            #expect(ask(policy, host).0 == .bypass, "\(host)")
        }
        for host in ["11.1.2.3", "192.0.2.2", "k.example"] { #expect(ask(policy, host).0 == .standard, "\(host)") }
    }

    @Test("what is refused has no way, nor what waits for addresses")
    func refused() throws {
        let network = try CIDR("192.0.2.0/24")
        let routes = RouteSettings(parents: parents, standard: NamedRoute(["office"]))
        let denies = try CompiledPolicy(PolicyRules(Rule(.deny(Rejection()))), routes: routes)
        #expect(ask(denies, "a.example") == (.nobody, .direct))
        let waits = try CompiledPolicy(
            PolicyRules(allow([.network(network)], NamedRoute(["backup"])), allow([], nil)),
            routes: routes
        )
        #expect(ask(waits, "a.example") == (.nobody, .direct))
        #expect(ask(waits, "192.0.2.1") == (.rule, backup))
    }

    @Test("rules that differ in their way alone serve no request alike")
    func alike() throws {
        let rules = PolicyRules(
            allow([.name("a.example")], NamedRoute(["office"])),
            allow([.name("b.example")], NamedRoute(["office"])),
            allow([.name("c.example")], NamedRoute(["backup"]))
        )
        let policy = try CompiledPolicy(rules, routes: RouteSettings(parents: parents))
        #expect(policy.servesAlike(0, 1) && !policy.servesAlike(0, 2))
    }

    @Test("unknown parents and lists are faults, each at its rule, and no policy is made")
    func faults() throws {
        let position = SourcePosition(file: "x.yaml", line: 3)
        var rule = allow([], NamedRoute(["ofice"]))
        rule.position = position
        let routes = RouteSettings(parents: parents, standard: NamedRoute(["nobody"]), bypass: [.list("gone")])
        let fault = #expect(throws: PolicyFault.self) { try CompiledPolicy(PolicyRules(rule), routes: routes) }
        let expected: [PolicyFault.Kind] = [
            .route(.unknownParent("ofice", known: parents)),
            .standardRoute(.unknownParent("nobody", known: parents)),
            .unknownBypassList("gone", known: []),
        ]
        #expect(fault?.problems.map(\.kind) == expected && fault?.problems.first?.position == position)
        // Without parents a rule may say direct alone.
        #expect(throws: PolicyFault.self) { try CompiledPolicy(PolicyRules(rule)) }
        #expect(try CompiledPolicy(PolicyRules(allow([], .direct))).hasRoutes)
    }

    @Test("a policy with other routes is another one")
    func sharing() throws {
        let rules = PolicyRules(allow([], nil))
        let routes = RouteSettings(parents: parents, standard: NamedRoute(["office"]))
        let first = try CompiledPolicy(rules, routes: routes)
        #expect(try CompiledPolicy(rules, routes: routes, sharing: first).isShared(with: first))
        #expect(try !CompiledPolicy(rules, sharing: first).isShared(with: first))
    }
}
