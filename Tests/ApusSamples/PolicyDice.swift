package import ApusAdvice
package import ApusPolicy
package import ApusWire

/// Random policies and requests from a small world, so that they meet often.
package struct PolicyDice {
    package var random: SplitMix

    package static let listeners = ["127.0.0.1:3128", "10.0.0.1:3128"]
    private static let labels = ["a", "b", "ab", "www", "example", "org"]
    private static let users = ["anna", "bo", "ci", "Zoë"]
    private static let groups = ["ops", "all-of-them", "empty"]
    /// Those that only credentials name.
    private static let otherGroups = ["staff", "nobody's"]
    private static let lists = ["ads", "others"]
    private static let methods = ["GET", "HEAD", "POST", "CONNECT", "CONNECT", "BREW", "PURGE", "get", "Get", "brew"]
    private static let prefixes = [
        "/", "/a", "/a/", "/a/b", "/%61/b", "/a%2fb", "/.a", "/..", "/a//b", "/a;b", "/@a%2f", "/é", "/a%ff",
    ]
    private static let paths = [
        "/", "", "/a", "/a/", "/a/b?c=/d", "/a/../b", "/b/../a/b", "/./a/b", "/%61/%62", "/a/%2e%2e/b", "/a%2Fb",
        "/a/b/..",
        "/.a", "/a/./", "//a", "/..", "/a?/../b", "/a/%", "/a/%zz/b", "*", "/a%2fb/%2E./x", "/../../a/b",
    ]
    private static let pieces = [
        "/", "/", "/", "//", "a", "b", "@a", ".", "..", "%2e", "%252e", "%2f", "%252F", "\\", "%5c", ";", ";b", "%3b",
        "%3f", "%23",
        "%00", "%", "%2", "%25", "%32", "5", "e", "%61", "%2561", "é", "%C3%A9", "?", "%ff",
    ]
    private static let addresses = [
        "10.0.0.1", "10.0.0.2", "10.1.0.1", "10.255.255.255", "11.0.0.0", "203.0.113.5", "fd00::1", "fd00::2",
        "2a00::1", "::1",
        "::ffff:10.0.0.1", "0.0.0.0", "255.255.255.255", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    ]
    private static let blocks = [
        "10.0.0.0/8", "10.0.0.0/16", "10.0.0.1", "10.0.0.0/31", "10.0.0.2/31", "0.0.0.0/0", "203.0.113.0/24", "::/0",
        "fd00::/8",
        "fd00::1", "::1", "255.255.255.255", "fd00::/127", "128.0.0.0/1", "ffff::/16",
    ]

    /// The first address of each block, and the one behind its last: one in each part that they make of all addresses.
    package static let edges: [IPAddress] = [
        "10.0.0.0", "11.0.0.0", "10.1.0.0", "10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4", "0.0.0.0", "203.0.113.0",
        "203.0.114.0", "::", "fd00::", "fe00::", "fd00::1", "fd00::2", "::1", "::2", "255.255.255.255", "128.0.0.0",
        "ffff::", "2a00::1",
    ].compactMap { IPAddress($0) }

    package init(seed: UInt64) {
        random = SplitMix(seed: seed)
    }

    package mutating func rules(most: Int = 8) -> PolicyRules {
        var rules = PolicyRules()
        rules.groups = ["ops": ["anna", "bo"], "all-of-them": ["anna", "bo", "ci", "nobody"], "empty": []]
        rules.lists = [
            "ads": HostList(names: ["a.example.org", "b.org", "10.0.0.1"]),
            "others": HostList(names: ["example", "a.b"]),
        ]
        rules.takesGroups = true
        rules.isReportOnly = chance(8)
        for line in 0..<roll(most + 1) {
            let position = SourcePosition(file: "x.yaml", line: line + 1)
            rules.rules.append(
                Rule(action(), when: condition(depth: 0), position: position, isReportOnly: chance(6))
            )
        }
        return rules
    }

    package mutating func question() -> PolicyQuestion {
        let isLiteral = chance(4)
        let host = isLiteral ? pick(Self.addresses) : name()
        let path = path()
        let method = pick(Self.methods)
        return PolicyQuestion(
            method,
            scheme: pick([.http, .http, .http, .https]),
            host: host,
            port: pick([0, 79, 80, 81, 443, 444, 8080, 65_535]),
            path: method == "CONNECT" && !chance(5) ? "" : path,
            from: address(),
            user: chance(2) ? .unknown : .named(pick(Self.users + ["stranger"])),
            groups: chance(2) ? [] : some { $0.pick(Self.groups + Self.otherGroups) },
            listener: chance(5) ? nil : pick(Self.listeners),
            address: isLiteral || chance(2) ? nil : address(),
            time: Int64(roll(14 * 24 * 60)) * 60
        )
    }

    /// One of those that were thought of, or one that was not.
    private mutating func path() -> String {
        if chance(2) { return pick(Self.paths) }
        return (0..<roll(7)).reduce(into: pick(["/", "/a", "/a/b", ""])) { path, _ in path += pick(Self.pieces) }
    }

    /// A tunnel that stands: the address that was connected is known.
    package mutating func tunnel() -> PolicyQuestion {
        var question = question()
        question.method = "CONNECT"
        question.path = ""
        question.address = IPAddress(question.host) ?? address()
        return question
    }

    /// What a ClientHello may name.
    package mutating func innerName() -> String { chance(8) ? pick(["10.0.0.1", "203.0.113.5"]) : name() }

    private mutating func action() -> RuleAction {
        switch roll(5) {
        case 0, 1:
            var permission = Permission()
            if !chance(3) { permission.tls = pick([.any, .any, .required]) }
            if chance(9) { permission.requestFields.drop = ["Cookie"] }
            return .allow(permission)
        case 2, 3: return .deny(Rejection())
        default:
            var limit = UsageLimit()
            limit.connections = 1
            return .limit(limit)
        }
    }

    private mutating func condition(depth: Int) -> Condition {
        var condition = Condition()
        if chance(4) { condition.from = some { try? CIDR($0.pick(Self.blocks)) } }
        if chance(4) { condition.users = some { $0.user() } }
        if chance(5) { condition.methods = some { $0.pick(Self.methods) } }
        if chance(8) { condition.schemes = [pick(Scheme.allCases)] }
        if !chance(3) { condition.hosts = some { $0.host() } }
        if chance(5) { condition.ports = some { $0.ports() } }
        if chance(6) { condition.paths = some { $0.pick(Self.prefixes) } }
        if chance(8) { condition.times = some { $0.window() } }
        if chance(9) { condition.listeners = [pick(Self.listeners)] }
        if depth < 3, chance(4) { condition.exceptions = some { $0.condition(depth: depth + 1) } }
        return condition
    }

    private mutating func user() -> UserPattern {
        switch roll(4) {
        case 0: .anyone
        case 1: .group(pick(Self.groups + Self.otherGroups))
        default: .user(pick(Self.users))
        }
    }

    private mutating func host() -> HostPattern {
        switch roll(9) {
        case 0: .any
        case 1, 2: .name(chance(6) ? pick(["10.0.0.1", "::1", "fd00::1"]) : name())
        case 3, 4, 5: .under(name())
        case 6: .list(pick(Self.lists))
        default: (try? CIDR(pick(Self.blocks))).map { .network($0) } ?? .any
        }
    }

    private mutating func ports() -> ClosedRange<UInt16> {
        let lower = pick([0, 1, 80, 81, 443, 444] as [UInt16])
        return lower...max(lower, pick([80, 442, 443, 8080, 65_535]))
    }

    private mutating func window() -> TimeWindow {
        TimeWindow(days: UInt8(1 + roll(127)), start: UInt16(roll(1_440)), end: UInt16(roll(1_441)))
    }

    private mutating func name() -> String {
        (0...roll(3)).map { _ in pick(Self.labels) }.joined(separator: ".")
    }

    private mutating func address() -> IPAddress {
        IPAddress(pick(Self.addresses)) ?? .client
    }

    private mutating func some<Entry>(_ make: (inout PolicyDice) -> Entry?) -> [Entry] {
        (0...roll(2)).compactMap { _ in make(&self) }
    }

    private mutating func chance(_ of: Int) -> Bool { roll(of) == 0 }
    private mutating func roll(_ below: Int) -> Int { Int.random(in: 0..<below, using: &random) }
    private mutating func pick<Entry>(_ entries: [Entry]) -> Entry { entries[roll(entries.count)] }
}
