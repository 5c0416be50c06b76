public import ApusPolicy
internal import ApusWire

extension PolicyRules {
    /// What the name inside a tunnel is held against, read rule by rule.
    ///
    /// - Parameters:
    ///   - question: the tunnel, with the address that is connected.
    ///   - rule: the one that allowed it.
    ///   - holdsPlain: whether what is not TLS is to be kept out where its rule does not say, and where rules read requests.
    ///   - namesAll: whether every tunnel to a name must have that name inside.
    public func measure(
        _ question: PolicyQuestion,
        allowedBy rule: UInt16,
        holdsPlain: Bool,
        namesAll: Bool = false
    ) -> ServerNameCheck.Measure {
        let allowing = Int(rule) < rules.count ? rules[Int(rule)] : nil
        let isNamed = (namesAll || allowing?.condition.namesHosts == true) && IPAddress(question.host) == nil
        if !isNamed, question.method != "CONNECT" { return .nothing }
        let reader = RuleReader(policy: self, question: question)
        let byName = isNamed ? .host : measure(reader)
        guard !isReportOnly || isNamed else { return byName }
        guard let allowing, case .allow(let permission) = allowing.action else {
            return isNamed && holdsPlain ? byName.inTLS : byName.orPlain
        }
        switch permission.tls {
        case .required: return byName.inTLS
        case nil: return holdsPlain ? byName.inTLS : byName.orPlain
        case .any: break
        }
        let reads = rules[...Int(rule)].contains { $0.readsRequestsAlone && reader.takesPlain($0) }
        return reads && holdsPlain && !isReportOnly ? byName.inTLS : byName.orPlain
    }

    /// Whether a tunnel to port 80 that these rules allow, or would after a look-up, hides requests: see ``Decision/hidesRequests``.
    func hidesRequests(_ reader: RuleReader, _ outcome: Decision.Outcome) -> Bool {
        let deciding = rules.filter { rule in
            if case .limit = rule.action { return false }
            return !rule.isReportOnly
        }
        if outcome == .lookUp { return !deciding.contains { $0.isOpenTunnel && reader.judge($0) != .no } }
        let first = deciding.first { rule in
            rule.condition.readsMethodOrPath ? reader.takesPlain(rule) : reader.judge(rule) != .no
        }
        return first?.isOpenTunnel != true
    }

    private func measure(_ reader: RuleReader) -> ServerNameCheck.Measure {
        let question = reader.question
        let taking = rules.filter { $0.couldRefuseAnother && reader.takesClient($0) }
        let asking = rules.filter { $0.asksByName && reader.takesClient($0) }
        if !isReportOnly, !taking.allSatisfy(\.isReportOnly) { return .rules }
        if !isReportOnly, question.user == .unknown, !asking.isEmpty { return .rules }
        return taking.isEmpty ? .nothing : .reportingRules
    }

    /// What the rules say of another name inside a tunnel that they allowed, all else being the same: see
    /// ``CompiledPolicy/decideInside(_:name:host:allowedBy:scratch:)``.
    public func decideInside(_ question: PolicyQuestion, name: String, allowedBy rule: UInt16) -> Decision {
        var inner = question
        inner.host = name
        inner.address = question.address ?? IPAddress(question.host)
        let said = explain(inner).decision
        // An address that a rule allowed for being one is still the same, whatever its tunnel holds.
        let allowsAddress =
            Int(rule) < rules.count && rules[Int(rule)].condition.namesHosts && !rules[Int(rule)].couldRefuseAnother
            && IPAddress(question.host) != nil
        func counts(_ other: UInt16) -> Bool { !allowsAddress || other < rule }
        let reported = counts(said.wouldDeny) ? said.wouldDeny : Decision.noRule
        switch said.outcome {
        case .deny where counts(said.rule), .authenticate where counts(said.rule):
            return Decision(said.outcome, rule: said.rule, wouldDeny: reported)
        default: return Decision(.allow, rule: rule, wouldDeny: reported)
        }
    }
}

extension Rule {
    /// Whether a tunnel that passes this rule could be refused by it, or for want of it, were its host another one.
    fileprivate var couldRefuseAnother: Bool {
        guard condition.paths.isEmpty else { return false }
        switch action {
        case .limit: return false
        case .allow: return !isReportOnly && condition.exceptions.contains(where: \.dependsOnName)
        case .deny: return condition.dependsOnName
        }
    }

    /// Whether a plain request could be denied or changed by it, to whose host and port a tunnel would go without.
    fileprivate var readsRequestsAlone: Bool {
        guard !isReportOnly else { return false }
        let excepts = condition.exceptions.contains(where: \.holdsNoTunnel)
        switch action {
        case .limit: return false
        case .deny: return excepts || condition.isWithoutTunnels
        case .allow(let permission):
            return excepts || !permission.requestFields.isEmpty || !permission.responseFields.isEmpty
        }
    }

    /// Whether it is an allow without path, method or edits that says `tls: any`.
    fileprivate var isOpenTunnel: Bool {
        guard case .allow(let permission) = action, permission.tls == .any else { return false }
        let edits = !permission.requestFields.isEmpty || !permission.responseFields.isEmpty
        return !edits && !condition.readsMethodOrPath
    }

    /// Whether it asks for credentials where the host has a name of its own.
    fileprivate var asksByName: Bool {
        if case .limit = action { return false }
        return !isReportOnly && !condition.users.isEmpty && condition.paths.isEmpty && condition.namesHosts
    }
}

extension Condition {
    fileprivate var namesHosts: Bool {
        hosts.contains { pattern in
            switch pattern {
            case .name, .under, .list: true
            case .any, .network: false
            }
        }
    }

    fileprivate var isWithoutTunnels: Bool {
        if !paths.isEmpty || schemes == [.http] { return true }
        return !methods.isEmpty && !methods.contains { $0.uppercased() == "CONNECT" }
    }

    fileprivate var readsMethodOrPath: Bool {
        if !paths.isEmpty || !methods.isEmpty || !schemes.isEmpty { return true }
        return exceptions.contains(where: \.readsMethodOrPath)
    }

    fileprivate var holdsNoTunnel: Bool { isWithoutTunnels || exceptions.contains(where: \.holdsNoTunnel) }

    fileprivate var dependsOnName: Bool {
        paths.isEmpty && (namesHosts || exceptions.contains(where: \.dependsOnName))
    }
}

extension RuleReader {
    /// Whether a rule takes plain requests of who asks to the host and port of the question.
    fileprivate func takesPlain(_ rule: Rule) -> Bool {
        var part = rule
        part.condition.paths = []
        part.condition.methods = []
        part.condition.schemes = []
        part.condition.times = []
        part.condition.exceptions = []
        switch read(part) {
        case .yes, .needsUser, .needsAddresses: return true
        case .no: return false
        }
    }

    /// Whether a rule takes who asks, and where, with which method and to which port.
    fileprivate func takesClient(_ rule: Rule) -> Bool {
        var part = rule
        part.condition.hosts = []
        part.condition.times = []
        part.condition.exceptions = []
        switch read(part) {
        case .yes, .needsUser, .needsAddresses: return true
        case .no: return false
        }
    }
}
