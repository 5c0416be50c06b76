internal import ApusWire

/// Finds all that is wrong with rules, so that nothing has to be refused later.
struct PolicyCheck {
    private let rules: PolicyRules
    private let lists: [String]
    private let groups: [String]
    private let listeners: [String]
    private var conditions = 0
    /// The groups that rules name.
    private var named: Set<String> = []
    private var problems: [PolicyFault.Problem] = []

    /// Everything that is wrong, in the order of the rules.
    static func problems(_ rules: PolicyRules, listeners: [String]) -> [PolicyFault.Problem] {
        var check = PolicyCheck(rules, listeners)
        if rules.rules.count > CompiledPolicy.mostRules {
            check.add(.tooManyRules(rules.rules.count), rules.rules[CompiledPolicy.mostRules].position)
        }
        for rule in rules.rules {
            check.judge(rule.condition, rule.position, depth: 0)
            check.judge(rule.action, rule.position)
        }
        if check.conditions > PolicyRows.most {
            check.add(.tooManyConditions, rules.rules.last?.position ?? SourcePosition())
        }
        return check.problems
    }

    private init(_ rules: PolicyRules, _ listeners: [String]) {
        self.rules = rules
        self.listeners = listeners
        lists = rules.lists.keys.sorted()
        groups = rules.groups.keys.sorted()
    }

    private mutating func add(_ kind: PolicyFault.Kind, _ position: SourcePosition) {
        problems.append(PolicyFault.Problem(kind, at: position))
    }

    private mutating func judge(_ condition: Condition, _ position: SourcePosition, depth: Int) {
        conditions += 1
        for case .group(let name) in condition.users {
            if !rules.takesGroups && rules.groups[name] == nil { add(.unknownGroup(name, known: groups), position) }
            if named.insert(name).inserted && named.count == GroupSet.capacity + 1 { add(.tooManyGroups, position) }
        }
        for pattern in condition.hosts {
            switch pattern {
            case .list(let name):
                if rules.lists[name] == nil { add(.unknownList(name, known: lists), position) }
            case .name(let name):
                if !pattern.isValid { add(.invalidHost(name), position) }
            case .under(let name):
                if !pattern.isValid { add(.invalidHost("*.\(name)"), position) }
            case .any, .network: break
            }
        }
        for name in condition.listeners where !listeners.contains(name) {
            add(.unknownListener(name, known: listeners), position)
        }
        guard depth < PolicyRows.deepest else {
            if !condition.exceptions.isEmpty { add(.tooDeep, position) }
            return
        }
        for exception in condition.exceptions { judge(exception, position, depth: depth + 1) }
    }

    private mutating func judge(_ action: RuleAction, _ position: SourcePosition) {
        switch action {
        case .allow(let permission):
            judge(permission.requestFields, position)
            judge(permission.responseFields, position)
            for (key, time) in permission.timeouts.named where !RuleTimeouts.range.contains(time) {
                add(.timeout(key, time), position)
            }
        case .deny(let rejection):
            if !(400...599).contains(rejection.status) { add(.denyStatus(rejection.status), position) }
        case .limit(let limit):
            for rate in [limit.requests, limit.bandwidth, limit.volume] where rate?.period == 0 {
                add(.emptyPeriod, position)
            }
        }
    }

    private mutating func judge(_ edits: FieldEdits, _ position: SourcePosition) {
        for name in edits.drop { judge(name, position) }
        for field in edits.set {
            judge(field.name, position)
            let value = Array(field.value.utf8)
            let hasBlankEnds = value.first.map(ByteClass.isBlank) == true || value.last.map(ByteClass.isBlank) == true
            if hasBlankEnds || !value.allSatisfy(ByteClass.isFieldContent) {
                add(.fieldValue(name: field.name), position)
            }
        }
    }

    private mutating func judge(_ name: String, _ position: SourcePosition) {
        let bytes = Array(name.utf8)
        if bytes.isEmpty || !bytes.allSatisfy(ByteClass.isToken) {
            add(.fieldName(name), position)
        } else if PolicyCheck.reserved.contains(String(decoding: bytes.map(ByteClass.lowercased), as: UTF8.self)) {
            add(.reservedField(name), position)
        }
    }

    /// Fields that frame a message, end at each hop or keep it from going in a circle (RFC 9112 §6, RFC 9110 §7.2, §7.6).
    private static let reserved: Set<String> = [
        "content-length", "transfer-encoding", "te", "trailer", "connection", "keep-alive", "proxy-connection",
        "upgrade",
        "http2-settings", "host", "via", "max-forwards", "expect", "proxy-authenticate", "proxy-authentication-info",
        "proxy-authorization",
    ]

    /// What is wrong with the ways that rules and the default go.
    static func problems(_ rules: PolicyRules, _ routes: RouteSettings) -> [PolicyFault.Problem] {
        var problems: [PolicyFault.Problem] = []
        for rule in rules.rules {
            guard let route = rule.action.route else { continue }
            problems += routes.faults(of: route).map { PolicyFault.Problem(.route($0), at: rule.position) }
        }
        let nowhere = SourcePosition()
        if let standard = routes.standard {
            problems += routes.faults(of: standard).map { PolicyFault.Problem(.standardRoute($0), at: nowhere) }
        }
        for case .list(let name) in routes.bypass where rules.lists[name] == nil {
            let known = rules.lists.keys.sorted()
            problems.append(PolicyFault.Problem(.unknownBypassList(name, known: known), at: nowhere))
        }
        return problems
    }
}

extension PolicyRules {
    /// All that is wrong with them but for their routes, in the order of the rules: what ``CompiledPolicy`` would refuse.
    package func problems(listeners: [String]) -> [PolicyFault.Problem] {
        PolicyCheck.problems(self, listeners: listeners)
    }
}
