import ApusPolicy
import ApusReport
import ApusWire

extension ExplanationReport {
    /// One JSON object on one line, for programs: `method`, `host`, `port`, `client`, `user`, `listener`, `admission`, `time`,
    /// `rules`, `decision`, `looked_up`, `addresses`, `route` and `route_reason` (where anybody says a way), `limits`, `timeouts`, `tunnel`, `inside`, `would_deny`, `status` (null where the
    /// request is served), `answer`, `hint` (what would lift it), `notes`.
    public var json: String {
        var members = [
            string("method", question.method), string("host", question.host), "\"port\":\(question.port)",
            string("client", question.client.description),
        ]
        if case .named(let name) = question.user { members.append(string("user", name)) }
        if let entrance { members.append(string("listener", entrance.listener)) }
        if let admission { members.append(string("admission", admission.rawValue)) }
        members.append("\"time\":\(question.time)")
        let steps = addresses.first(where: \.isAllowed)?.explanation.steps ?? addresses.first?.explanation.steps
        members.append("\"rules\":[\((steps ?? explanation.steps).map(object).joined(separator: ","))]")
        members.append("\"decision\":\(object(decision))")
        members.append("\"looked_up\":\(isLookedUp)")
        members.append("\"addresses\":[\(addresses.map(object).joined(separator: ","))]")
        if let route {
            members.append("\"route\":[\(route.route.hops.map(quoted).joined(separator: ","))]")
            members.append(string("route_reason", route.reason.word.description))
        }
        members.append("\"limits\":[\(limits.map(label).joined(separator: ","))]")
        if !timeouts.isEmpty { members.append("\"timeouts\":\(object(timeouts))") }
        if let tunnel { members.append("\"tunnel\":\(object(tunnel))") }
        if let inside { members.append("\"inside\":\(object(inside))") }
        if decision.wouldDeny != Decision.noRule { members.append("\"would_deny\":\(label(Int(decision.wouldDeny)))") }
        members.append("\"status\":\(outcome.status.map { "\($0)" } ?? "null")")
        members.append(string("answer", outcome.sentence))
        if let portRefusal { members.append(string("hint", portRefusal.hint.text(names))) }
        if !notes.isEmpty { members.append("\"notes\":[\(notes.map(quoted).joined(separator: ","))]") }
        return "{\(members.joined(separator: ","))}"
    }

    private func object(_ step: PolicyExplanation.Step) -> String {
        var members = [
            string("rule", step.label), string("at", step.position.description), string("action", step.action.rawValue),
            string("finding", step.finding.word),
        ]
        if case .passedOver(let mismatch) = step.finding {
            members.append(string("part", mismatch.part.rawValue))
            members.append(string("had", mismatch.had))
            members.append("\"wanted\":[\(mismatch.wanted.map(quoted).joined(separator: ","))]")
        }
        if let remark = step.remark { members.append(string("remark", remark)) }
        if step.isReportOnly { members.append("\"report_only\":true") }
        return "{\(members.joined(separator: ","))}"
    }

    private func object(_ decision: Decision) -> String {
        let outcome =
            switch decision.outcome {
            case .allow: "allow"
            case .deny: "deny"
            case .authenticate: "authenticate"
            case .lookUp: "look_up"
            }
        return "{\(string("outcome", outcome)),\"rule\":\(label(Int(decision.rule)))}"
    }

    private func object(_ finding: AddressFinding) -> String {
        var members = [
            string("address", finding.address.description), "\"allowed\":\(finding.isAllowed)",
            "\"dialled\":\(finding.isDialled)",
        ]
        if let refusal = finding.refusal { members.append(string("refusal", refusal.metricLabel.description)) }
        return "{\(members.joined(separator: ","))}"
    }

    private func object(_ finding: TunnelFinding) -> String {
        var members = [string("protocols", finding.takesAny ? "any" : "tls"), string("measure", finding.measure.word)]
        if finding.isReported { members.append("\"reported\":true") }
        if let hint = finding.hint { members.append(string("hint", hint.text(names))) }
        return "{\(members.joined(separator: ","))}"
    }

    private func object(_ finding: InsideFinding) -> String {
        var members = [
            string("name", finding.name), string("measure", finding.measure.word), "\"passes\":\(finding.passes)",
        ]
        if let refusal = finding.refusal {
            members.append(string("refusal", refusal.metricLabel.description))
            if refusal == .serverNameDenied { members.append("\"rule\":\(label(Int(finding.decision.rule)))") }
        }
        return "{\(members.joined(separator: ","))}"
    }

    /// By the keys of a file, as settings write times.
    private func object(_ timeouts: RuleTimeouts) -> String {
        "{\(timeouts.named.map { string($0.key, $0.time.settingText) }.joined(separator: ","))}"
    }

    private func label(_ rule: Int) -> String {
        rule < policy.rules.count ? quoted(policy.rules[rule].label(index: rule)) : "null"
    }

    private func string(_ name: String, _ value: String) -> String { "\"\(name)\":\(quoted(value))" }

    private func quoted(_ value: String) -> String {
        var bytes: [UInt8] = []
        TextEscape.json.write(value, into: &bytes)
        return "\"\(String(decoding: bytes, as: UTF8.self))\""
    }
}

extension ServerNameCheck.Measure {
    /// The word of the JSON form.
    fileprivate var word: String {
        switch self {
        case .nothing: "nothing"
        case .host: "host"
        case .hostOrPlain: "host_or_plain"
        case .rules: "rules"
        case .reportingRules: "reporting_rules"
        case .nothingInTLS: "nothing_in_tls"
        case .rulesInTLS: "rules_in_tls"
        }
    }
}

extension PolicyExplanation.Finding {
    /// The word of the JSON form.
    fileprivate var word: String {
        switch self {
        case .matched: "matched"
        case .recorded: "recorded"
        case .applies: "applies"
        case .passedOver: "passed_over"
        case .dependsOnUser: "depends_on_user"
        case .dependsOnAddresses: "depends_on_addresses"
        case .notReached: "not_reached"
        case .doesNotCount: "does_not_count"
        }
    }
}
