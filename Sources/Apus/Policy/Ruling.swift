internal import ApusFlow
internal import ApusPolicy

/// What the rules say, and what the rule that decided gives, looked up once.
struct Ruling: BitwiseCopyable {
    let decision: Decision
    /// Of the rule that decided, or that asks for addresses.
    let facts: RuleFlags
    /// The times that the rule gives; none where none has decided yet.
    let times: RuleTicks

    /// What a policy said.
    init(_ decision: Decision, _ facts: RuleFlags, _ times: RuleTicks) {
        self.decision = decision
        self.facts = facts
        self.times = times
    }

    /// Nobody allows it: there are no rules to ask.
    init() {
        decision = Decision(.deny)
        facts = []
        times = RuleTicks()
    }
}
