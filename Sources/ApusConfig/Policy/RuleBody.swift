internal import ApusPolicy

/// What a rule says behind `allow`, `deny` or `limit`.
struct RuleBody {
    /// The keys that each action has beside the conditions.
    static let keys: [String: [String]] = [
        "allow": ["private", "request-headers", "response-headers", "timeouts", "tls", "route", "balance"],
        "deny": ["status", "text"],
        "limit": ["requests", "connections", "tunnels", "bandwidth", "volume", "by"],
    ]
    /// The keys that stand in the action or beside it.
    static let common = ["name", "mode"]

    let action: String
    private(set) var condition = Condition()
    private(set) var name: String?
    private(set) var isReportOnly = false
    private var permission = Permission()
    private var rejection = Rejection()
    private var limit = UsageLimit()
    private var given: Set<String> = []
    private let conditions: ConditionReader

    init(action: String, names: PolicyReader.Names) {
        self.action = action
        conditions = ConditionReader(names: names)
    }

    var result: RuleAction {
        switch action {
        case "allow": .allow(permission)
        case "deny": .deny(rejection)
        default: .limit(limit)
        }
    }

    /// Reads `all`, or a mapping.
    mutating func read(_ entry: SettingsNode.Entry, _ findings: inout Findings) {
        let node = entry.value
        switch node.content {
        case .mapping(let entries) where !entries.isEmpty:
            for entry in entries { read(part: entry, &findings) }
            if action == "limit" { checkLimit(node, &findings) }
            if action == "allow" { checkRoute(node, &findings) }
        case .scalar("all"):
            if action == "limit" { checkLimit(node, &findings) }
        case .faulty: break
        case .scalar(let text) where (try? HostPatternText.parse(text)) != nil:
            let quoted = YAMLText.scalar(text)
            findings.fault(
                node.place,
                "\(action) takes all, or a mapping; for that host write \(action): { to: \(quoted) }"
            )
        case .empty, .mapping:
            findings.fault(node.place, "\(action) says nothing; for everything write \(action): all")
        case .scalar, .list:
            findings.fault(
                node.place,
                "\(action) takes all, or a mapping such as { to: example.org }; this is \(node.kind)"
            )
        }
    }

    /// Reads `name` or `mode`; false for another key.
    mutating func readCommon(_ entry: SettingsNode.Entry, _ findings: inout Findings) -> Bool {
        guard Self.common.contains(entry.key) else { return false }
        if !given.insert(entry.key).inserted {
            findings.fault(entry.place, "\(entry.key) is given beside \(action) and in it; keep one of them")
            return true
        }
        if entry.key == "name" {
            name = findings.value(entry.value, "name", expected: "a name for the rule", PlainText.line)
        } else {
            let mode: PolicyReader.Mode? = findings.choice(entry.value, "mode", meant: PolicyReader.trials)
            isReportOnly = mode == .report
        }
        return true
    }

    private mutating func read(part entry: SettingsNode.Entry, _ findings: inout Findings) {
        if readCommon(entry, &findings) { return }
        if conditions.read(entry, into: &condition, &findings) { return }
        let own = Self.keys[action] ?? []
        guard own.contains(entry.key) else {
            if let other = Self.keys.first(where: { $0.value.contains(entry.key) })?.key {
                findings.fault(entry.place, "\(entry.key) belongs to \(other), not to \(action)")
            } else {
                let keys = ConditionReader.keys + own + Self.common
                findings.unknown(entry, in: action, among: keys, meant: ConditionReader.synonyms)
            }
            return
        }
        switch action {
        case "allow": PermissionReader.read(entry, into: &permission, &findings)
        case "deny": RejectionReader.read(entry, into: &rejection, &findings)
        default: UsageLimitReader.read(entry, into: &limit, &findings)
        }
    }

    /// A balance shares what goes by a route.
    private mutating func checkRoute(_ node: SettingsNode, _ findings: inout Findings) {
        if permission.route?.hops.isEmpty == true { permission.route = nil }
        guard let balance = node["balance"], node["route"] == nil else { return }
        findings.fault(balance.place, "balance says nothing without route; write route: [first, second] beside it")
    }

    private func checkLimit(_ node: SettingsNode, _ findings: inout Findings) {
        var bare = limit
        bare.key = UsageLimit().key
        let keys = ["requests", "connections", "tunnels", "bandwidth", "volume"]
        // A bound with a fault of its own is no bound that is missing.
        if bare == UsageLimit(), !keys.contains(where: { node[$0] != nil }) {
            findings.fault(node.place, "limit bounds nothing; it takes one of \(keys.joined(separator: ", "))")
        }
    }
}
