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
    /// For the status line, of which most clients print nothing more of a refused CONNECT: `Denied by rule "no uploads"`. Visible ASCII
    /// and spaces (RFC 9112 §4), at most ``longestPhrase`` bytes, and of the policy alone; nil where nothing is to be told.
    public let phrase: String?
    /// How long ``phrase`` may be, in bytes: with an id of 16 digits behind it, and what stands around that, 80.
    public static let longestPhrase = 58

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
        phrase = tells ? RuleWords.phrase(known, index) : nil
        guard tells, let label, let known else {
            self.rule = nil
            return
        }
        self.rule = rules.telling == .everything ? "\(label) (\(known.position))" : label
    }

    private static func phrase(_ rule: Rule?, _ index: Int) -> String {
        guard let rule else { return "Denied: no rule allows it" }
        let verb = rule.action.limit == nil ? "Denied" : "Limited"
        guard let name = rule.name else { return "\(verb) by \(rule.label(index: index))" }
        let room = longestPhrase - "\(verb) by rule \"\"".utf8.count
        // A quote would end the name, and whatever is no visible ASCII is not let into a head.
        let plain = name.unicodeScalars.map { scalar -> Character in
            if scalar == "\"" { return "'" }
            return 0x20...0x7e ~= scalar.value ? Character(scalar) : "?"
        }
        let short = plain.count > room ? String(plain.prefix(room - 3)) + "..." : String(plain)
        return "\(verb) by rule \"\(short)\""
    }

    /// `The rule “package mirrors”`, `Rule 3`.
    private static func subject(_ rule: Rule, _ index: Int) -> String {
        rule.name.map { "The rule “\($0)”" } ?? "Rule \(index + 1)"
    }
}
