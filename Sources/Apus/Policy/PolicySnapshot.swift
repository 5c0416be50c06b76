internal import ApusFlow
internal import ApusPolicy
internal import ApusWire

/// A compiled policy, with what the shell makes of its rules once: names for logs and answers, changes to fields.
final class PolicySnapshot: Sendable {
    let policy: CompiledPolicy
    /// Each rule's name or place.
    let labels: [String]
    /// The changes that each rule makes to requests; nil where it makes none.
    let requestChanges: [FieldChanges?]
    /// The changes that each rule makes to responses.
    let responseChanges: [FieldChanges?]
    /// The limits among the rules, as they are counted.
    let usage: UsageRules
    /// Each rule's label as a JSON string without its quotes, for log lines.
    private let escaped: [[UInt8]]

    init(_ policy: CompiledPolicy, usage: UsageRules) {
        self.policy = policy
        self.usage = usage
        let rules = policy.rules.rules
        labels = rules.indices.map { rules[$0].label(index: $0) }
        escaped = labels.map { label in
            var bytes: [UInt8] = []
            TextEscape.json.write(label, into: &bytes)
            return bytes
        }
        requestChanges = rules.indices.map { FieldChanges(policy.permission(of: UInt16($0))?.requestFields) }
        responseChanges = rules.indices.map { FieldChanges(policy.permission(of: UInt16($0))?.responseFields) }
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
}

extension FieldChanges {
    init?(_ edits: FieldEdits?) {
        guard let edits, !edits.isEmpty else { return nil }
        self.init(drop: edits.drop, set: edits.set.map { ($0.name, $0.value) })
    }
}
