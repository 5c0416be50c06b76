internal import ApusFlow
internal import ApusPolicy
internal import ApusWire

/// A compiled policy, with what the shell makes of its rules once: names for logs and answers, changes to fields.
final class PolicySnapshot: Sendable {
    let policy: CompiledPolicy
    /// Tells it from the policies before it; from 1.
    let serial: UInt32
    /// What its rules are called, and say.
    let words: PolicyWords
    /// The changes that each rule makes to requests; nil where it makes none.
    let requestChanges: [FieldChanges?]
    /// The changes that each rule makes to responses.
    let responseChanges: [FieldChanges?]
    /// The times of each rule; empty where none sets any.
    private let times: [RuleTicks]
    /// The limits among the rules, as they are counted.
    let usage: UsageRules

    /// - Parameter old: the one before, with which it shares in memory what is equal.
    init(_ policy: CompiledPolicy, usage: UsageRules, serial: UInt32, after old: PolicySnapshot? = nil) {
        self.policy = policy
        self.usage = usage
        self.serial = serial
        if let old, policy.isShared(with: old.policy) {
            words = old.words
            requestChanges = old.requestChanges
            responseChanges = old.responseChanges
            times = old.times
            return
        }
        let words = PolicyWords(policy)
        self.words = old.map { $0.words == words ? $0.words : words } ?? words
        let rules = policy.rules.rules
        requestChanges = rules.indices.map { FieldChanges(policy.permission(of: UInt16($0))?.requestFields) }
        responseChanges = rules.indices.map { FieldChanges(policy.permission(of: UInt16($0))?.responseFields) }
        let timeouts = rules.indices.map { policy.permission(of: UInt16($0))?.timeouts ?? RuleTimeouts() }
        times = timeouts.allSatisfy(\.isEmpty) ? [] : timeouts.map(RuleTicks.init)
    }

    /// The times that a rule gives; none for ``Decision/noRule``.
    func times(of rule: UInt16) -> RuleTicks { Int(rule) < times.count ? times[Int(rule)] : RuleTicks() }
}

extension FieldChanges {
    init?(_ edits: FieldEdits?) {
        guard let edits, !edits.isEmpty else { return nil }
        self.init(drop: edits.drop, set: edits.set.map { ($0.name, $0.value) })
    }
}
