public import ApusPolicy
import ApusWire

/// An allow-list that covers what was seen: rules for a policy, and what they were made from.
public struct LearnedPolicy: Sendable {
    /// Hosts that may be reached in the same way by the same users: one rule.
    public struct Grant: Sendable {
        /// Who and how.
        public struct Right: Sendable, Hashable {
            /// The users, in order; empty for everybody.
            public var users: [String] = []
            /// Whether there were tunnels, which take plain requests to the same port along; else plain requests alone.
            public var isTunnel: Bool
            /// The ports, in order.
            public var ports: [UInt16]
            /// Whether private addresses were reached.
            public var isPrivate = false
            /// Whether the hosts are address literals.
            public var isAddress = false
            /// Whether tunnels hold other protocols than TLS.
            public var isPlain = false
        }

        /// Who and how.
        public var right: Right
        /// The hosts.
        public var entries: [Entry]
    }

    /// One entry of `to`.
    public struct Entry: Sendable {
        /// What is allowed.
        public var pattern: HostPattern
        /// The hosts that were seen, with how many requests each had.
        public var names: [String: Int] = [:]

        /// How many requests there were.
        public var count: Int { names.values.reduce(0, +) }
    }

    /// Requests that are left out.
    public struct Remark: Sendable, Hashable {
        /// One of them.
        public var request: ObservedRequest
        /// How many were alike.
        public var count: Int
    }

    /// What is allowed, in the order of rules: private hosts, everybody's, those of users, addresses.
    public internal(set) var grants: [Grant] = []
    /// What was denied, the most frequent first.
    public internal(set) var denied: [Remark] = []
    /// What failed, and is not covered by a grant.
    public internal(set) var failed: [Remark] = []
    /// What was served by a cloud's metadata service, which these rules do not open.
    public internal(set) var metadata: [Remark] = []
    /// What was served, but cannot be written as a rule: a host or a user called `all`.
    public internal(set) var unwritten: [Remark] = []
    /// From how many names on a domain was allowed as a whole.
    public internal(set) var leastNames = 3
    /// How many requests were served.
    public internal(set) var served = 0
    /// How many requests failed, those to hosts that are covered by a grant among them.
    public internal(set) var failures = 0

    /// The policy: the grants as rules, and `deny: all`.
    public var policy: PolicyRules {
        var policy = PolicyRules()
        policy.rules = grants.map(\.rule) + [Rule(.deny(Rejection()))]
        return policy
    }
}

extension LearnedPolicy.Grant {
    /// The grant as a rule.
    public var rule: Rule {
        var condition = Condition()
        condition.users = right.users.map { .user($0) }
        if !right.isTunnel { condition.schemes = [.http] }
        condition.hosts = entries.map(\.pattern)
        condition.ports = right.ports.map { $0...$0 }
        var permission = Permission()
        permission.allowsPrivate = right.isPrivate
        if right.isPlain { permission.tls = .any }
        return Rule(.allow(permission), when: condition)
    }

    /// How many requests there were.
    public var count: Int { entries.reduce(0) { $0 + $1.count } }

    /// The place among the rules: addresses last, for they may make a look-up necessary; private hosts first, or a domain's rule
    /// would decide about them without the exception that they need; everybody before users, who are asked for credentials where a
    /// rule that names them is met; then by frequency.
    func precedes(_ other: Self) -> Bool {
        let (mine, others) = (rank, other.rank)
        if mine != others { return mine < others }
        if count != other.count { return count > other.count }
        return text.lexicographicallyPrecedes(other.text)
    }

    private var rank: Int { (right.isAddress ? 4 : 0) + (right.isPrivate ? 0 : 2) + (right.users.isEmpty ? 0 : 1) }

    /// What makes it unlike every other one.
    private var text: [String] {
        entries.map(\.pattern.description) + right.users + [right.isTunnel ? "tunnel" : "plain"]
            + right.ports.map(String.init)
    }
}

extension LearnedPolicy.Grant.Right {
    /// Whether who has the other right needs not have it beside this one.
    func includes(_ other: Self) -> Bool {
        (users.isEmpty || (!other.users.isEmpty && other.users.allSatisfy(users.contains)))
            && (isTunnel || !other.isTunnel) && other.ports.allSatisfy(ports.contains)
            && (isPrivate || !other.isPrivate) && (isPlain || !other.isPlain)
    }

    /// A measure that is no smaller for a right that includes another, to be compared from the left.
    var breadth: [Int] {
        [users.isEmpty ? .max : users.count, ports.count, isPrivate ? 1 : 0, isTunnel ? 1 : 0, isPlain ? 1 : 0]
    }
}

extension LearnedPolicy.Entry {
    /// The labels from the right, so that the names of a domain stand together.
    var order: [String] {
        let labels: [String]
        switch pattern {
        case .name(let name): labels = name.split(separator: ".").reversed().map(String.init)
        case .under(let name): labels = name.split(separator: ".").reversed().map(String.init) + ["*"]
        default: labels = [pattern.description]
        }
        return labels
    }
}
