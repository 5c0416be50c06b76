internal import ApusPolicy

/// Reads the keys of a settings file that make the policy.
struct PolicyReader {
    /// The keys that are its own, at the top of the file.
    static let keys = ["contact", "tell", "mode", "groups", "users", "tokens", "jwt", "lists", "parents", "rules"]

    /// The names that rules may speak of.
    struct Names {
        var lists: [String] = []
        var groups: [String] = []
        /// Whether a rule may name a group that is none of these: tokens name their users' groups.
        var takesGroups = false
    }

    /// What a policy's mode can be, and a rule's.
    enum Mode: String, CaseIterable {
        case enforce, report
    }

    /// What other programs call a trial.
    static let trials = Dictionary(
        uniqueKeysWithValues: [
            "audit", "dry-run", "dryrun", "dry", "log", "monitor", "observe", "permissive", "test", "warn",
        ].map { ($0, "report") }
    )

    static let tellings = [
        "all": "everything", "yes": "everything", "true": "everything", "none": "nothing", "no": "nothing",
        "false": "nothing",
    ]

    private(set) var policy = PolicySettings()
    /// The file that is read, by which relative paths are found.
    private let file: String

    init(file: String) { self.file = file }

    /// Reads what `root` has of its keys; the others are not looked at.
    mutating func read(_ root: SettingsNode, _ findings: inout Findings) {
        if let node = root["contact"] {
            policy.rules.contact = findings.value(
                node,
                "contact",
                expected: "whom a refused client may ask",
                PlainText.line
            )
        }
        if let node = root["tell"] {
            policy.rules.telling = findings.choice(node, "tell", meant: Self.tellings) ?? policy.rules.telling
        }
        if let node = root["mode"] {
            let mode: Mode? = findings.choice(node, "mode", meant: Self.trials)
            policy.rules.isReportOnly = mode == .report
        }
        if let node = root["groups"] { policy.rules.groups = groups(node, &findings) }
        if let node = root["parents"] { policy.parents = ParentReader(file: file).read(node, &findings) }
        if let node = root["lists"] { policy.lists = ListSourceReader(file: file).read(node, &findings) }
        let credentials = CredentialsReader(file: file)
        if let node = root["users"] { policy.users = credentials.users(node, &findings) }
        if let node = root["tokens"] { policy.tokens = credentials.tokens(node, &findings) }
        if let node = root["jwt"] {
            policy.jwt = credentials.issuer(node, &findings)
            // Which groups an issuer puts its users into is not known here.
            policy.rules.takesGroups = true
        }
        if let node = root["rules"] { readRules(node, root, &findings) }
    }

    private func groups(_ node: SettingsNode, _ findings: inout Findings) -> [String: [String]] {
        var groups: [String: [String]] = [:]
        for entry in findings.entries(node, "groups", expected: "names with lists of users, ops: [anna, bo]") {
            let key = "groups.\(entry.key)"
            groups[entry.key] = findings.values(entry.value, key, expected: "users, [anna, bo]", UserPatternText.name)
        }
        return groups
    }

    /// What to write in place of no rules: their absence may be a slip, or a file that is not whole, and allows everything.
    static let noRules = "write rules, as - deny: all, or rules: none if everything is to be allowed"

    private mutating func readRules(_ node: SettingsNode, _ root: SettingsNode, _ findings: inout Findings) {
        // A list or group with a fault of its own still has a name.
        var names = Names(groups: policy.rules.groups.keys.sorted(), takesGroups: policy.rules.takesGroups)
        if let lists = root["lists"], case .mapping(let entries) = lists.content { names.lists = entries.map(\.key) }
        let reader = RuleReader(names: names)
        switch node.content {
        case .list(let nodes):
            // Decisions carry the index of a rule in 16 bits.
            if nodes.count >= Int(Decision.noRule) {
                findings.fault(node.place, "there are \(nodes.count) rules; \(Decision.noRule) are too many, use lists")
                return
            }
            if nodes.isEmpty { findings.fault(node.place, "rules is an empty list; \(Self.noRules)") }
            for node in nodes {
                if let rule = reader.read(node, &findings) { policy.rules.rules.append(rule) }
            }
        case .faulty: break
        case .empty: findings.fault(node.place, "rules says nothing; \(Self.noRules)")
        case .scalar("none"): policy.saysNoRules = true
        default:
            findings.fault(node.place, "rules takes a list of rules, as - deny: all; this is \(node.kind)")
        }
        warnOfNames(&findings)
    }

    private func warnOfNames(_ findings: inout Findings) {
        var seen: [String: SourcePosition] = [:]
        for rule in policy.rules.rules {
            guard let name = rule.name else { continue }
            if let first = seen[name] {
                findings.warn(rule.position, "two rules are named \(name), this one and that of line \(first.line)")
            } else {
                seen[name] = rule.position
            }
        }
        if policy.hasCredentials { return }
        for rule in policy.rules.rules where !rule.condition.users.isEmpty {
            findings.warn(
                rule.position,
                "this rule names users, and there are none: users, tokens or jwt says who they are"
            )
        }
    }
}
