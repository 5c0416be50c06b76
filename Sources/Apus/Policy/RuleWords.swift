internal import ApusFlow
internal import ApusPolicy
internal import ApusReactor

/// What a refusal by a rule says, to the client and to the log.
struct RuleWords {
    let status: UInt16
    /// For the client.
    let sentence: String
    /// For the log, which always knows the rule.
    let reason: String
    /// What the client is told of the rule; nil if nothing.
    let rule: String?
    let contact: String?

    init(_ snapshot: PolicySnapshot, _ rule: UInt16) {
        let rules = snapshot.policy.rules
        let label = snapshot.label(rule)
        let known = snapshot.policy.rule(rule)
        let rejection = snapshot.policy.rejection(of: rule) ?? Rejection()
        status = rejection.status
        let usual =
            label.map { "The rule \"\($0)\" of this proxy's policy refuses this." }
            ?? "No rule of this proxy's policy allows this."
        reason = rejection.text.map { "\(usual) \($0)" } ?? usual
        let tells = rules.telling != .nothing
        sentence = rejection.text ?? (tells ? usual : "The policy of this proxy refuses this.")
        contact = tells ? rules.contact : nil
        guard tells, let label, let known else {
            self.rule = nil
            return
        }
        self.rule = rules.telling == .everything ? "\(label) (\(known.position))" : label
    }
}
