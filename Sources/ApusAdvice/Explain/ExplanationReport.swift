internal import ApusFlow
public import ApusPolicy
package import ApusWire

/// What would become of a request, and why: the rules one by one, each address judged, the limits, the answer.
public struct ExplanationReport: Sendable {
    /// What the client would get.
    public struct Outcome: Sendable, Hashable {
        /// The status of the proxy's own answer; nil if the request is served.
        public var status: UInt16?
        /// In one sentence.
        public var sentence: String
    }

    /// What was asked.
    public let question: PolicyQuestion
    /// The rules that were asked.
    public let policy: PolicyRules
    /// Where the client comes in; nil if that was not asked.
    public let entrance: Entrance?
    /// Whether the client is served there at all; nil if that was not asked.
    public let admission: Entrance.Admission?
    /// What the rules say before any address is known, or of a literal.
    public let explanation: PolicyExplanation
    /// What becomes of each address that was given, in the order in which they are tried; of more than eight not all are.
    public let addresses: [AddressFinding]
    /// Which protocols may pass through the tunnel; nil where that was not asked, and where there would be no tunnel.
    public let tunnel: TunnelFinding?
    /// What becomes of the name inside the tunnel; nil where none was asked about, and where there would be no tunnel.
    public let inside: InsideFinding?
    /// Whether the host is a name that would be looked up: only where the answer could depend on what it leads to. A name of which
    /// every address would be refused is told to no resolver.
    public let isLookedUp: Bool
    /// Why a tunnel may not reach its port, though the rules allow it; nil where that is not so.
    let portRefusal: Refusal?
    /// The ports of CONNECT.
    let connectPorts: ConnectPorts
    /// What the client would get, were it not for a refused name.
    private let ruledOutcome: Outcome
    /// What settings are called in its texts.
    package var names = SettingNames()
    /// By which ways requests may go.
    package var routes = RouteSettings()
    /// Why the name may not go to a parent.
    package var nameRefusal: Refusal?
    /// What else whoever asks should know: each a sentence without its full stop.
    package var notes: [String] = []

    /// Asks.
    ///
    /// - Parameters:
    ///   - policy: the rules.
    ///   - access: the ports of CONNECT and the guard.
    ///   - question: the request; its address is set for a literal host.
    ///   - addresses: what the host would be looked up to; empty if that is not known.
    ///   - inside: the settings for what is inside tunnels, and the name that is asked about; without them, the defaults judge whether
    ///     there is a tunnel.
    ///   - entrance: where the client comes in; without it, it is taken for one that is served.
    package init(
        _ policy: PolicyRules,
        access: AccessRules,
        question: PolicyQuestion,
        addresses: [IPAddress],
        inside: InsideQuestion? = nil,
        entrance: Entrance? = nil
    ) {
        var question = question
        let literal = IPAddress(question.host)
        question.address = question.address ?? literal
        self.policy = policy
        self.question = question
        explanation = policy.explain(question)
        let decided = explanation.decision.outcome
        let check = (inside ?? InsideQuestion()).check
        let port =
            ExplanationReport.refusesPort(policy, access, question, explanation.decision)
            ?? check.refusal(of: explanation.decision)
        portRefusal = port
        connectPorts = access.connectPorts
        self.entrance = entrance
        admission = entrance?.admission(of: question.client, policy, access)
        let barred = ExplanationReport.barred(entrance, admission, question)
        let goesOn = (decided == .allow || decided == .lookUp) && port == nil && barred == nil
        let special = SpecialName.of(Array(question.host.utf8).span, 0..<question.host.utf8.count)
        isLookedUp = goesOn && literal == nil && special == nil
        self.addresses =
            goesOn
            ? ExplanationReport.findings(
                AddressList(literal.map { [$0] } ?? addresses).interleaved(.asResolved),
                question,
                policy,
                access,
                check: check
            ) : []
        let outcome =
            barred ?? port.map { Outcome(status: $0.status, sentence: $0.sentence.description) }
            ?? ExplanationReport.outcome(policy, question, explanation, self.addresses)
        let dialled = self.addresses.first(where: \.isAllowed)
        let allowing = dialled?.explanation.decision ?? explanation.decision
        guard let inside, question.method == "CONNECT", outcome.status == nil, allowing.outcome == .allow else {
            self.tunnel = nil
            self.inside = nil
            ruledOutcome = outcome
            return
        }
        question.address = dialled?.address ?? question.address
        tunnel = TunnelFinding(inside, question, policy, allowedBy: allowing.rule)
        let finding = inside.name.map { InsideFinding($0, inside, question, policy, allowedBy: allowing.rule) }
        self.inside = finding
        ruledOutcome =
            finding.map { $0.passes ? outcome : Outcome(status: nil, sentence: ExplanationReport.ends($0)) } ?? outcome
    }

    private static func ends(_ finding: InsideFinding) -> String {
        "The tunnel opens, and ends with a TLS alert: \(finding.refusal.map { "\($0.sentence)" } ?? "")"
    }

    /// What the client gets before the rules are asked; nil if they are.
    private static func barred(
        _ entrance: Entrance?,
        _ admission: Entrance.Admission?,
        _ question: PolicyQuestion
    ) -> Outcome? {
        let refusal: Refusal
        if admission == .refused {
            refusal = .clientNotAllowed
        } else if entrance?.requiresCredentials == true, question.user == .unknown {
            refusal = .credentialsMissing
        } else {
            return nil
        }
        return Outcome(status: refusal.status, sentence: refusal.sentence.description)
    }

    /// The decision in force: of the first address that may be dialled, where there is one.
    public var decision: Decision {
        addresses.first(where: \.isAllowed)?.explanation.decision ?? addresses.first?.explanation.decision
            ?? explanation.decision
    }

    /// The limits that would bound it.
    public var limits: [Int] { addresses.first(where: \.isAllowed)?.explanation.limits ?? explanation.limits }

    /// The times of the rule in force, in place of the settings; none for a tunnel, and where no rule serves it.
    public var timeouts: RuleTimeouts {
        guard question.method != "CONNECT", outcome.status == nil else { return RuleTimeouts() }
        return permission.timeouts
    }

    /// Judges each address, and tells which are dialled: the first that may be decides.
    private static func findings(
        _ known: AddressList,
        _ question: PolicyQuestion,
        _ policy: PolicyRules,
        _ access: AccessRules,
        check: ServerNameCheck
    ) -> [AddressFinding] {
        var findings = (0..<known.count).map {
            AddressFinding(known[$0], question, policy, access, check: check)
        }
        guard let first = findings.first(where: \.isAllowed) else { return findings }
        for place in findings.indices {
            findings[place].isDialled = findings[place].isAllowed && findings[place].servesAlike(first)
        }
        return findings
    }

    private static func outcome(
        _ policy: PolicyRules,
        _ question: PolicyQuestion,
        _ explanation: PolicyExplanation,
        _ addresses: [AddressFinding]
    ) -> Outcome {
        let isInvalid = SpecialName.of(Array(question.host.utf8).span, 0..<question.host.utf8.count) == .invalid
        if isInvalid, explanation.decision.outcome == .allow || explanation.decision.outcome == .lookUp {
            let fault = Fault.lookUp(.invalidName)
            return Outcome(status: fault.status, sentence: fault.sentence.description)
        }
        switch explanation.decision.outcome {
        case .deny: return refused(policy, explanation.decision.rule)
        case .authenticate:
            return Outcome(status: 407, sentence: Refusal.credentialsMissing.sentence.description)
        case .allow, .lookUp: break
        }
        if addresses.contains(where: \.isAllowed) { return Outcome(status: nil, sentence: "The request is served.") }
        if let first = addresses.first {
            if let refusal = first.refusal {
                return Outcome(status: refusal.status, sentence: refusal.sentence.description)
            }
            if first.explanation.decision.outcome == .authenticate {
                return Outcome(status: 407, sentence: Refusal.credentialsMissing.sentence.description)
            }
            return refused(policy, first.explanation.decision.rule)
        }
        return Outcome(
            status: nil,
            sentence: explanation.decision.outcome == .lookUp
                ? "It depends on the addresses of \(question.host)."
                : "The request is served, if the addresses of \(question.host) are not prohibited."
        )
    }

    /// What the client would get.
    public var outcome: Outcome {
        guard let nameRefusal else { return ruledOutcome }
        return Outcome(status: nameRefusal.status, sentence: nameRefusal.sentence.description)
    }

    /// By which way it goes; nil where it is not served, where nobody says a way, and where that depends on the addresses of the host.
    public var route: RouteFinding? {
        guard outcome.status == nil, decision.outcome == .allow else { return nil }
        return RouteFinding(routes, question.host, policy, ofRule: permission.route)
    }

    /// What the rule in force gives; nothing where none allows it.
    package var permission: Permission {
        let rule = Int(decision.rule)
        guard decision.outcome == .allow, rule < policy.rules.count, case .allow(let own) = policy.rules[rule].action
        else { return Permission() }
        return own
    }

    /// Whether it is an address of the host that would tell what the client gets, and none was given.
    public var dependsOnAddresses: Bool { outcome.status == nil && addresses.isEmpty }

    /// Why CONNECT may not reach its port, whatever the address is.
    private static func refusesPort(
        _ policy: PolicyRules,
        _ access: AccessRules,
        _ question: PolicyQuestion,
        _ decision: Decision
    ) -> Refusal? {
        guard question.method == "CONNECT" else { return nil }
        switch decision.outcome {
        case .deny, .authenticate: return nil
        case .lookUp: return decision.needsOpenPort ? access.decideConnect(question.port) : nil
        case .allow:
            let rule = Int(decision.rule)
            let namesPorts = rule < policy.rules.count && !policy.rules[rule].condition.ports.isEmpty
            return namesPorts ? nil : access.decideConnect(question.port)
        }
    }

    private static func refused(_ policy: PolicyRules, _ rule: UInt16) -> Outcome {
        let words = RuleWords(policy, rule: rule)
        return Outcome(status: words.status, sentence: words.reason)
    }
}
