import ApusPolicy
import ApusWire

/// Grants by the patterns of their hosts, so that thousands of hosts are asked for in a moment.
struct LearnedCoverage {
    private var grants: [(right: LearnedPolicy.Grant.Right, places: [HostPattern: Int])] = []

    init(_ grants: [LearnedPolicy.Grant] = []) {
        for grant in grants { add(grant) }
    }

    /// Takes a grant along.
    mutating func add(_ grant: LearnedPolicy.Grant) {
        let places = grant.entries.indices.map { (grant.entries[$0].pattern, $0) }
        grants.append((grant.right, Dictionary(places) { first, _ in first }))
    }

    /// The first grant, and its entry, that covers all of a pattern for those who have a right.
    func find(_ pattern: HostPattern, for right: LearnedPolicy.Grant.Right) -> (grant: Int, entry: Int)? {
        let patterns = Self.wider(pattern)
        for index in grants.indices where grants[index].right.includes(right) {
            for pattern in patterns {
                if let place = grants[index].places[pattern] { return (index, place) }
            }
        }
        return nil
    }

    /// Whether a grant is about the request.
    func covers(_ request: ObservedRequest) -> Bool {
        let users = request.user.map { [$0] } ?? []
        let right = LearnedPolicy.Grant.Right(
            users: users,
            isTunnel: request.isTunnel,
            ports: [request.port],
            isPrivate: request.isPrivate,
            isPlain: request.isPlainTunnel
        )
        let pattern = IPAddress(request.host).map { HostPattern.network(CIDR($0)) } ?? .name(request.host)
        return find(pattern, for: right) != nil
    }

    /// The pattern itself, and those that cover it.
    private static func wider(_ pattern: HostPattern) -> [HostPattern] {
        var patterns = [pattern]
        guard case .name(let name) = pattern.asName else { return patterns }
        var suffix = HostGroups.parent(name)
        while let next = suffix {
            patterns.append(.under(next))
            suffix = HostGroups.parent(next)
        }
        return patterns
    }
}

extension HostPattern {
    /// `*.example.org` as the name that it is about.
    fileprivate var asName: HostPattern {
        if case .under(let name) = self { .name(name) } else { self }
    }
}
