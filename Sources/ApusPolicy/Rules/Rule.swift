/// One line of a policy.
public struct Rule: Sendable, Hashable {
    /// The name that refusals and logs show; nil for a rule that is known by its place.
    public var name: String?
    /// Where it stands.
    public var position: SourcePosition
    /// What it does.
    public var action: RuleAction
    /// When it does so.
    public var condition: Condition
    /// Whether it only records what it would do (`mode: report`); the rules behind it decide.
    public var isReportOnly: Bool

    /// Makes a rule.
    public init(
        _ action: RuleAction,
        when condition: Condition = Condition(),
        name: String? = nil,
        position: SourcePosition = SourcePosition(),
        isReportOnly: Bool = false
    ) {
        self.name = name
        self.position = position
        self.action = action
        self.condition = condition
        self.isReportOnly = isReportOnly
    }
}

extension Rule {
    /// The name, or the place in words: `rule 3`.
    public func label(index: Int) -> String { name ?? "rule \(index + 1)" }
}
