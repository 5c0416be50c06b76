extension ProxyConfiguration {
    /// Who has to show credentials, and how proofs and failures are remembered. It means nothing without an
    /// ``Authenticator``.
    public struct AuthenticationSettings: Sendable, Equatable {
        /// Of whom credentials are asked.
        public enum Requirement: String, Sendable, Equatable, CaseIterable {
            /// Of everybody, unless there are rules, which then say of whom.
            case auto
            /// Of everybody.
            case always
            /// Only of those of whom a rule asks them; an embedder's policy sees others without a user.
            case rules
        }

        /// Of whom credentials are asked (407); those that are shown are verified in any case.
        public var required = Requirement.auto

        /// How long credentials that were found valid are taken without being verified again: 5 min; 0 verifies them for every
        /// request. Squid keeps Basic credentials for 2 h by default.
        public var lifetime: Duration = .seconds(300)

        /// How many proofs each thread remembers: 4,096. 0 remembers none.
        public var entries = 4096

        /// How many times a client may show credentials that are not valid before it has to wait (429): 10, as many as
        /// OWASP's authentication guide finds usual for a lock-out; 0 sets no bound.
        public var failures = 10

        /// In what time one such failure is forgotten: 6 s, so that a client may guess ten times a minute.
        public var failureInterval: Duration = .seconds(6)

        /// The defaults.
        public init() {}
    }
}
