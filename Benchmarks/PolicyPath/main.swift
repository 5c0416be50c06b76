import ApusPolicy
import ApusWire

// Decisions about a mix of requests by a policy of a thousand rules with a hundred thousand hosts: what one costs, in time.
// `scripts/thresholds` counts instructions and allocations of the same. Arguments: decisions, and another number of rules.

/// A policy such as many teams together would write: each has its clients, users, hosts and ports.
func makeRules(count: Int, hostsEach: Int) -> PolicyRules {
    var rules = PolicyRules()
    rules.groups = ["ops": (0..<50).map { "user\($0)" }]
    for number in 0..<count {
        var condition = Condition()
        condition.hosts = (0..<hostsEach).map { host in
            host % 4 == 0 ? .under("h\(host).team\(number).example") : .name("h\(host).site\(number).example.org")
        }
        if number % 2 == 0, let block = CIDR(IPAddress(v4: 0x0a00_0000 | UInt32(number / 4) << 16), prefixLength: 16) {
            condition.from = [block]
        }
        if number % 5 == 0 { condition.users = [.user("user\(number % 100)"), .group("ops")] }
        if number % 3 == 0 { condition.ports = [80...80, 443...443] }
        if number % 7 == 0 { condition.methods = ["GET", "HEAD", "CONNECT"] }
        if number % 11 == 0 { condition.paths = ["/public/", "/api/v\(number)/"] }
        if number % 13 == 0 { condition.times = [TimeWindow(days: 0x1f, start: 480, end: 1_080)] }
        if number % 17 == 0 {
            var exception = Condition()
            exception.hosts = [.under("private.team\(number).example")]
            condition.exceptions = [exception]
        }
        let action: RuleAction = number % 10 == 9 ? .deny(Rejection()) : .allow(Permission())
        rules.rules.append(Rule(action, when: condition, position: SourcePosition(file: "bench", line: number + 1)))
    }
    var limit = UsageLimit()
    limit.requests = UsageLimit.Rate(50, per: 1_000_000)
    rules.rules[1] = Rule(.limit(limit))
    return rules
}

/// One request in bytes.
struct Request {
    var query: PolicyQuery
    var method: [UInt8]
    var host: [UInt8]
    var path: [UInt8]

    init(_ method: Method, _ name: String, _ host: String, client: UInt32, port: UInt16, who: PolicyQuery.Who) {
        query = PolicyQuery(
            client: IPAddress(v4: client),
            who: who,
            method: method,
            port: port,
            address: nil,
            time: 1_790_000_000
        )
        self.method = Array(name.utf8)
        self.host = Array(host.utf8)
        path = method == .connect ? [] : Array("/public/index.html?q=1".utf8)
    }
}

let arguments = CommandLine.arguments
let rounds = arguments.count > 1 ? Int(arguments[1]) ?? 0 : 100_000
let ruleCount = arguments.count > 2 ? Int(arguments[2]) ?? 1_000 : 1_000
let clock = ContinuousClock()
let started = clock.now
let policy = try CompiledPolicy(makeRules(count: ruleCount, hostsEach: 100))
let made = clock.now
let user = policy.userIndex("user7")
let requests = [
    Request(.get, "GET", "h1.site0.example.org", client: 0x0a00_0001, port: 80, who: user),
    Request(.get, "GET", "h99.site998.example.org", client: 0x0af9_0001, port: 80, who: user),
    Request(.connect, "CONNECT", "deep.down.h96.team997.example", client: 0xc000_0201, port: 443, who: .unknown),
    Request(.get, "GET", "www.not-in-any-rule.example.com", client: 0x0a10_0001, port: 80, who: user),
    Request(.other, "PROPFIND", "h5.site499.example.org", client: 0x0a7c_0001, port: 8080, who: .stranger),
    Request(.connect, "CONNECT", "203.0.113.7", client: 0x0a7c_0001, port: 443, who: .stranger),
    Request(.post, "POST", "x.h4.team5.example", client: 0xc000_0201, port: 80, who: .unknown),
    Request(.get, "GET", "a.h4.team11.example", client: 0x0a00_0001, port: 80, who: user),
]
var scratch = PolicyScratch(policy)
var outcomes = [Int](repeating: 0, count: 4)
let begun = clock.now
for round in 0..<rounds {
    let request = requests[round & 7]
    let decision = policy.decide(
        request.query,
        method: request.method.span,
        host: request.host.span,
        path: request.path.span,
        scratch: &scratch
    )
    outcomes[Int(decision.outcome.rawValue)] += 1
}
let took = clock.now - begun
let nanoseconds = Double(took.components.attoseconds) / 1e9 + Double(took.components.seconds) * 1e9
print("policy made in \(made - started)")
print("\(rounds) decisions, \(outcomes) by outcome, \(Int(nanoseconds / Double(max(rounds, 1)))) ns each")
