/// What a refusal by a rule says, to the client and to the log.
public struct RuleWords: Sendable, Hashable {
    /// The status of the answer.
    public let status: UInt16
    /// For the client.
    public let sentence: String
    /// For the log, which always knows the rule.
    public let reason: String
    /// What the client is told of the rule; nil if nothing.
    public let rule: String?
    /// Whom the client is told to ask; nil if nobody.
    public let contact: String?

    /// The words of a refusal by the rule of this index; ``Decision/noRule`` when none matched.
    public init(_ rules: PolicyRules, rule: UInt16) {
        let index = Int(rule)
        let known = index < rules.rules.count ? rules.rules[index] : nil
        let label = known?.label(index: index)
        var rejection = Rejection()
        if case .deny(let own) = known?.action { rejection = own }
        status = rejection.status
        let usual =
            known.map { RuleWords.subject($0, index) + " of this proxy's policy refuses this." }
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

    /// `The rule “package mirrors”`, `Rule 3`.
    private static func subject(_ rule: Rule, _ index: Int) -> String {
        rule.name.map { "The rule “\($0)”" } ?? "Rule \(index + 1)"
    }
}
