import ApusAdvice
import ApusPolicy
import ApusSamples
import ApusWire

/// Random policies that speak of networks and of names, and requests for names with several addresses: from a small world, so that
/// they meet often.
struct ChoiceDice {
    private var random: SplitMix

    private static let names = ["a.example", "b.example", "c.org"]
    private static let addresses = [
        "10.0.0.1", "10.0.0.2", "93.184.216.34", "93.184.216.35", "2a00::1", "2a00::2", "fd00::1",
    ]
    private static let blocks = [
        "10.0.0.0/8", "10.0.0.1", "10.0.0.2", "93.184.216.0/24", "93.184.216.34", "0.0.0.0/0", "::/0", "2a00::/16",
        "2a00::2",
    ]

    init(seed: UInt64) { random = SplitMix(seed: seed) }

    mutating func rules() -> PolicyRules {
        var rules = PolicyRules()
        rules.isReportOnly = chance(12)
        for _ in 0...roll(6) {
            var rule = Rule(action(), when: condition(depth: 0), isReportOnly: false)
            rule.isReportOnly = chance(5)
            rules.rules.append(rule)
        }
        if chance(2) { rules.rules.append(Rule(.allow(Permission()))) }
        return rules
    }

    mutating func question() -> PolicyQuestion {
        let isTunnel = chance(4)
        return PolicyQuestion(
            isTunnel ? "CONNECT" : "GET",
            host: chance(8) ? pick(Self.addresses) : pick(Self.names),
            port: isTunnel ? pick([443, 443, 22]) : pick([80, 8080]),
            path: isTunnel ? "" : pick(["/", "/x"]),
            from: IPAddress(v4: 0x7f00_0001),
            user: chance(3) ? .named(pick(["anna", "bo"])) : .unknown
        )
    }

    mutating func addresses() -> [IPAddress] {
        (0...roll(4)).compactMap { _ in IPAddress(pick(Self.addresses)) }
    }

    private mutating func action() -> RuleAction {
        switch roll(7) {
        case 0...3:
            var permission = Permission()
            if chance(3) { permission.allowsPrivate = true }
            if chance(4), let block = try? CIDR(pick(Self.blocks)) { permission.exceptions = [block] }
            if chance(3) { permission.requestFields.set = [.init(name: "X-Team", value: pick(["a", "b"]))] }
            if chance(4) { permission.responseFields.drop = ["Server"] }
            if chance(4) { permission.timeouts.firstByte = pick([.seconds(1), .seconds(2)]) }
            return .allow(permission)
        case 4, 5: return .deny(Rejection())
        default:
            var limit = UsageLimit()
            limit.connections = 1
            return .limit(limit)
        }
    }

    private mutating func condition(depth: Int) -> Condition {
        var condition = Condition()
        if chance(8) { condition.users = [chance(2) ? .anyone : .user("anna")] }
        if chance(5) { condition.ports = [pick([22...22, 80...443])] }
        if chance(6) { condition.paths = ["/x"] }
        if !chance(4) { condition.hosts = (0...roll(2)).compactMap { _ in host() } }
        if depth < 2, chance(4) { condition.exceptions = (0...roll(2)).map { _ in self.condition(depth: depth + 1) } }
        return condition
    }

    private mutating func host() -> HostPattern? {
        switch roll(6) {
        case 0: .name(pick(Self.names))
        case 1: .under("example")
        case 2: chance(4) ? .any : .name("10.0.0.1")
        default: (try? CIDR(pick(Self.blocks))).map { .network($0) }
        }
    }

    private mutating func chance(_ of: Int) -> Bool { roll(of) == 0 }
    private mutating func roll(_ below: Int) -> Int { Int.random(in: 0..<below, using: &random) }
    private mutating func pick<Entry>(_ entries: [Entry]) -> Entry { entries[roll(entries.count)] }
}
