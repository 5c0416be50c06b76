public import ApusPolicy
import ApusWire

/// The settings by which the inside of a tunnel is judged, and a name in it that is asked about.
public struct InsideQuestion: Sendable, Hashable {
    /// The name of the ClientHello, in lower case without a trailing dot; nil where none is asked about.
    public var name: String?
    /// The settings.
    public var check: ServerNameCheck
    /// Whether every tunnel to a name must have that name inside (`sni.for: all`).
    public var isForAll: Bool

    /// Makes a question.
    public init(name: String? = nil, check: ServerNameCheck = ServerNameCheck(), isForAll: Bool = false) {
        self.name = name
        self.check = check
        self.isForAll = isForAll
    }
}

extension InsideQuestion {
    /// What the inside of a tunnel is held against.
    func measure(_ question: PolicyQuestion, _ policy: PolicyRules, allowedBy rule: UInt16) -> ServerNameCheck.Measure {
        guard check.mode != .off else { return .nothing }
        return policy.measure(
            question,
            allowedBy: rule,
            holdsPlain: check.notTLS == .deny,
            namesAll: isForAll
        )
    }
}

/// What becomes of a name inside a tunnel whose outside is allowed.
public struct InsideFinding: Sendable, Hashable {
    /// The name.
    public let name: String
    /// What it is held against.
    public let measure: ServerNameCheck.Measure
    /// What the rules say of it, where they are asked.
    public let decision: Decision
    /// What becomes of it.
    public let outcome: ServerNameCheck.Outcome

    /// Asks about the inside of a tunnel.
    ///
    /// - Parameters:
    ///   - name: of the ClientHello.
    ///   - inside: the settings.
    ///   - question: the tunnel, with the address that is connected where that is known.
    ///   - rule: the one that allows it.
    init(
        _ name: String,
        _ inside: InsideQuestion,
        _ question: PolicyQuestion,
        _ policy: PolicyRules,
        allowedBy rule: UInt16
    ) {
        self.name = name
        let measure = inside.measure(question, policy, allowedBy: rule)
        self.measure = measure
        var decision = Decision(.allow, rule: rule)
        var refusal: Refusal?
        switch measure {
        case .nothing, .nothingInTLS: break
        case .host, .hostOrPlain: refusal = name == question.host ? nil : .serverNameMismatch
        case .rules, .reportingRules, .rulesInTLS:
            guard name != question.host else { break }
            decision = policy.decideInside(question, name: name, allowedBy: rule)
            refusal = decision.outcome == .allow ? nil : .serverNameDenied
        }
        self.decision = decision
        outcome = refusal.map { inside.check.outcome(of: $0, onlyReports: measure == .reportingRules) } ?? .pass
    }

    /// Why it does not pass, or would not.
    public var refusal: Refusal? {
        switch outcome {
        case .refuse(let refusal), .report(let refusal): refusal
        case .pass, .unjudged: nil
        }
    }

    /// Whether it passes.
    public var passes: Bool {
        if case .refuse = outcome { false } else { true }
    }
}
