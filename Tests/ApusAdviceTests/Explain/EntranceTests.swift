import ApusAdvice
import ApusPolicy
import ApusWire
import Testing

@Suite("Where a client comes in")
struct EntranceTests {
    private let loopback = IPAddress(v4: 0x7f00_0001)
    private let office = IPAddress(v4: 0x0a01_0203)
    private let stranger = IPAddress(v4: 0xc000_0207)

    private func entrance(isLoopback: Bool = false, requires: Bool = false) -> Entrance {
        Entrance(listener: "0.0.0.0:3128", isLoopback: isLoopback, requiresCredentials: requires)
    }

    private func allowing(_ change: (inout Condition) -> Void) -> PolicyRules {
        var rules = PolicyRules()
        var condition = Condition()
        change(&condition)
        rules.rules = [Rule(.allow(Permission()), when: condition)]
        return rules
    }

    @Test("a client of this machine is served on loopback, and elsewhere covered or not as any other") func machine() {
        let none = AccessRules()
        #expect(entrance(isLoopback: true).admission(of: loopback, PolicyRules(), none) == .loopback)
        #expect(entrance().admission(of: loopback, PolicyRules(), none) == .refused)
        #expect(entrance(isLoopback: true).admission(of: stranger, PolicyRules(), none) == .refused)
    }

    @Test("allow-from, the from or user of an allow rule, or credentials let a client in") func covers() throws {
        let access = AccessRules(allowFrom: [try CIDR("10.0.0.0/8")])
        let none = AccessRules()
        #expect(entrance().admission(of: office, PolicyRules(), access) == .allowFrom)
        #expect(entrance().admission(of: stranger, PolicyRules(), access) == .refused)
        let net = try CIDR("192.0.2.0/24")
        #expect(entrance().admission(of: stranger, allowing { $0.from = [net] }, none) == .rules)
        #expect(entrance().admission(of: office, allowing { $0.from = [net] }, none) == .refused)
        #expect(entrance().admission(of: stranger, allowing { $0.users = [.anyone] }, none) == .rules)
        #expect(entrance().admission(of: stranger, allowing { $0.hosts = [.any] }, none) == .refused)
        #expect(entrance(requires: true).admission(of: stranger, PolicyRules(), none) == .credentials)
    }

    @Test("who is not served gets 403 whatever the rules say, and who shows nothing where all must 407") func outcome()
    {
        func report(_ entrance: Entrance, user: PolicyQuestion.User = .unknown) -> ExplanationReport {
            ExplanationReport(
                allowing { _ in },
                access: AccessRules(),
                question: PolicyQuestion(host: "93.184.216.34", from: stranger, user: user),
                addresses: [],
                entrance: entrance
            )
        }
        let refused = report(entrance())
        #expect(refused.outcome.status == 403 && refused.admission == .refused)
        #expect(refused.outcome.sentence == Refusal.clientNotAllowed.sentence.description)
        #expect(refused.text.contains("client:   192.0.2.7 on 0.0.0.0:3128: not served"))
        #expect(refused.json.contains(#""listener":"0.0.0.0:3128","admission":"refused""#))
        #expect(report(entrance(requires: true)).outcome.status == 407)
        #expect(report(entrance(requires: true), user: .named("anna")).outcome.status == nil)
    }
}
