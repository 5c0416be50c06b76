import ApusPolicy
import ApusReport
import ApusWire

extension ExplanationReport {
    /// For a terminal: a line for the question, one for each rule, then what follows from them.
    public var text: String {
        var lines = [asked, ""]
        let width = explanation.steps.map { $0.label.count }.max() ?? 0
        let steps = addresses.first(where: \.isAllowed)?.explanation.steps ?? addresses.first?.explanation.steps
        for step in steps ?? explanation.steps {
            let label = step.label + String(repeating: " ", count: width - step.label.count)
            let remark = step.remark.map { ": \($0)" } ?? ""
            lines.append("  \(label)  \(step.position)  \(step.action.rawValue): \(step.finding)\(remark)")
        }
        if explanation.steps.isEmpty {
            lines.append("  There are no rules: what the guard and the ports allow is allowed.")
        }
        lines.append("")
        if let entrance, let admission {
            lines.append("client:   \(question.client) on \(entrance.listener): \(admission.words)")
        }
        lines.append("decision: \(decided)")
        if IPAddress(question.host) == nil {
            lines.append("look-up:  \(isLookedUp ? "" : "none: no resolver is told of ")\(question.host)")
        }
        for finding in addresses { lines.append("address:  \(finding.address): \(described(finding))") }
        if let route { lines.append("route:    \(described(route))") }
        if let tunnel { lines.append("tunnel:   \(described(tunnel))") }
        if let inside { lines.append("inside:   \(inside.name): \(described(inside))") }
        for limit in limits { lines.append("limit:    \(place(limit)): \(bounds(limit))") }
        if !timeouts.isEmpty { lines.append("timeouts: \(timeouts), in place of the settings") }
        if decision.wouldDeny != Decision.noRule {
            let rule = decision.wouldDeny
            let reporting = rule == Decision.unmatched ? "no rule allows it" : "\(place(Int(rule))) would refuse it"
            lines.append("report:   \(reporting), were it not for report mode")
        }
        lines.append("answer:   \(outcome.status.map { "\($0): " } ?? "")\(outcome.sentence)")
        if let portRefusal, outcome.sentence == portRefusal.sentence.description {
            lines.append("lift it:  \(portRefusal.hint.text(names))")
        }
        for note in notes { lines.append("note:     \(note)") }
        var bytes: [UInt8] = []
        for line in lines {
            TextEscape.sentence.write(line, into: &bytes)
            bytes.append(0x0a)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// `GET http://example.org/ from 127.0.0.1, no user, at 2026-01-31T12:00:00Z`.
    private var asked: String {
        let host = question.host.contains(":") ? "[\(question.host)]" : question.host
        let target =
            question.method == "CONNECT"
            ? "\(host):\(question.port)"
            : "http://\(host)\(question.port == 80 ? "" : ":\(question.port)")\(question.path)"
        var user = "no user"
        if case .named(let name) = question.user { user = "user \(name)" }
        var time: [UInt8] = []
        HTTPDate.writeISO8601(microsecondsSince1970: question.time * 1_000_000, precision: .seconds, into: &time)
        return
            "\(question.method) \(target) from \(question.client), \(user), at \(String(decoding: time, as: UTF8.self))"
    }

    private var decided: String {
        guard let portRefusal else { return ruled }
        return portRefusal == .connectPort
            ? "\(ruled), refused by connect-ports (\(connectPorts))" : "\(ruled), and refused"
    }

    private var ruled: String {
        let rule = decision.rule
        switch decision.outcome {
        case .allow where rule == Decision.noRule: return "allowed, by no rule"
        case .allow: return "allowed by \(place(Int(rule)))"
        case .deny where rule == Decision.noRule: return "denied: no rule matches"
        case .deny: return "denied by \(place(Int(rule)))"
        case .authenticate: return "\(place(Int(rule))) depends on the user: credentials are asked for"
        case .lookUp: return "\(place(Int(rule))) depends on the addresses of the name"
        }
    }

    private func described(_ finding: AddressFinding) -> String {
        if let refusal = finding.refusal { return "refused: \(refusal.sentence)" }
        switch finding.explanation.decision.outcome {
        case .allow where finding.isDialled: return "may be dialled"
        case .allow:
            let rule = Int(finding.explanation.decision.rule)
            return "not dialled: \(place(rule)) serves it otherwise than \(place(Int(decision.rule))) the first"
        case .authenticate: return "depends on the user"
        case .deny, .lookUp: return "denied by \(place(Int(finding.explanation.decision.rule)))"
        }
    }

    /// `office, direct: the default`.
    private func described(_ finding: RouteFinding) -> String {
        switch finding.reason {
        case .nobody: "\(finding.route)"
        case .rule: "\(finding.route): \(place(Int(decision.rule))) says so"
        case .bypass:
            "direct: \(finding.pattern.map { "\($0)" } ?? "the host") is left out of the default (\(routes.standard ?? .direct))"
        case .standard: "\(finding.route): the default"
        }
    }

    /// `TLS alone. Its rule (mirrors, apus.yaml:12:5) takes TLS alone; write …`.
    private func described(_ finding: TunnelFinding) -> String {
        guard let hint = finding.hint else { return "any protocol may pass" }
        return "TLS alone may pass\(finding.isReported ? ", others are recorded" : ""). \(hint.text(names))"
    }

    private func described(_ finding: InsideFinding) -> String {
        switch (finding.measure, finding.outcome) {
        case (.nothing, _): "not looked at"
        case (.nothingInTLS, _): "passes: only what is not TLS does not"
        case (.host, .pass), (.hostOrPlain, .pass): "passes: it is the host of CONNECT"
        case (_, .pass), (_, .unjudged): "passes: no rule denies it"
        case (.host, .report), (.hostOrPlain, .report):
            "passes, and is recorded: it is not \(question.host), which a rule by name allowed"
        case (.host, .refuse), (.hostOrPlain, .refuse):
            "refused: it is not \(question.host), which a rule by name allowed"
        case (_, .report): "passes, and is recorded: \(refuser(finding))"
        case (_, .refuse): "refused: \(refuser(finding))"
        }
    }

    /// What the rules say of a name that they do not let pass.
    private func refuser(_ finding: InsideFinding) -> String {
        let rule = Int(finding.decision.rule)
        switch finding.decision.outcome {
        case .authenticate: return "\(place(rule)) asks for credentials"
        case .deny where finding.decision.rule == Decision.noRule: return "no rule allows it"
        case .allow, .deny, .lookUp: return "\(place(rule)) denies it"
        }
    }

    /// `package mirrors (apus.yaml:12:5)`.
    private func place(_ rule: Int) -> String {
        guard rule < policy.rules.count else { return "no rule" }
        return "\(policy.rules[rule].label(index: rule)) (\(policy.rules[rule].position))"
    }

    private func bounds(_ rule: Int) -> String {
        guard case .limit(let limit) = policy.rules[rule].action else { return "" }
        return limit.description
    }
}
