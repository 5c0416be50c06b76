internal import ApusPolicy
internal import ApusReport

/// What the rules of a policy are called, and what those that refuse say: all that is needed of a policy once it has decided.
/// It outlives the policy, and holds none of its lists.
final class PolicyWords: Sendable, Equatable {
    /// What a refusing rule gives to the record.
    struct Refusal: Sendable, Equatable {
        let status: UInt16
        let reason: String
    }

    /// Each rule's name or place.
    let labels: [String]
    /// The names of the lists, in the order in which hits are counted.
    let lists: [String]
    private let refusals: [Refusal]
    private let unmatched: Refusal
    /// What each rule says of the protocols in its tunnels.
    private let tls: [TunnelTLS?]
    /// Whether refused clients are told which rule it was, and whom they may ask.
    let tellsRules: Bool
    let contact: String?
    /// Each rule's label as a JSON string without its quotes, for log lines.
    private let escaped: [[UInt8]]

    init(_ policy: CompiledPolicy) {
        let rules = policy.rules
        labels = rules.rules.indices.map { rules.rules[$0].label(index: $0) }
        lists = policy.listNames
        tls = rules.rules.indices.map { policy.permission(of: UInt16($0))?.tls }
        tellsRules = rules.telling != .nothing
        contact = tellsRules ? rules.contact : nil
        escaped = labels.map { label in
            var bytes: [UInt8] = []
            TextEscape.json.write(label, into: &bytes)
            return bytes
        }
        func refusal(_ rule: UInt16) -> Refusal {
            let words = RuleWords(rules, rule: rule)
            return Refusal(status: words.status, reason: words.reason)
        }
        refusals = rules.rules.indices.map { refusal(UInt16($0)) }
        unmatched = refusal(Decision.unmatched)
    }

    static func == (one: PolicyWords, other: PolicyWords) -> Bool {
        if one === other { return true }
        guard one.labels == other.labels, one.lists == other.lists, one.tls == other.tls else { return false }
        guard one.tellsRules == other.tellsRules, one.contact == other.contact else { return false }
        return one.refusals == other.refusals && one.unmatched == other.unmatched
    }

    /// The label of a rule as it stands in a JSON string.
    func escaped(_ rule: UInt16) -> [UInt8] {
        Int(rule) < escaped.count ? escaped[Int(rule)] : Array("no rule".utf8)
    }

    /// The label of a rule; nil for none.
    func label(_ rule: UInt16) -> String? {
        if rule == Decision.unmatched { return "no rule" }
        return Int(rule) < labels.count ? labels[Int(rule)] : nil
    }

    /// What would let other protocols than TLS through a tunnel of a rule.
    func tunnelHint(_ rule: UInt16) -> Hint {
        Hint.tunnel(label(rule), Int(rule) < tls.count ? tls[Int(rule)] : nil)
    }

    /// What a rule that refuses says.
    func refusal(_ rule: UInt16) -> Refusal { Int(rule) < refusals.count ? refusals[Int(rule)] : unmatched }
}
