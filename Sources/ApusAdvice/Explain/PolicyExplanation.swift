public import ApusPolicy

/// How a policy comes to its decision about one question: each rule in order, and what it says.
public struct PolicyExplanation: Sendable, Hashable {
    /// A part of a condition, by its key in a file.
    public enum Part: String, Sendable, Hashable, CaseIterable {
        case from, user, method, scheme, to, ports, path, time, listener, not
    }

    /// The first part of a condition that is not true.
    public struct Mismatch: Sendable, Hashable {
        /// Which part.
        public var part: Part
        /// What the rule wants, as it is written.
        public var wanted: [String]
        /// What the request has there.
        public var had: String
    }

    /// What became of a rule.
    public enum Finding: Sendable, Hashable {
        /// It matches, and decides.
        case matched
        /// It matches, but only reports: the rules behind it decide.
        case recorded
        /// It matches and bounds the request.
        case applies
        /// It does not match.
        case passedOver(Mismatch)
        /// All else matches: whether the rule does depends on who asks, and no credentials were shown.
        case dependsOnUser
        /// All else matches: whether the rule does depends on the addresses of the name.
        case dependsOnAddresses
        /// A rule in front of it has decided.
        case notReached
        /// It is a limit, and bounds nothing: the request is not served, or not yet.
        case doesNotCount
    }

    /// What a rule is.
    public enum Action: String, Sendable, Hashable {
        case allow, deny, limit
    }

    /// One rule.
    public struct Step: Sendable, Hashable {
        /// Its index.
        public var rule: Int
        /// Its name, or its place in words.
        public var label: String
        /// Where it stands.
        public var position: SourcePosition
        /// What it does.
        public var action: Action
        /// Whether it only reports.
        public var isReportOnly: Bool
        /// What became of it.
        public var finding: Finding
        /// Why it matches, where that is not to be seen in the rule: a path that climbs, or that begins otherwise than the rule says.
        public var remark: String?
    }

    /// Every rule, in order.
    public var steps: [Step] = []
    /// What is decided; its rules are indices of ``steps``.
    public var decision = Decision(.allow)
    /// The limit rules that bound the request.
    public var limits: [Int] = []
}

extension PolicyExplanation.Mismatch: CustomStringConvertible {
    /// `to is a.example, not b.example, *.c.example`.
    public var description: String {
        part == .not ? "\(had) is an exception" : "\(part.rawValue) is \(had), not \(wanted.joined(separator: ", "))"
    }
}

extension PolicyExplanation.Finding: CustomStringConvertible {
    /// In a few words.
    public var description: String {
        switch self {
        case .matched: "matches, and decides"
        case .recorded: "matches, and only reports"
        case .applies: "applies"
        case .passedOver(let mismatch): "passed over: \(mismatch)"
        case .dependsOnUser: "depends on the user, and no credentials were shown"
        case .dependsOnAddresses: "depends on the addresses of the name"
        case .notReached: "not reached"
        case .doesNotCount: "does not count: the request is not served"
        }
    }
}
