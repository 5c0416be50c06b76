internal import ApusWire

/// The conditions of a policy in one row: first those of the rules, in order, then those of their exceptions.
///
/// An exception is a condition like any other, so that both are found by the same indices.
struct PolicyRows {
    /// The most conditions of a policy: a row is a number of 16 bits.
    static let most = 65_535
    /// How deep exceptions may nest.
    static let deepest = 8

    private(set) var conditions: [Condition] = []
    /// Whether the row belongs to a rule that asks a client without credentials for them.
    private(set) var asks: [Bool] = []
    /// Whether a match of the row takes something away: an exception does the opposite of what it is an exception of.
    private(set) var takesAway: [Bool] = []
    /// The rows of each row's exceptions.
    private(set) var exceptions: [Range<Int>] = []

    /// Lays out the conditions of checked rules.
    init(_ rules: [Rule]) {
        conditions = rules.map(\.condition)
        asks = rules.map(\.asksForCredentials)
        takesAway = rules.map(\.takesAway)
        var next = 0
        while next < conditions.count {
            let inner = conditions[next].exceptions
            exceptions.append(conditions.count..<conditions.count + inner.count)
            conditions.append(contentsOf: inner)
            asks.append(contentsOf: inner.map { _ in asks[next] })
            takesAway.append(contentsOf: inner.map { _ in !takesAway[next] })
            next += 1
        }
        for number in conditions.indices {
            conditions[number].hosts = conditions[number].hosts.map(PolicyRows.judged)
        }
    }

    /// An address that was written as a name is an address.
    private static func judged(_ pattern: HostPattern) -> HostPattern {
        guard case .name(let name) = pattern, let address = IPAddress(name) else { return pattern }
        return .network(CIDR(address))
    }
}

extension Rule {
    /// Whether a client that has shown no credentials is asked for them, where the users decide: a limit, and a rule that only
    /// reports, take such a client for nobody.
    var asksForCredentials: Bool {
        if case .limit = action { return false }
        return !isReportOnly
    }

    /// Whether a match refuses or bounds: where a request can be read in two ways, such a rule matches if one of them does, and one
    /// that allows only if both do.
    package var takesAway: Bool {
        if case .allow = action { false } else { true }
    }
}

/// What is left to judge of a row when the indices have named it: the parts that none of them knows.
struct ResidualPredicates: Sendable {
    /// Which parts there are.
    struct Parts: OptionSet, Sendable {
        let rawValue: UInt8
        static let users = Parts(rawValue: 1)
        static let paths = Parts(rawValue: 2)
        static let times = Parts(rawValue: 4)
        static let lists = Parts(rawValue: 8)
        static let networks = Parts(rawValue: 16)
        static let exceptions = Parts(rawValue: 32)
    }

    var parts: Parts = []
    /// Whether a match takes something away.
    var takesAway = false
    /// In the prefixes, windows and list numbers of the whole policy.
    var paths = 0..<0
    var times = 0..<0
    var lists = 0..<0
    /// Rows.
    var exceptions = 0..<0
}

/// The parts of all rows that are judged one by one.
struct ResidualTable: Sendable {
    private(set) var rows: [ResidualPredicates] = []
    /// A prefix of paths in both of its forms; the same place where they are the same.
    struct Prefix: Sendable {
        var sent: Range<Int>
        var unified: Range<Int>
    }

    /// The forms of all prefixes, one behind the other, and where each is.
    private(set) var text: [UInt8] = []
    private(set) var prefixes: [Prefix] = []
    /// Numbers of windows and lists, row by row.
    private(set) var windowNumbers: [Int] = []
    private(set) var listNumbers: [Int] = []
    /// Each window once.
    private(set) var windows: [TimeWindow] = []

    init(_ rows: PolicyRows, lists: [String: Int]) {
        var known: [TimeWindow: Int] = [:]
        for (number, condition) in rows.conditions.enumerated() {
            var rest = ResidualPredicates()
            rest.takesAway = rows.takesAway[number]
            if !condition.users.isEmpty { rest.parts.insert(.users) }
            rest.paths = prefixes.count..<prefixes.count + condition.paths.count
            for path in condition.paths { add(path) }
            rest.times = windowNumbers.count..<windowNumbers.count + condition.times.count
            for window in condition.times {
                let place = known[window] ?? windows.count
                if place == windows.count { windows.append(window) }
                known[window] = place
                windowNumbers.append(place)
            }
            let first = listNumbers.count
            for pattern in condition.hosts {
                switch pattern {
                case .list(let name): listNumbers.append(contentsOf: [lists[name]].compactMap { $0 })
                case .network: rest.parts.insert(.networks)
                case .any, .name, .under: break
                }
            }
            rest.lists = first..<listNumbers.count
            rest.exceptions = rows.exceptions[number]
            if !rest.paths.isEmpty { rest.parts.insert(.paths) }
            if !rest.times.isEmpty { rest.parts.insert(.times) }
            if !rest.lists.isEmpty { rest.parts.insert(.lists) }
            if !rest.exceptions.isEmpty { rest.parts.insert(.exceptions) }
            self.rows.append(rest)
        }
    }

    private mutating func add(_ path: String) {
        let forms = PathForm.prefix(path)
        let sent = keep(forms.sent)
        prefixes.append(Prefix(sent: sent, unified: forms.sent == forms.unified ? sent : keep(forms.unified)))
    }

    private mutating func keep(_ bytes: [UInt8]) -> Range<Int> {
        text.append(contentsOf: bytes)
        return text.count - bytes.count..<text.count
    }
}
