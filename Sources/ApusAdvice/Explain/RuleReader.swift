internal import ApusPolicy
internal import ApusWire

/// Reads one rule after the other as a person would: part by part, entry by entry, on strings.
struct RuleReader {
    typealias Part = PolicyExplanation.Part
    typealias Mismatch = PolicyExplanation.Mismatch

    /// Whether a condition is true, and if not, why.
    enum Answer: Hashable {
        case yes
        case no(Mismatch)
        case needsUser
        case needsAddresses
    }

    /// Whether a condition, or a part of one, is true.
    enum PartAnswer {
        case yes, no, needsUser, needsAddresses
    }

    let policy: PolicyRules
    var question: PolicyQuestion

    /// What the rule of a condition wants of it.
    private struct Side {
        /// Whether a client without credentials is asked for them.
        var asks: Bool
        /// Whether a match takes something away; an exception does the opposite of what it is an exception of.
        var takesAway: Bool

        var other: Side { Side(asks: asks, takesAway: !takesAway) }

        /// A limit, and a rule that only reports, ask nobody for credentials.
        init(_ rule: Rule) {
            switch rule.action {
            case .allow: self.init(asks: !rule.isReportOnly, takesAway: false)
            case .deny: self.init(asks: !rule.isReportOnly, takesAway: true)
            case .limit: self.init(asks: false, takesAway: true)
            }
        }

        init(asks: Bool, takesAway: Bool) { (self.asks, self.takesAway) = (asks, takesAway) }
    }

    /// What a rule says of the question.
    func read(_ rule: Rule) -> Answer {
        let side = Side(rule)
        switch judge(rule) {
        case .yes: return .yes
        case .needsUser: return .needsUser
        case .needsAddresses: return .needsAddresses
        case .no:
            let part = Part.allCases.first { read($0, of: rule.condition, side) == .no }
            return .no(mismatch(part ?? .not, of: rule.condition, side))
        }
    }

    /// The same without the reason.
    func judge(_ rule: Rule) -> PartAnswer { judge(rule.condition, Side(rule)) }

    private func judge(_ condition: Condition, _ side: Side) -> PartAnswer {
        var (needsUser, needsAddresses) = (false, false)
        for part in Part.allCases {
            switch read(part, of: condition, side) {
            case .yes: break
            case .no: return .no
            case .needsUser: needsUser = true
            case .needsAddresses: needsAddresses = true
            }
        }
        if needsAddresses { return .needsAddresses }
        return needsUser ? .needsUser : .yes
    }

    private func read(_ part: Part, of condition: Condition, _ side: Side) -> PartAnswer {
        switch part {
        case .from: any(condition.from) { $0.contains(question.client) }
        case .user: users(condition.users, side)
        case .method: any(condition.methods) { isMethod($0, side) }
        case .scheme: condition.takesScheme(scheme) ? .yes : .no
        case .to: hosts(condition.hosts)
        case .ports: any(condition.ports) { $0.contains(question.port) }
        case .path: any(condition.paths) { begins(with: $0, side) }
        case .time: any(condition.times) { $0.contains(question.time) }
        case .listener: any(condition.listeners) { $0 == question.listener }
        case .not: exceptions(condition.exceptions, side)
        }
    }

    private func any<Entry>(_ entries: [Entry], _ isTrue: (Entry) -> Bool) -> PartAnswer {
        entries.isEmpty || entries.contains(where: isTrue) ? .yes : .no
    }

    /// Nil for a tunnel.
    private var scheme: Scheme? { question.method == "CONNECT" ? nil : question.scheme }

    private func users(_ patterns: [UserPattern], _ side: Side) -> PartAnswer {
        guard !patterns.isEmpty else { return .yes }
        guard case .named(let name) = question.user else { return side.asks ? .needsUser : .no }
        let isNamed = patterns.contains { pattern in
            switch pattern {
            case .anyone: true
            case .user(let other): ExactName(other) == ExactName(name)
            case .group(let group):
                question.groups.contains { ExactName($0) == ExactName(group) }
                    || policy.groups[group]?.contains { ExactName($0) == ExactName(name) } == true
            }
        }
        return isNamed ? .yes : .no
    }

    private func hosts(_ patterns: [HostPattern]) -> PartAnswer {
        guard !patterns.isEmpty else { return .yes }
        let literal = IPAddress(question.host)
        var dependsOnAddress = false
        for pattern in patterns {
            switch pattern {
            case .any: return .yes
            case .name(let name):
                if let address = IPAddress(name) {
                    guard let dialled = question.address ?? literal else {
                        dependsOnAddress = true
                        continue
                    }
                    if dialled.unmapped == address.unmapped { return .yes }
                } else if literal == nil && name == question.host {
                    return .yes
                }
            case .under(let name):
                if literal == nil && question.host.hasSuffix("." + name) { return .yes }
            case .network(let block):
                if let address = question.address ?? literal {
                    if block.contains(address) { return .yes }
                } else {
                    dependsOnAddress = true
                }
            case .list(let name):
                let host = Array(question.host.utf8)
                if policy.lists[name]?.contains(host.span) == true { return .yes }
            }
        }
        return dependsOnAddress ? .needsAddresses : .no
    }

    private func exceptions(_ conditions: [Condition], _ side: Side) -> PartAnswer {
        let answers = conditions.map { judge($0, side.other) }
        if answers.contains(.yes) { return .no }
        if answers.contains(.needsAddresses) { return .needsAddresses }
        return answers.contains(.needsUser) ? .needsUser : .yes
    }

    /// Whether it is this method: in the same letters, or in any case where a match takes something away.
    private func isMethod(_ name: String, _ side: Side) -> Bool {
        let isSame = name.utf8.elementsEqual(question.method.utf8)
        return isSame || (side.takesAway && MethodIndex.folded(name) == MethodIndex.folded(question.method))
    }

    private func begins(with prefix: String, _ side: Side) -> Bool {
        guard question.method != "CONNECT" else { return false }
        let path = PathReader(path: question.path)
        let wanted = PathReader(prefix: prefix)
        if path.climbs { return side.takesAway }
        let isSent = path.sent(beginsAs: wanted)
        let isUnified = path.unified.starts(with: wanted.unified)
        return side.takesAway ? isSent || isUnified : isSent && isUnified
    }
}

extension RuleReader {
    /// The path with what is made of it, where a rule takes it that it does not begin as; nil where it does, or the rule names none.
    func oddPath(_ rule: Rule) -> String? {
        guard question.method != "CONNECT", !rule.condition.paths.isEmpty else { return nil }
        let path = PathReader(path: question.path)
        let begins = rule.condition.paths.contains { path.sent(beginsAs: PathReader(prefix: $0)) }
        return begins && !path.climbs ? nil : "path is \(path)"
    }

    /// What a part wants and what the request has there.
    private func mismatch(_ part: Part, of condition: Condition, _ side: Side) -> Mismatch {
        let wanted: [String] =
            switch part {
            case .from: condition.from.map(\.description)
            case .user: condition.users.map(\.description)
            case .method: condition.methods
            case .scheme: condition.schemes.map(\.rawValue)
            case .to: condition.hosts.map(\.description)
            case .ports:
                condition.ports.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
            case .path: condition.paths
            case .time: condition.times.map { String(describing: $0) }
            case .listener: condition.listeners
            case .not: []
            }
        return Mismatch(part: part, wanted: wanted, had: had(part, of: condition, side))
    }

    private func had(_ part: Part, of condition: Condition, _ side: Side) -> String {
        switch part {
        case .from: return question.client.description
        case .user:
            guard case .named(let name) = question.user else { return "nobody" }
            return question.groups.isEmpty ? name : "\(name) (\(question.groups.joined(separator: ", ")))"
        case .method: return question.method
        case .scheme: return scheme?.rawValue ?? "that of a tunnel"
        case .to:
            guard let address = question.address, address.description != question.host else { return question.host }
            return "\(question.host) (\(address))"
        case .ports: return "\(question.port)"
        case .path:
            return question.method == "CONNECT" ? "that of a tunnel" : "\(PathReader(path: question.path))"
        case .time:
            let time = CivilTime(secondsSince1970: question.time)
            let day = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"][time.weekday]
            let hours = time.hour < 10 ? "0\(time.hour)" : "\(time.hour)"
            let minutes = time.minute < 10 ? "0\(time.minute)" : "\(time.minute)"
            return "\(day) \(hours):\(minutes) UTC"
        case .listener: return question.listener ?? "another"
        case .not:
            let hit = condition.exceptions.first { judge($0, side.other) == .yes } ?? Condition()
            return describe(hit, side)
        }
    }

    /// The parts of an exception in words: `to a.example, ports 80`.
    private func describe(_ condition: Condition, _ side: Side) -> String {
        let parts = Part.allCases.compactMap { part -> String? in
            guard part != .not else { return condition.exceptions.isEmpty ? nil : "not …" }
            let wanted = mismatch(part, of: condition, side).wanted
            return wanted.isEmpty ? nil : "\(part.rawValue) \(wanted.joined(separator: " "))"
        }
        return parts.isEmpty ? "all" : parts.joined(separator: ", ")
    }
}
