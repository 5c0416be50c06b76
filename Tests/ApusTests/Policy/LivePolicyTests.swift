import Apus
import ApusFlow
import ApusPolicy
import ApusTesting
import ApusWire
import Testing

/// Random policies with networks before, between and behind names, and names with several addresses: what a running proxy does is what
/// the naive reading of the rules tells.
@Suite("What runs is what is explained", .timeLimit(.minutes(3)))
struct LivePolicyTests {
    private struct Seen: Sendable {
        let rules: PolicyRules
        let report: ExplanationReport
        let answer: RawResponse

        func label(_ rule: UInt16) -> String? {
            Int(rule) < rules.rules.count ? rules.rules[Int(rule)].label(index: Int(rule)) : nil
        }

        func reported(_ rule: UInt16) -> String? { rule == Decision.unmatched ? "no rule" : label(rule) }
    }

    @Test("rules by address and by name, reports and changes to fields both ways", arguments: [1, 2])
    func agree(seed: UInt64) async throws {
        let origins = try SeveralOrigins.telling((1...4).map { "127.0.0.\($0)" })
        let proxy = try await TestProxy.start(
            rules: rules(deny()),
            lookUp: { name in name.split(separator: ".").dropFirst().dropLast().map { "127.0.0.\($0)" } }
        ) { _ in }
        let access = AccessRules(connectPorts: .all, destinations: DestinationGuard(allowPrivate: true))
        let rounds = 300
        let seen = try await onOwnThread { [server = proxy.server, proxyPort = proxy.port, port = origins.port] in
            var dice = LiveDice(seed: seed)
            return try (0..<rounds).map { round -> Seen in
                let policy = dice.rules()
                try server.reload(rules: policy)
                let addresses = dice.addresses()
                // Each name is a new one: no connection to it is in the pool.
                let name = "r\(round).\(addresses.map { String($0) }.joined(separator: ".")).example"
                let path = dice.path()
                let client = try RawClient(port: proxyPort)
                defer { client.close() }
                let answer = try client.exchange(head("GET", "http://\(name):\(port)\(path)"))
                let report = ExplanationReport(
                    policy,
                    access: access,
                    question: PolicyQuestion(host: name, port: port, path: path, from: IPAddress(v4: 0x7f00_0001)),
                    addresses: addresses.map { IPAddress(v4: 0x7f00_0000 + UInt32($0)) }
                )
                return Seen(rules: policy, report: report, answer: answer)
            }
        }
        let records = try await proxy.settle(rounds)
        var served = 0
        for (seen, record) in zip(seen, records) {
            guard let outcome = seen.report.outcome.status else {
                served += 1
                check(seen, record)
                continue
            }
            #expect(seen.answer.status == Int(outcome), "\(seen.report.text)")
            #expect(record.rule == seen.label(seen.report.decision.rule), "\(record) \(seen.report.text)")
        }
        #expect(served > 60 && served < rounds - 60)
    }

    /// Whichever of the addresses answered, it was one that is dialled, with all that its rule gives, and nothing else.
    private func check(_ seen: Seen, _ record: AccessRecord) {
        let words = seen.answer.text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        let found = seen.report.addresses.first { $0.isDialled && $0.address.description == words.first }
        guard seen.answer.status == 200, words.count == 2, let decision = found?.explanation.decision else {
            Issue.record("\(seen.answer) \(record) \(seen.report.text)")
            return
        }
        var permission = Permission()
        if Int(decision.rule) < seen.rules.rules.count,
            case .allow(let own) = seen.rules.rules[Int(decision.rule)].action
        {
            permission = own
        }
        let given = permission.requestFields.set.first?.value ?? ""
        #expect(words[1] == given, "\(record) \(seen.report.text)")
        #expect((seen.answer.value("server") == nil) == !permission.responseFields.isEmpty, "\(seen.report.text)")
        #expect(record.rule == seen.label(decision.rule), "\(record) \(seen.report.text)")
        #expect(record.wouldDeny == seen.reported(decision.wouldDeny), "\(record) \(seen.report.text)")
        #expect(seen.report.isLookedUp)
    }
}

/// Policies about four addresses and the names that lead to them.
private struct LiveDice {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 }

    mutating func rules() -> PolicyRules {
        var policy = PolicyRules()
        policy.isReportOnly = roll(8) == 0
        for number in 0...roll(5) {
            var rule = Rule(action(number), when: condition(depth: 0), name: roll(2) == 0 ? "n\(number)" : nil)
            rule.isReportOnly = roll(5) == 0
            policy.rules.append(rule)
        }
        return policy
    }

    mutating func addresses() -> [Int] { (0...roll(3)).map { _ in 1 + roll(4) } }

    mutating func path() -> String { roll(2) == 0 ? "/" : "/x" }

    private mutating func action(_ number: Int) -> RuleAction {
        guard roll(3) > 0 else { return .deny(Rejection()) }
        var permission = Permission()
        if roll(2) == 0 { permission.requestFields.set = [.init(name: "X-Given", value: "v\(roll(2))")] }
        if roll(3) == 0 { permission.responseFields.drop = ["Server"] }
        return .allow(permission)
    }

    private mutating func condition(depth: Int) -> Condition {
        var condition = Condition()
        if roll(5) == 0 { condition.paths = ["/x"] }
        if roll(6) > 0 { condition.hosts = (0...roll(2)).compactMap { _ in host() } }
        if depth < 2, roll(4) == 0 { condition.exceptions = [self.condition(depth: depth + 1)] }
        return condition
    }

    private mutating func host() -> HostPattern? {
        switch roll(6) {
        case 0: .under("example")
        case 1: .under("1.example")
        case 2: (try? CIDR("127.0.0.2/31")).map { .network($0) }
        default: .network(CIDR(IPAddress(v4: 0x7f00_0001 + UInt32(roll(4)))))
        }
    }

    private mutating func roll(_ below: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % below
    }
}
