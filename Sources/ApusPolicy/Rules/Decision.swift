/// What a policy says of a request: an outcome, and which rule is behind it.
public struct Decision: Sendable, Hashable, BitwiseCopyable {
    /// What is to be done.
    public enum Outcome: UInt8, Sendable, Hashable, BitwiseCopyable {
        /// Serve it.
        case allow
        /// Refuse it.
        case deny
        /// A rule depends on the user, and no credentials were shown: ask for them (407).
        case authenticate
        /// A rule depends on the addresses of a name: look it up and ask again with each address.
        case lookUp
    }

    /// No rule.
    public static let noRule = UInt16.max
    /// In ``wouldDeny``: no rule matched, which denies, but the policy only reports.
    public static let unmatched = UInt16.max - 1

    /// What is to be done.
    public var outcome: Outcome
    /// The index of the rule that decided; ``noRule`` when none matched, which denies unless there is no rule at all.
    public var rule: UInt16
    /// The index of the first report-only rule that would have denied it; ``noRule`` if none. Where the policy only reports,
    /// also the rule that would have denied it or asked for credentials, or ``unmatched``.
    public var wouldDeny: UInt16
    /// Whether a limit rule matches: ``CompiledPolicy/limits(_:method:host:path:scratch:_:)`` tells which.
    public var isLimited: Bool

    /// Makes a decision.
    public init(_ outcome: Outcome, rule: UInt16 = noRule, wouldDeny: UInt16 = noRule, isLimited: Bool = false) {
        self.outcome = outcome
        self.rule = rule
        self.wouldDeny = wouldDeny
        self.isLimited = isLimited
    }
}
