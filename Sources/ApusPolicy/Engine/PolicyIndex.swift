internal import ApusWire

/// What is made of a policy's rules once, so that a question is answered fast: each part of the conditions as an index from
/// what a request has to the rows that take it, as bits.
///
/// A row's bit is left in a question's bits if all indices name it. What no index knows (path, time, lists, exceptions) is
/// judged for the rows that are left.
final class PolicyIndex: Sendable {
    /// As they were written.
    let rules: PolicyRules
    /// What `listen` says, in order.
    let listenerNames: [String]
    /// Words of a set of rows.
    let width: Int
    let postings: RowSets
    let bits: BitPool
    let hosts: HostIndex
    let clients: NetworkIndex
    let addresses: NetworkIndex
    let parts: AddressParts
    let users: UserIndex
    let ports: PortIndex
    let methods: MethodIndex
    let rests: ResidualTable
    /// By place in `listen`; the last is for every other.
    let listeners: [Int]
    /// Rows without clients; rows that take any host; those that a list, and that an address that is not known, may still match.
    let anyClient: Int
    let anyHost: Int
    let byList: Int
    let byListOrAddress: Int
    /// Rules that may decide or report, and those that bound.
    let deciding: Int
    let limiting: Int
    /// Rules that another name in the host's place could make refuse a tunnel; those of them that do not only report.
    let takingInside: Int
    let refusingInside: Int
    /// Rules that would ask an unknown client for credentials, were the host another name.
    let askingInside: Int
    let takesInside: Bool
    /// Rules that say of plain requests what a tunnel does not show.
    let reading: Int
    let readsRequests: Bool
    /// Rules that decide about some requests to a host and port, and not about others; those that allow all of them in any protocol.
    let tellingApart: Int
    let open: Int
    let lists: [HostList]
    let listNames: [String]
    let facts: [RuleFlags]
    /// Of each rule a number that it shares with those that serve a request alike; 0 is that of no rule.
    private let kinds: [UInt16]
    /// By which ways requests go.
    let routes: RouteTable
    /// Whether a limit depends on the address of a name.
    let boundsByAddress: Bool
    /// The blocks that each rule opens.
    let exceptions: [[CIDR]]
    /// The clients of all rules that allow, each block once, the widest first for most are found at once; whether one allows users from anywhere.
    let admitted: [CIDR]
    let admitsUsers: Bool

    /// Makes the indices of checked rules.
    init(_ rules: PolicyRules, listeners names: [String], routes settings: RouteSettings) {
        self.rules = rules
        listenerNames = names
        let rows = PolicyRows(rules.rules)
        let conditions = rows.conditions
        let width = max((conditions.count + 63) / 64, 1)
        var pool = RowPool(width: width)
        var bits = BitPool(width: width)
        func set(where takes: (Int) -> Bool) -> Int {
            bits.add(BitPool.bits(conditions.indices.filter(takes).map { UInt16($0) }, width: width))
        }
        listNames = rules.lists.keys.sorted()
        lists = listNames.compactMap { rules.lists[$0] }
        let numbers = Dictionary(uniqueKeysWithValues: listNames.enumerated().map { ($1, $0) })
        rests = ResidualTable(rows, lists: numbers)
        hosts = HostIndex(conditions, pool: &pool)
        clients = NetworkIndex(PolicyIndex.networks(conditions) { $0.from }, pool: &pool)
        let networks = PolicyIndex.networks(conditions) { $0.hosts.compactMap(\.network) }
        addresses = NetworkIndex(networks, pool: &pool)
        parts = AddressParts(networks, rows: conditions.count, pool: &pool)
        users = UserIndex(rows, groups: rules.groups, width: width, pool: &pool, bits: &bits)
        ports = PortIndex(conditions, width: width, pool: &bits)
        methods = MethodIndex(rows, width: width, pool: &bits)
        let named = names.map { name in
            set { conditions[$0].listeners.isEmpty || conditions[$0].listeners.contains(name) }
        }
        listeners = named + [set { conditions[$0].listeners.isEmpty }]
        anyClient = set { conditions[$0].from.isEmpty }
        anyHost = set { conditions[$0].hosts.isEmpty || conditions[$0].hosts.contains(.any) }
        let rest = rests.rows
        byList = set { rest[$0].parts.contains(.lists) }
        byListOrAddress = set { !rest[$0].parts.isDisjoint(with: [.lists, .networks]) }
        deciding = set { $0 < rules.rules.count && rules.rules[$0].mayDecide }
        limiting = set { $0 < rules.rules.count && rules.rules[$0].action.limit != nil }
        let taking = Set(rules.rules.indices.filter { rules.rules[$0].mayTakeInside })
        takingInside = set(where: taking.contains)
        refusingInside = set { !rules.isReportOnly && taking.contains($0) && !rules.rules[$0].isReportOnly }
        let asking = Set(rules.rules.indices.filter { !rules.isReportOnly && rules.rules[$0].mayAskInside })
        askingInside = set(where: asking.contains)
        let facts = rules.rules.map(RuleFlags.init)
        self.facts = facts
        let readers = Set(rules.rules.indices.filter { !rules.isReportOnly && rules.rules[$0].readsRequests })
        reading = set(where: readers.contains)
        readsRequests = !readers.isEmpty
        let decide = Set(rules.rules.indices.filter { rules.rules[$0].mayDecide && !rules.rules[$0].isReportOnly })
        tellingApart = set { decide.contains($0) && rules.rules[$0].condition.tellsRequestsApart }
        open = set { decide.contains($0) && facts[$0].isSuperset(of: [.takesAnyProtocol, .isWhole]) }
        takesInside = !taking.isEmpty || !asking.isEmpty
        kinds = PolicyIndex.kinds(rules.rules)
        routes = RouteTable(rules, settings)
        boundsByAddress = rules.rules.contains { $0.action.limit != nil && $0.condition.dependsOnAddress }
        exceptions = rules.rules.map(\.action.exceptions)
        let allowing = zip(rules.rules, facts).filter { $1.contains(.allows) && !$0.isReportOnly }.map(\.0.condition)
        admitted = Set(allowing.flatMap(\.from)).sorted { $0.prefixLength < $1.prefixLength }
        admitsUsers = allowing.contains { $0.from.isEmpty && !$0.users.isEmpty }
        bits.seal()
        postings = pool.sets
        self.bits = bits
        self.width = width
    }

    /// The number of a rule's kind; of no rule, 0.
    @inline(__always)
    func kind(_ rule: UInt16) -> UInt16 { Int(rule) < kinds.count ? kinds[Int(rule)] : 0 }

    /// Numbers what rules give.
    private static func kinds(_ rules: [Rule]) -> [UInt16] {
        var known = [Given(): 0 as UInt16]
        return rules.map { rule in
            let given = Given(rule)
            let number = known[given] ?? UInt16(known.count)
            known[given] = number
            return number
        }
    }

    private static func networks(_ rows: [Condition], _ part: (Condition) -> [CIDR]) -> [CIDR: Set<UInt16>] {
        var found: [CIDR: Set<UInt16>] = [:]
        for (number, row) in rows.enumerated() {
            for network in part(row) { found[network, default: []].insert(UInt16(number)) }
        }
        return found
    }
}

/// What a rule gives to a request that it allows.
private struct Given: Hashable {
    var permission = Permission()
    var comparesName = false

    /// What no rule gives.
    init() {}

    init(_ rule: Rule) {
        if case .allow(let own) = rule.action { permission = own }
        comparesName = RuleFlags(rule).contains(.isByName)
    }
}

extension Condition {
    /// Whether it names an address or a network, or one of its exceptions does.
    var dependsOnAddress: Bool {
        hosts.contains { $0.isAddress } || exceptions.contains { $0.dependsOnAddress }
    }
}

extension HostPattern {
    /// Whether it matches addresses.
    var isAddress: Bool {
        switch self {
        case .network: true
        case .name(let name): IPAddress(name) != nil
        case .any, .under, .list: false
        }
    }

    /// The block of a pattern by address.
    var network: CIDR? {
        if case .network(let block) = self { block } else { nil }
    }
}

extension RuleAction {
    /// The bounds of a rule that counts.
    var limit: UsageLimit? {
        if case .limit(let limit) = self { limit } else { nil }
    }
}

extension Rule {
    /// Whether it decides or reports: a rule that allows and only reports does neither.
    package var mayDecide: Bool {
        switch action {
        case .allow: !isReportOnly
        case .deny: true
        case .limit: false
        }
    }
}

extension RuleAction {
    /// The blocks that it opens.
    fileprivate var exceptions: [CIDR] {
        if case .allow(let permission) = self { permission.exceptions } else { [] }
    }
}
