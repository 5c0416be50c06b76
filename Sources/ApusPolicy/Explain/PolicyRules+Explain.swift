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
                finding: .notReached
            )
        }
        guard !rules.isEmpty else { return explanation }
        explanation.decision = Decision(.deny)
        explanation.goThrough(reader)
        if isReportOnly { explanation.serveAll() }
        if explanation.decision.outcome == .allow { explanation.bound(reader) }
        return explanation
    }
}

extension PolicyExplanation {
    /// The rules that decide and report, until one has decided.
    fileprivate mutating func goThrough(_ reader: RuleReader) {
        for index in steps.indices where steps[index].action != .limit {
            let step = steps[index]
            let answer = reader.read(reader.policy.rules[index])
            steps[index].finding = PolicyExplanation.finding(answer, matched: step.isReportOnly ? .recorded : .matched)
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

    /// The limits of what is allowed.
    fileprivate mutating func bound(_ reader: RuleReader) {
        for index in steps.indices where steps[index].action == .limit {
            let answer = reader.read(reader.policy.rules[index])
            steps[index].finding = PolicyExplanation.finding(answer, matched: .applies)
            if answer == .yes { limits.append(index) }
        }
        decision.isLimited = !limits.isEmpty
        guard let open = steps.first(where: { $0.action == .limit && $0.finding == .dependsOnAddresses }) else {
            return
        }
        decision = Decision(.lookUp, rule: UInt16(open.rule), wouldDeny: decision.wouldDeny)
    }

    private static func finding(_ answer: RuleReader.Answer, matched: Finding) -> Finding {
        switch answer {
        case .yes: matched
        case .no(let mismatch): .passedOver(mismatch)
        case .needsUser: .dependsOnUser
        case .needsAddresses: .dependsOnAddresses
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
