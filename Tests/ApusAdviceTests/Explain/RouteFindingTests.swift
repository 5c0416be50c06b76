import ApusAdvice
import ApusPolicy
import ApusWire
import Testing

@Suite("by which way, and why, in a report")
struct RouteFindingTests {
    private func report(_ host: String, _ method: String = "GET", _ change: (inout RouteSettings) -> Void = { _ in })
        throws -> ExplanationReport
    {
        var partner = Permission()
        partner.route = NamedRoute(["backup", "direct"])
        var condition = Condition()
        condition.hosts = [.under("partner.example")]
        var none = Condition()
        none.hosts = [.name("no.example")]
        var policy = PolicyRules()
        policy.rules = [
            Rule(.allow(partner), when: condition, name: "partner", position: SourcePosition(file: "p", line: 2)),
            Rule(.deny(Rejection()), when: none), Rule(.allow(Permission())),
        ]
        policy.lists["near"] = HostList(names: ["l.example"])
        var report = ExplanationReport(
            policy,
            access: AccessRules(),
            question: PolicyQuestion(method, host: host, port: 443, from: IPAddress(v4: 0x7f00_0001)),
            addresses: []
        )
        report.routes = RouteSettings(
            parents: ["office", "backup"],
            standard: NamedRoute(["office"]),
            bypass: [.name("corp.example"), .under("corp.example"), .network(try CIDR("8.8.8.0/24")), .list("near")]
        )
        change(&report.routes)
        return report
    }

    @Test("a rule, bypass and the default are told with what says so")
    func reasons() throws {
        let rule = try report("a.partner.example")
        #expect(
            rule.route?.reason == .rule && rule.text.contains("route:    backup, direct: partner (p:2:1) says so\n")
        )
        #expect(rule.json.contains("\"route\":[\"backup\",\"direct\"],\"route_reason\":\"rule\""))
        for host in ["corp.example", "a.corp.example", "8.8.8.8", "l.example"] {
            let finding = try report(host)
            #expect(finding.route?.reason == .bypass && finding.route?.route == .direct, "\(host)")
        }
        #expect(
            try report("a.corp.example").text.contains(
                "route:    direct: *.corp.example is left out of the default (office)\n"
            )
        )
        let standard = try report("a.example", "CONNECT")
        #expect(standard.route?.reason == .standard && standard.text.contains("route:    office: the default\n"))
        #expect(standard.json.contains("\"route\":[\"office\"],\"route_reason\":\"default\""))
    }

    @Test("nothing is told where nobody says a way, nor of what is refused")
    func nothing() throws {
        #expect(try report("a.example", "GET") { $0.standard = nil }.route == nil)
        let refused = try report("no.example")
        #expect(refused.route == nil && !refused.text.contains("route:") && !refused.json.contains("route"))
        var name = try report("a.example")
        name.nameRefusal = .singleLabelName
        #expect(name.route == nil && name.outcome.status == 403)
    }

    @Test(
        "it agrees with the policy that requests are decided by",
        arguments: [
            "a.partner.example", "corp.example", "xcorp.example", "8.8.8.8", "8.8.9.8", "l.example", "a.l.example",
        ]
    )
    func agrees(_ host: String) throws {
        let report = try report(host)
        let policy = try CompiledPolicy(report.policy, routes: report.routes)
        var scratch = PolicyScratch(policy)
        let literal = IPAddress(host)
        let query = PolicyQuery(
            client: IPAddress(v4: 0x7f00_0001),
            port: 443,
            address: literal,
            hostIsAddress: literal != nil
        )
        let (method, name, path) = (Array("GET".utf8), Array(host.utf8), Array("/".utf8))
        let decision = policy.decide(query, method: method.span, host: name.span, path: path.span, scratch: &scratch)
        #expect(decision.route.reason == report.route?.reason)
        let hops = (report.route?.route.hops ?? []).map { hop in
            report.routes.parents.firstIndex(of: hop).map { RouteHop.parent(UInt8($0)) } ?? .direct
        }
        #expect(policy.plan(of: decision.route.index) == RoutePlan(hops, .inOrder))
    }
}
