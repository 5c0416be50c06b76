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
        /// A rule depends on the addresses of a name, and some of those that it may have could be served: look it up and ask again
        /// with each address.
        case lookUp
    }

    /// No rule.
    public static let noRule = UInt16.max
    /// In ``wouldDeny``: no rule matched, which denies, but the policy only reports.
    public static let unmatched = UInt16.max - 1

    /// What is to be done.
    public var outcome: Outcome
    /// The index of the rule that decided; ``noRule`` when none matched, which denies unless there is no rule at all. With `lookUp`
    /// that of the first rule that depends on the addresses: it has not decided, and gives nothing.
    public var rule: UInt16
    /// The index of the first report-only rule that would have denied it; ``noRule`` if none. Where the policy only reports,
    /// also the rule that would have denied it or asked for credentials, or ``unmatched``.
    public var wouldDeny: UInt16
    /// Whether a limit rule matches: ``CompiledPolicy/limits(_:method:host:path:scratch:_:)`` tells which.
    /// With `lookUp`: whether one does whatever the address is.
    public var isLimited: Bool
    /// With `lookUp`: whether no rule that could allow the tunnel names ports, so that its port has to be one of `connect-ports`.
    public var needsOpenPort: Bool
    /// With CONNECT to port 80: whether requests inside would pass by what rules say of requests there, or nobody has said that other
    /// protocols than TLS may pass: the first rule that can match host and port, whatever method and path, is no allow for all of them
    /// with `tls: any`. With `lookUp`: whether that is so whatever the address is. Nothing says it where the policy only reports.
    public var hidesRequests: Bool
    /// By which way what is allowed goes, by the rule that decided or the default. With `lookUp` nobody has said yet.
    public var route = RouteChoice.unsaid

    /// Makes a decision.
    public init(
        _ outcome: Outcome,
        rule: UInt16 = noRule,
        wouldDeny: UInt16 = noRule,
        isLimited: Bool = false,
        needsOpenPort: Bool = false,
        hidesRequests: Bool = false
    ) {
        self.outcome = outcome
        self.rule = rule
        self.wouldDeny = wouldDeny
        self.isLimited = isLimited
        self.needsOpenPort = needsOpenPort
        self.hidesRequests = hidesRequests
    }
}
