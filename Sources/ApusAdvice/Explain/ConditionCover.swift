internal import ApusPolicy
internal import ApusWire

/// Whether one condition is true wherever another one is: part by part, so that it may say no where it is yes, never the other
/// way round.
///
/// A class, because each is held against many others.
final class ConditionCover {
    private let condition: Condition
    private let exceptions: [ConditionCover]
    let names: Set<String>
    let suffixes: Set<String>
    let lists: Set<String>
    let networks: [CIDR]
    let takesEveryHost: Bool
    /// The users of the groups too.
    private let users: Set<ExactName>
    /// The groups, where others than these users may be in them.
    private let groups: Set<ExactName>
    private let takesEveryUser: Bool
    /// The ports, those that touch joined.
    private let ports: [ClosedRange<Int>]
    private let kinds: Set<Kind>
    /// In lower case where case does not matter.
    private let methods: Set<String>
    /// Whether a match takes something away, so that one form of a path is enough, and the case of a method does not matter.
    private let takesAway: Bool
    private let prefixes: [(sent: [UInt8], unified: [UInt8])]

    /// - Parameter takesGroups: whether credentials put users into groups as well.
    /// - Parameter takesAway: that of the rule; an exception does the opposite of what it is an exception of.
    init(
        _ condition: Condition,
        groups: [String: [String]],
        takesGroups: Bool = false,
        takesAway: Bool = false
    ) {
        self.condition = condition
        self.takesAway = takesAway
        methods = Set(takesAway ? condition.methods.map(MethodIndex.folded) : condition.methods)
        prefixes = condition.paths.map(PathForm.prefix)
        exceptions = condition.exceptions.map {
            ConditionCover($0, groups: groups, takesGroups: takesGroups, takesAway: !takesAway)
        }
        var names: Set<String> = []
        var suffixes: Set<String> = []
        var lists: Set<String> = []
        var networks: [CIDR] = []
        for pattern in condition.hosts {
            switch pattern {
            case .any: break
            case .name(let name):
                if let address = IPAddress(name) { networks.append(CIDR(address)) } else { names.insert(name) }
            case .under(let name): suffixes.insert(name)
            case .network(let block): networks.append(block)
            case .list(let name): lists.insert(name)
            }
        }
        self.names = names
        self.suffixes = suffixes
        self.lists = lists
        self.networks = networks
        takesEveryHost = condition.hosts.isEmpty || condition.hosts.contains(.any)
        users = condition.users.reduce(into: []) { users, pattern in
            switch pattern {
            case .anyone: break
            case .user(let name): users.insert(ExactName(name))
            case .group(let group): users.formUnion((groups[group] ?? []).map { ExactName($0) })
            }
        }
        self.groups = condition.users.reduce(into: []) { names, pattern in
            if takesGroups, case .group(let group) = pattern { names.insert(ExactName(group)) }
        }
        takesEveryUser = condition.users.contains(.anyone)
        ports = ConditionCover.joined(condition.ports)
        kinds = ConditionCover.kinds(condition, methods, takesAway: takesAway)
    }

    /// Whether it is always true.
    var isEverything: Bool {
        var rest = condition
        if takesEveryHost { rest.hosts = [] }
        return rest.isEmpty
    }

    /// Whether this condition is true, or as far from being known, wherever the other one is.
    func covers(_ other: ConditionCover) -> Bool {
        coversUsers(of: other) && coversFew(of: other) && coversHosts(of: other)
            && ConditionCover.covers(condition.from, other.condition.from)
            && coversPorts(of: other) && coversPaths(of: other)
            && exceptions.allSatisfy { exception in other.exceptions.contains { $0.covers(exception) } }
    }

    /// The parts whose entries either are the same or have nothing in common.
    private func coversFew(of other: ConditionCover) -> Bool {
        coversMethods(of: other) && kinds.isSuperset(of: other.kinds)
            && ConditionCover.covers(condition.listeners, other.condition.listeners)
            && ConditionCover.covers(condition.times, other.condition.times)
    }

    private func coversMethods(of other: ConditionCover) -> Bool {
        if methods.isEmpty { return true }
        guard !other.methods.isEmpty, takesAway || !other.takesAway else { return false }
        return methods.isSuperset(of: takesAway ? Set(other.methods.map(MethodIndex.folded)) : other.methods)
    }

    private static func covers<Entry: Hashable>(_ entries: [Entry], _ others: [Entry]) -> Bool {
        entries.isEmpty || (!others.isEmpty && others.allSatisfy(entries.contains))
    }

    private static func covers(_ blocks: [CIDR], _ others: [CIDR]) -> Bool {
        if blocks.isEmpty || Set(blocks.filter(\.isEverything).map(\.address.family)).count == 2 { return true }
        return !others.isEmpty && others.allSatisfy { isIn($0, blocks) }
    }

    private static func isIn(_ block: CIDR, _ blocks: [CIDR]) -> Bool {
        blocks.contains { $0.prefixLength <= block.prefixLength && $0.contains(block.address) }
    }

    private func coversUsers(of other: ConditionCover) -> Bool {
        if condition.users.isEmpty { return true }
        guard !other.condition.users.isEmpty else { return false }
        if takesEveryUser { return true }
        return !other.takesEveryUser && users.isSuperset(of: other.users) && groups.isSuperset(of: other.groups)
    }

    private func coversHosts(of other: ConditionCover) -> Bool {
        if takesEveryHost { return true }
        guard !other.takesEveryHost else { return false }
        return lists.isSuperset(of: other.lists)
            && other.names.allSatisfy { names.contains($0) || isUnder($0) }
            && other.suffixes.allSatisfy { suffixes.contains($0) || isUnder($0) }
            && other.networks.allSatisfy { ConditionCover.isIn($0, networks) }
    }

    /// Whether a name is under one of the suffixes.
    private func isUnder(_ name: String) -> Bool {
        !suffixes.isEmpty && ConditionCover.parents(of: name).contains(where: suffixes.contains)
    }

    /// The names that a name is under, the nearest first.
    static func parents(of name: String) -> [String] {
        var parents: [String] = []
        var rest = name[...]
        while let dot = rest.firstIndex(of: ".") {
            rest = rest[rest.index(after: dot)...]
            parents.append(String(rest))
        }
        return parents
    }

    private func coversPorts(of other: ConditionCover) -> Bool {
        if condition.ports.isEmpty { return true }
        guard !other.ports.isEmpty else { return ports.contains { $0.lowerBound == 0 && $0.upperBound == 0xffff } }
        return other.ports.allSatisfy { range in
            ports.contains { $0.lowerBound <= range.lowerBound && range.upperBound <= $0.upperBound }
        }
    }

    private func coversPaths(of other: ConditionCover) -> Bool {
        if prefixes.isEmpty { return true }
        // What takes away takes a path that climbs, or begins so in one form only; what gives does not.
        guard !other.prefixes.isEmpty, takesAway || !other.takesAway else { return false }
        return other.prefixes.allSatisfy { path in
            prefixes.contains { path.unified.starts(with: $0.unified) && ConditionCover.starts(path.sent, $0.sent) }
        }
    }

    private static func starts(_ path: [UInt8], _ prefix: [UInt8]) -> Bool {
        prefix.count <= path.count && zip(path, prefix).allSatisfy { PathForm.isSame($0, as: $1) }
    }

    /// Ranges in order, joined where they overlap or touch.
    private static func joined(_ ranges: [ClosedRange<UInt16>]) -> [ClosedRange<Int>] {
        var joined: [ClosedRange<Int>] = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            let next = Int(range.lowerBound)...Int(range.upperBound)
            if let last = joined.last, next.lowerBound <= last.upperBound + 1 {
                joined[joined.count - 1] = last.lowerBound...max(last.upperBound, next.upperBound)
            } else {
                joined.append(next)
            }
        }
        return joined
    }

    /// What a request is, as far as scheme, method and path tell it.
    private enum Kind: Hashable {
        case plain(Scheme)
        case tunnel
    }

    /// The kinds that the scheme, the methods and the path leave: a tunnel shows neither scheme nor path.
    private static func kinds(_ condition: Condition, _ methods: Set<String>, takesAway: Bool) -> Set<Kind> {
        var kinds: Set<Kind> = []
        // In other cases CONNECT is a method of plain requests.
        if takesAway || methods != ["CONNECT"] {
            for scheme in Scheme.allCases where condition.takesScheme(scheme) { kinds.insert(.plain(scheme)) }
        }
        let takesConnect = methods.isEmpty || methods.contains(takesAway ? "connect" : "CONNECT")
        if takesConnect, condition.paths.isEmpty, condition.takesScheme(nil) { kinds.insert(.tunnel) }
        return kinds
    }
}
