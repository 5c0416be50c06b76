import ApusAdvice
import ApusPolicy
import ApusWire
import Testing

@Suite("A name inside a tunnel, explained")
struct InsideFindingTests {
    private func report(
        _ name: String?,
        host: String = "good.example",
        to address: String? = "93.184.216.34",
        method: String = "CONNECT",
        change: (inout PolicyRules, inout InsideQuestion) -> Void = { _, _ in }
    ) throws -> ExplanationReport {
        var bad = Condition()
        bad.hosts = [.under("bad.example")]
        var mirror = Condition()
        mirror.hosts = [.name("mirror.example")]
        var open = Permission()
        open.tls = .any
        var policy = PolicyRules()
        policy.rules = [
            Rule(.deny(Rejection()), when: bad, name: "no bad", position: SourcePosition(file: "p", line: 2)),
            Rule(.allow(Permission()), when: mirror, name: "mirror", position: SourcePosition(file: "p", line: 3)),
            Rule(.allow(open), name: "rest", position: SourcePosition(file: "p", line: 4)),
        ]
        var inside = InsideQuestion(name: name)
        change(&policy, &inside)
        return ExplanationReport(
            policy,
            access: AccessRules(),
            question: PolicyQuestion(method, host: host, port: 443, path: "", from: IPAddress(v4: 0x7f00_0001)),
            addresses: address.flatMap { IPAddress($0) }.map { [$0] } ?? [],
            inside: inside
        )
    }

    @Test(
        "a rule that denies it is told with its place, and how the tunnel ends",
        arguments: ["good.example", "93.184.216.34"]
    )
    func denied(_ host: String) throws {
        let report = try report("www.bad.example", host: host)
        #expect(report.text.contains("inside:   www.bad.example: refused: no bad (p:2:1) denies it\n"))
        #expect(report.text.contains("answer:   The tunnel opens, and ends with a TLS alert: The TLS ClientHello"))
        #expect(
            report.json.contains(
                #""inside":{"name":"www.bad.example","measure":"rules","passes":false,"refusal":"server_name_denied","rule":"no bad"}"#
            )
        )
    }

    @Test("what no rule denies passes, and another name than a rule by name allowed does not") func host() throws {
        #expect(try report("other.example").text.contains("inside:   other.example: passes: no rule denies it\n"))
        let mirror = try report("other.example", host: "mirror.example")
        #expect(mirror.text.contains("other.example: refused: it is not mirror.example, which a rule by name allowed"))
        #expect(mirror.inside?.refusal == .serverNameMismatch && mirror.inside?.measure == .host)
        #expect(try report("mirror.example", host: "mirror.example").inside?.passes == true)
        let all = try report("other.example") { $1.isForAll = true }
        #expect(all.inside?.refusal == .serverNameMismatch)
        #expect(try report("other.example", host: "93.184.216.34") { $1.isForAll = true }.inside?.passes == true)
    }

    @Test("report mode lets it pass and says so; off, nothing is looked at") func modes() throws {
        let reported = try report("www.bad.example") { $1.check.mode = .report }
        #expect(reported.text.contains("passes, and is recorded: no bad (p:2:1) denies it"))
        #expect(reported.outcome.sentence == "The request is served.")
        let rule = try report("www.bad.example") { policy, _ in policy.rules[0].isReportOnly = true }
        #expect(rule.inside?.measure == .reportingRules && rule.inside?.passes == true)
        let off = try report("www.bad.example") { $1.check.mode = .off }
        #expect(off.text.contains("inside:   www.bad.example: not looked at\n"))
    }

    @Test("which protocols pass is told without a name as well, and what to write for others") func protocols() throws {
        let open = try report(nil)
        #expect(open.inside == nil && open.text.contains("tunnel:   any protocol may pass\n"))
        #expect(open.json.contains(#""tunnel":{"protocols":"any","measure":"rules"}"#))
        let named = try report(nil, host: "mirror.example")
        let hint = "Its rule (mirror, p:3:1) takes TLS alone; write `tls: any` in it to let other protocols pass."
        #expect(named.text.contains("tunnel:   TLS alone may pass. \(hint)\n"))
        #expect(named.json.contains(#""tunnel":{"protocols":"tls","measure":"host","hint":"Its rule"#))
        let any = try report("other.example", host: "mirror.example") { policy, _ in
            policy.rules[1].action = policy.rules[2].action
        }
        #expect(any.tunnel?.measure == .hostOrPlain && any.tunnel?.takesAny == true && any.tunnel?.hint == nil)
        #expect(any.inside?.refusal == .serverNameMismatch)
        let reported = try report(nil, host: "mirror.example") { $1.check.mode = .report }
        #expect(reported.text.contains("tunnel:   TLS alone may pass, others are recorded. "))
        let lifted = try report(nil, host: "mirror.example") { $1.check.notTLS = .allow }
        #expect(lifted.tunnel?.takesAny == true)
        let strict = try report(nil) { $1.check.denials.notTLS = .deny }
        #expect(strict.text.contains("Its rule (rest, p:4:1) takes any protocol; one in front of it reads requests"))
        #expect(try report(nil, method: "GET").tunnel == nil)
    }

    @Test("a tunnel to port 80 is refused with its reason, unless its rule says any or the settings let it pass")
    func port80() throws {
        func report(_ tls: TunnelTLS?, _ check: ServerNameCheck? = nil) -> ExplanationReport {
            var permission = Permission()
            permission.tls = tls
            var policy = PolicyRules()
            policy.rules = [Rule(.allow(permission), name: "rest")]
            return ExplanationReport(
                policy,
                access: AccessRules(connectPorts: .all),
                question: PolicyQuestion("CONNECT", host: "a.example", port: 80, from: IPAddress(v4: 0x7f00_0001)),
                addresses: [IPAddress(v4: 0x5db8_d822)],
                inside: check.map { InsideQuestion(check: $0) }
            )
        }
        for tls in [nil, TunnelTLS.required] {
            let refused = report(tls, ServerNameCheck())
            #expect(refused.outcome.status == 403 && refused.outcome.sentence.contains("proxyTunnel: false"))
            #expect(!refused.isLookedUp && refused.tunnel == nil && report(tls).outcome.status == 403)
        }
        #expect(report(.any, ServerNameCheck()).outcome.status == nil)
        for change: (inout ServerNameCheck) -> Void in [
            { $0.mode = .report }, { $0.mode = .off }, { $0.notTLS = .allow },
        ] {
            var check = ServerNameCheck()
            change(&check)
            #expect(report(nil, check).outcome.status == nil)
        }
    }

    @Test("there is nothing inside what is refused, or is no tunnel") func none() throws {
        #expect(try report("a.example", host: "www.bad.example").inside == nil)
        #expect(try report("a.example", method: "GET").inside == nil)
        #expect(try report("a.example", to: "10.0.0.1").inside == nil)
    }

    @Test("a name that asks for credentials, or that no rule allows, is told as such") func others() throws {
        let asking = try report("www.bad.example") { policy, _ in
            policy.rules[0].action = .allow(Permission())
            policy.rules[0].condition.users = [.anyone]
        }
        #expect(asking.text.contains("refused: no bad (p:2:1) asks for credentials"))
        let excepted = try report("www.bad.example") { policy, _ in
            policy.rules[2].condition.exceptions = [policy.rules[0].condition]
            policy.rules.removeFirst()
        }
        #expect(excepted.text.contains("refused: no rule allows it"))
    }
}
