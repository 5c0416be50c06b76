import ApusAdvice
import ApusPolicy
import ApusWire
import Testing

@Suite("A report of an explanation")
struct ExplanationReportTests {
    private let policy: PolicyRules
    private let client = IPAddress(v4: 0x7f00_0001)

    init() throws {
        var social = Condition()
        social.hosts = [.under("social.example")]
        var wiki = Condition()
        wiki.hosts = [.name("wiki.internal.example")]
        wiki.users = [.user("anna")]
        var open = Permission()
        open.allowsPrivate = true
        var bounds = UsageLimit()
        bounds.requests = UsageLimit.Rate(50, per: 1_000_000)
        var net = Condition()
        net.hosts = [.network(try CIDR("192.0.2.0/24"))]
        policy = {
            var policy = PolicyRules()
            policy.rules = [
                Rule(.deny(Rejection()), when: social, name: "no social", position: SourcePosition(file: "p", line: 2)),
                Rule(.allow(open), when: wiki, name: "wiki", position: SourcePosition(file: "p", line: 3)),
                Rule(.deny(Rejection()), when: net, name: "no net", position: SourcePosition(file: "p", line: 4)),
                Rule(.limit(bounds), name: "bounds", position: SourcePosition(file: "p", line: 5)),
                Rule(.allow(Permission()), name: "rest", position: SourcePosition(file: "p", line: 6)),
            ]
            return policy
        }()
    }

    private func report(
        _ host: String,
        method: String = "GET",
        user: PolicyQuestion.User = .unknown,
        to addresses: [String] = [],
        port: UInt16 = 80
    ) throws -> ExplanationReport {
        ExplanationReport(
            policy,
            access: AccessRules(),
            question: PolicyQuestion(method, host: host, port: port, from: client, user: user),
            addresses: try addresses.map { try #require(IPAddress($0)) }
        )
    }

    @Test("the times of the rule that serves the request are told, and those of no other") func timeouts() throws {
        var policy = policy
        var slow = Permission()
        slow.timeouts.firstByte = .seconds(300)
        policy.rules[4].action = .allow(slow)
        func report(_ host: String, method: String = "GET") -> ExplanationReport {
            let question = PolicyQuestion(method, host: host, port: 443, from: client)
            let address = IPAddress(v4: 0x5db8_d822)
            return ExplanationReport(policy, access: AccessRules(), question: question, addresses: [address])
        }
        let served = report("a.example")
        #expect(served.timeouts == slow.timeouts)
        #expect(served.text.contains("timeouts: first-byte 5m, in place of the settings\n"))
        #expect(served.json.contains(#""timeouts":{"first-byte":"5m"}"#))
        for other in [report("a.social.example"), report("a.example", method: "CONNECT")] {
            #expect(other.timeouts.isEmpty && !other.text.contains("timeouts") && !other.json.contains("timeouts"))
        }
    }

    @Test("a rule that denies is told with its place and the answer") func denied() throws {
        let report = try report("a.social.example")
        #expect(report.outcome.status == 403)
        #expect(report.text.contains("decision: denied by no social (p:2:1)"))
        #expect(report.text.contains("answer:   403: The rule “no social”"))
        #expect(report.text.contains("rest"))
        #expect(report.json.contains(#""status":403"#))
        #expect(report.json.contains(#""decision":{"outcome":"deny","rule":"no social"}"#))
    }

    @Test("each rule in front says why it was passed over") func passedOver() throws {
        let text = try report("wiki.internal.example", user: .named("anna"), to: ["10.0.0.1"]).text
        #expect(text.contains("passed over: to is wiki.internal.example (10.0.0.1), not *.social.example"))
        #expect(text.contains("decision: allowed by wiki (p:3:1)"))
        #expect(text.contains("address:  10.0.0.1: may be dialled"))
        #expect(text.contains("limit:    bounds (p:5:1): requests 50/s, by user"))
        #expect(text.contains("answer:   The request is served."))
    }

    @Test("without credentials it asks for them") func asks() throws {
        let report = try report("wiki.internal.example")
        #expect(report.outcome.status == 407)
        #expect(report.text.contains("wiki (p:3:1) depends on the user"))
    }

    @Test("addresses are judged by the rules, and by the guard") func addresses() throws {
        let open = try report("a.example")
        #expect(open.decision.outcome == .lookUp && open.dependsOnAddresses)
        let mixed = try report("a.example", to: ["10.0.0.1", "93.184.216.34"])
        #expect(mixed.outcome.status == nil)
        #expect(mixed.text.contains("10.0.0.1: refused:"))
        let denied = try report("a.example", to: ["192.0.2.7"])
        #expect(denied.outcome.status == 403 && denied.outcome.sentence.contains("no net"))
        let prohibited = try report("10.0.0.1")
        #expect(prohibited.outcome.status == 403 && prohibited.json.contains(#""refusal":"private_use""#))
        #expect(try report("a.invalid").outcome.status == 502)
    }

    @Test("a tunnel to another port is refused by connect-ports") func ports() throws {
        let report = try report("93.184.216.34", method: "CONNECT", port: 22)
        #expect(report.outcome.status == 403 && report.outcome.sentence.contains("CONNECT"))
        #expect(try self.report("93.184.216.34", method: "CONNECT", port: 443).outcome.status == nil)
    }

    @Test("whether a name would be looked up is told: not where its answer is known without") func lookUps() throws {
        var ten = Condition()
        ten.hosts = [.network(try CIDR("10.0.0.0/8"))]
        var named = Condition()
        named.hosts = [.name("a.example")]
        var anna = ten
        anna.users = [.user("anna")]
        var policy = PolicyRules()
        func report(_ host: String, _ method: String = "GET", port: UInt16 = 80) -> ExplanationReport {
            let question = PolicyQuestion(method, host: host, port: port, from: client)
            return ExplanationReport(policy, access: AccessRules(), question: question, addresses: [])
        }
        policy.rules = [
            Rule(.deny(Rejection()), when: ten, name: "ten"), Rule(.allow(Permission()), when: named, name: "named"),
            Rule(.deny(Rejection()), name: "rest"),
        ]
        #expect(report("a.example").isLookedUp && report("a.example").text.contains("look-up:  a.example\n"))
        let denied = report("b.example")
        #expect(!denied.isLookedUp && denied.outcome.status == 403 && denied.decision == Decision(.deny, rule: 2))
        #expect(denied.text.contains("look-up:  none: no resolver is told of b.example\n"))
        #expect(denied.text.contains("rest   rule in code  deny: matches, and decides"))
        #expect(denied.json.contains(#""looked_up":false"#) && report("a.example").json.contains(#""looked_up":true"#))
        #expect(!report("93.184.216.34").text.contains("look-up:"))
        policy.rules = [Rule(.allow(Permission()), when: ten, name: "ten")]
        #expect(report("b.example").isLookedUp && !report("10.0.0.1").isLookedUp)
        #expect(!report("localhost").isLookedUp && !report("a.invalid").isLookedUp)
        #expect(report("b.example", "CONNECT", port: 443).isLookedUp)
        let closed = report("b.example", "CONNECT", port: 22)
        #expect(!closed.isLookedUp && closed.outcome.status == 403 && closed.outcome.sentence.contains("CONNECT"))
        policy.rules.append(Rule(.allow(Permission()), when: anna, name: "anna"))
        #expect(report("b.example").isLookedUp)
        policy.rules.swapAt(0, 1)
        let asked = report("b.example")
        #expect(!asked.isLookedUp && asked.outcome.status == 407)
        #expect(asked.text.contains("anna  rule in code  allow: depends on the addresses"))
        #expect(report("a.invalid").outcome.status == 407)
    }

    @Test("a policy that only reports says what it would do") func reporting() throws {
        var policy = policy
        policy.isReportOnly = true
        let question = PolicyQuestion(host: "a.social.example", from: client)
        let report = ExplanationReport(policy, access: AccessRules(), question: question, addresses: [])
        #expect(report.outcome.status == nil)
        #expect(report.text.contains("no social (p:2:1) would refuse it"))
        #expect(report.json.contains(#""would_deny":"no social""#))
    }

    @Test("what a client wrote cannot act in a terminal, nor end a JSON string") func escapes() throws {
        let question = PolicyQuestion("GET", host: "a\u{1b}[2J\"", path: "/\n", from: client)
        let report = ExplanationReport(policy, access: AccessRules(), question: question, addresses: [])
        #expect(!report.text.contains("\u{1b}") && !report.json.contains("\u{1b}"))
        #expect(report.json.contains(#"a\u001b[2j\""#))
    }

    @Test("no rules are said to be none") func none() throws {
        let question = PolicyQuestion(host: "93.184.216.34", from: client)
        let report = ExplanationReport(PolicyRules(), access: AccessRules(), question: question, addresses: [])
        #expect(report.text.contains("There are no rules") && report.outcome.status == nil)
    }
}
