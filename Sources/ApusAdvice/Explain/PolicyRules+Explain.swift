public import ApusPolicy
internal import ApusWire

extension PolicyRules {
    /// Goes through the rules one by one, as they are written, and tells what each says.
    ///
    /// It shares nothing with ``CompiledPolicy`` but the rules' meaning, so that one is the measure of the other. Where the rules
    /// name a list, group or listener that is not there, nothing is in it.
    public func explain(_ question: PolicyQuestion) -> PolicyExplanation {
        var explanation = PolicyExplanation()
        let reader = RuleReader(policy: self, question: question)
        explanation.steps = rules.enumerated().map { index, rule in
            PolicyExplanation.Step(
                rule: index,
                label: rule.label(index: index),
                position: rule.position,
                action: rule.action.kind,
                isReportOnly: rule.isReportOnly,
                finding: rule.action.kind == .limit ? .doesNotCount : .notReached
            )
        }
        guard !rules.isEmpty else { return explanation }
        explanation.decision = Decision(.deny)
        explanation.goThrough(reader)
        if explanation.decision.outcome == .lookUp { explanation.settle(reader) }
        if isReportOnly {
            explanation.serveAll()
        } else if question.method == "CONNECT", question.port == 80 {
            explanation.hide(reader)
        }
        if explanation.decision.outcome == .allow || explanation.decision.outcome == .lookUp {
            explanation.bound(reader)
        }
        return explanation
    }
}

extension PolicyExplanation {
    /// The rules that decide and report, until one has decided.
    fileprivate mutating func goThrough(_ reader: RuleReader) {
        for index in steps.indices where steps[index].action != .limit {
            let step = steps[index]
            let answer = reader.read(reader.policy.rules[index])
            find(index, answer, matched: step.isReportOnly ? .recorded : .matched, reader)
            if step.isReportOnly {
                guard step.action == .deny, decision.wouldDeny == Decision.noRule else { continue }
                if answer == .yes { decision.wouldDeny = UInt16(index) }
                guard answer == .needsAddresses else { continue }
            }
            switch answer {
            case .no: continue
            case .yes: decision.outcome = step.action == .allow ? .allow : .deny
            case .needsUser: decision.outcome = .authenticate
            case .needsAddresses: decision.outcome = .lookUp
            }
            decision.rule = UInt16(index)
            return
        }
    }

    /// A policy that only reports serves what it refuses.
    fileprivate mutating func serveAll() {
        guard decision.outcome == .deny || decision.outcome == .authenticate else { return }
        let refusing = decision.rule == Decision.noRule ? Decision.unmatched : decision.rule
        let reported = decision.wouldDeny == Decision.noRule ? refusing : decision.wouldDeny
        decision = Decision(.allow, wouldDeny: reported)
    }

    /// What a tunnel to port 80 hides.
    fileprivate mutating func hide(_ reader: RuleReader) {
        guard decision.outcome == .allow || decision.outcome == .lookUp else { return }
        decision.hidesRequests = reader.policy.hidesRequests(reader, decision.outcome)
    }

    /// The limits of what is allowed.
    fileprivate mutating func bound(_ reader: RuleReader) {
        for index in steps.indices where steps[index].action == .limit {
            let answer = reader.read(reader.policy.rules[index])
            find(index, answer, matched: .applies, reader)
            if answer == .yes { limits.append(index) }
        }
        decision.isLimited = !limits.isEmpty
        guard decision.outcome == .allow,
            let open = steps.first(where: { $0.action == .limit && $0.finding == .dependsOnAddresses })
        else { return }
        let namesPorts = reader.policy.namesPorts(decision.rule)
        decision.outcome = .lookUp
        decision.needsOpenPort = reader.question.method == "CONNECT" && !namesPorts
        decision.rule = UInt16(open.rule)
    }

    /// Asks with an address of each part of the address space that the rules tell apart, whether any of them could be served.
    ///
    /// Where one depends on a user who has shown no credentials, they are asked for before the name is looked up; where all are
    /// denied, it is not looked up at all, and the last rule that denies one is told.
    fileprivate mutating func settle(_ reader: RuleReader) {
        let rules = reader.policy.rules
        let isTunnel = reader.question.method == "CONNECT"
        // What does not match whatever the address is does not match with one.
        let open = rules.indices.filter {
            $0 >= Int(decision.rule) && rules[$0].mayDecide && !rules[$0].isReportOnly && reader.judge(rules[$0]) != .no
        }
        // A policy that only reports asks nobody.
        let mayAsk = reader.question.user == .unknown && !reader.policy.isReportOnly
        let first = mayAsk ? open.first { rules[$0].condition.namesUsers } : nil
        var (allows, namesPorts) = (false, false)
        var denying: UInt16?
        var asking: UInt16?
        for address in reader.policy.addresses(of: open) {
            var asked = reader
            asked.question.address = address
            let found = open.lazy.map { (rule: $0, answer: asked.judge(rules[$0])) }.first { $0.answer != .no }
            let rule = found.map { UInt16($0.rule) } ?? Decision.noRule
            if found?.answer == .needsUser {
                asking = min(asking ?? rule, rule)
            } else if let found, case .allow = rules[found.rule].action {
                allows = true
                if !rules[found.rule].condition.ports.isEmpty { namesPorts = true }
            } else {
                denying = max(denying ?? rule, rule)
            }
            // Nothing that follows could change what is done.
            if first == nil ? allows && (namesPorts || !isTunnel) : asking == first.map({ UInt16($0) }) { break }
        }
        decision.needsOpenPort = isTunnel && !namesPorts
        guard !reader.policy.isReportOnly else { return }
        if let asking {
            decide(.authenticate, asking, reader)
        } else if !allows, let denying {
            decide(.deny, denying, reader)
        }
    }

    /// A rule behind the one that depends on the addresses is told to decide.
    private mutating func decide(_ outcome: Decision.Outcome, _ rule: UInt16, _ reader: RuleReader) {
        decision.outcome = outcome
        decision.rule = rule
        decision.needsOpenPort = false
        for index in steps.indices where steps[index].finding == .notReached && index <= Int(rule) {
            guard steps[index].action != .limit else { continue }
            let matched: Finding = steps[index].isReportOnly ? .recorded : .matched
            find(index, reader.read(reader.policy.rules[index]), matched: matched, reader)
        }
    }

    /// What became of a rule.
    private mutating func find(_ index: Int, _ answer: RuleReader.Answer, matched: Finding, _ reader: RuleReader) {
        switch answer {
        case .yes:
            steps[index].finding = matched
            steps[index].remark = reader.oddPath(reader.policy.rules[index])
        case .no(let mismatch): steps[index].finding = .passedOver(mismatch)
        case .needsUser: steps[index].finding = .dependsOnUser
        case .needsAddresses: steps[index].finding = .dependsOnAddresses
        }
    }
}

extension PolicyRules {
    /// An address of each part of the address space that the networks of these rules make: where one begins, and where one has ended.
    fileprivate func addresses(of numbers: [Int]) -> Set<IPAddress> {
        // Behind the block of v4-mapped addresses, which mean those of IPv4.
        let ends = [IPAddress(v4: 0), IPAddress(v6High: 0, low: 0), IPAddress(v6High: 0, low: 0x1_0000_0000_0000)]
        return numbers.reduce(into: Set(ends)) { rules[$1].condition.collect(into: &$0) }
    }

    /// Whether a rule names ports.
    fileprivate func namesPorts(_ rule: UInt16) -> Bool {
        Int(rule) < rules.count && !rules[Int(rule)].condition.ports.isEmpty
    }
}

extension Condition {
    /// Whether it names users, or one of its exceptions does.
    fileprivate var namesUsers: Bool { !users.isEmpty || exceptions.contains(where: \.namesUsers) }

    fileprivate func collect(into addresses: inout Set<IPAddress>) {
        for pattern in hosts {
            switch pattern {
            case .network(let block): addresses.formUnion(block.edges)
            case .name(let name): if let address = IPAddress(name) { addresses.formUnion(CIDR(address).edges) }
            case .any, .under, .list: break
            }
        }
        for exception in exceptions { exception.collect(into: &addresses) }
    }
}

extension CIDR {
    /// Its first address, and the one behind its last if there is one.
    fileprivate var edges: [IPAddress] {
        switch address.family {
        case .v4:
            let end = address.low + 1 << UInt64(32 - prefixLength)
            return end > UInt64(UInt32.max) ? [address] : [address, IPAddress(v4: UInt32(end))]
        case .v6:
            let size = UInt128(1) << UInt128(128 - prefixLength)
            let first = UInt128(address.high) << 64 | UInt128(address.low)
            let (end, isOver) = first.addingReportingOverflow(size)
            guard !isOver, size > 0 else { return [address] }
            return [address, IPAddress(v6High: UInt64(end >> 64), low: UInt64(truncatingIfNeeded: end))]
        }
    }
}

extension RuleAction {
    fileprivate var kind: PolicyExplanation.Action {
        switch self {
        case .allow: .allow
        case .deny: .deny
        case .limit: .limit
        }
    }
}
