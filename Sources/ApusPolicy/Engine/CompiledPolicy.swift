public import ApusWire

/// A policy that has been checked and made fast: an immutable snapshot, shared by all threads and swapped whole.
///
/// A question costs no allocation, and about a microsecond with a thousand rules and a hundred thousand hosts.
public struct CompiledPolicy: Sendable {
    /// The most rules of a policy.
    public static let mostRules = 4_096

    let index: PolicyIndex

    /// Checks rules and makes them fast.
    /// - Parameter listeners: what `listen` says, in order; ``PolicyQuery/listener`` is a place in it.
    /// - Parameter routes: the ways that ``Permission/route`` may name, and the default; without it the direct one alone.
    /// - Parameter old: a policy that this one shares in memory what is equal with: all of it, or lists.
    /// - Throws: ``PolicyFault`` with everything that is wrong.
    public init(
        _ rules: PolicyRules,
        listeners: [String] = [],
        routes: RouteSettings = RouteSettings(),
        sharing old: CompiledPolicy? = nil
    ) throws(PolicyFault) {
        let problems = PolicyCheck.problems(rules, listeners: listeners) + PolicyCheck.problems(rules, routes)
        guard problems.isEmpty else { throw PolicyFault(problems: problems) }
        guard let old else {
            index = PolicyIndex(rules, listeners: listeners, routes: routes)
            return
        }
        var rules = rules
        rules.shareLists(with: old.rules)
        let isSame =
            rules == old.rules && listeners == old.index.listenerNames && routes == old.index.routes.settings
        index = isSame ? old.index : PolicyIndex(rules, listeners: listeners, routes: routes)
    }

    /// Whether both are one in memory.
    public func isShared(with other: CompiledPolicy) -> Bool { index === other.index }

    /// The rules as they were written.
    public var rules: PolicyRules { index.rules }

    /// Whether there is no rule: everything is allowed that the guard and the ports of CONNECT let through.
    public var isEmpty: Bool { index.facts.isEmpty }

    /// Whether a rule or the default says by which way requests go.
    public var hasRoutes: Bool { !index.routes.isEmpty }

    /// The hops of a way, by the number in a ``Decision``; the direct one alone for a number that is none of this policy's.
    public func plan(of route: RouteIndex) -> RoutePlan { index.routes[route] }

    /// Whether a rule names users, so that somebody has to know them.
    public var namesUsers: Bool { index.users.isAsked }

    /// The names of the lists, in the order of ``PolicyScratch/listHits``.
    public var listNames: [String] { index.listNames }

    /// What rules know a user with valid credentials by.
    public func userIndex(_ name: String) -> PolicyQuery.Who {
        index.users.number(name).map { .user($0) } ?? .stranger
    }

    /// The groups of a list that rules name: what they know a user by whom an authenticator puts into these.
    public func groupSet(_ names: [String]) -> GroupSet {
        var set = GroupSet()
        for name in names {
            if let number = index.users.group(name) { set.insert(number) }
        }
        return set
    }

    /// Whether a client may come to a listener that is not loopback, because an allow rule could serve it: one whose `from`
    /// covers the client, or that names users and has no `from`.
    ///
    /// Asked once a connection: it looks at each block that an allow rule names.
    public func mayAdmit(_ client: IPAddress) -> Bool {
        if index.admitsUsers { return true }
        for place in index.admitted.indices where index.admitted[place].contains(client) { return true }
        return false
    }
}
