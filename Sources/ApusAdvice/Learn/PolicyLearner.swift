import ApusPolicy
import ApusWire

/// Gathers requests and makes the smallest readable allow-list of them.
///
/// Only what was served is allowed: tunnels or plain requests by port, and by user where every request to a host and port had one. Names are
/// grouped by ``HostGroups``'s rule, within the same users and ports only, so that no right grows but by names of one domain. What
/// another rule of the list covers is left out. A host that had a private address once is an exception to the guard by its own name,
/// in front of everything else. What a cloud's metadata service answered is left out and told: to open that is for a person to decide.
public struct PolicyLearner: Sendable {
    private let leastNames: Int
    private var counts: [ObservedRequest: Int] = [:]

    /// Makes a learner.
    /// - Parameter leastNames: from how many different names directly under a domain on `*.domain` is proposed; 2 at least.
    public init(leastNames: Int = 3) {
        self.leastNames = max(leastNames, 2)
    }

    /// Takes requests that are alike.
    public mutating func observe(_ request: ObservedRequest, count: Int = 1) {
        counts[request, default: 0] += count
    }

    /// The allow-list of all that was taken.
    public func learn() -> LearnedPolicy {
        var policy = LearnedPolicy()
        policy.leastNames = leastNames
        var uses: [Use: Usage] = [:]
        var failed: [LearnedPolicy.Remark] = []
        for (request, count) in counts {
            let remark = LearnedPolicy.Remark(request: request, count: count)
            switch request.outcome {
            case .denied: policy.denied.append(remark)
            case .failed:
                policy.failures += count
                failed.append(remark)
            case .served:
                policy.served += count
                guard request.metadataService == nil else {
                    policy.metadata.append(remark)
                    continue
                }
                guard Self.isWritable(request) else {
                    policy.unwritten.append(remark)
                    continue
                }
                let use = Use(isTunnel: request.isTunnel, host: request.host, port: request.port)
                uses[use, default: Usage()].add(request, count)
            }
        }
        policy.grants = Self.merged(grants(uses))
        let coverage = LearnedCoverage(policy.grants)
        policy.failed = Self.sorted(failed.filter { !coverage.covers($0.request) })
        policy.denied = Self.sorted(policy.denied)
        policy.metadata = Self.sorted(policy.metadata)
        policy.unwritten = Self.sorted(policy.unwritten)
        return policy
    }

    /// Where requests went.
    private struct Use: Hashable {
        var isTunnel: Bool
        var host: String
        var port: UInt16
        /// Whether tunnels there hold other protocols than TLS: those to port 80 do.
        var isPlain = false
    }

    /// Who went there.
    private struct Usage {
        var users: Set<String> = []
        var isEverybody = false
        var isPrivate = false
        var isPlain = false
        var count = 0

        mutating func add(_ request: ObservedRequest, _ more: Int) {
            if let user = request.user { users.insert(user) } else { isEverybody = true }
            isPrivate = isPrivate || request.isPrivate
            isPlain = isPlain || request.isPlainTunnel || request.isTunnel && request.port == 80
            count += more
        }
    }

    /// Ports are gathered by host and users, then hosts by rights.
    private func grants(_ uses: [Use: Usage]) -> [LearnedPolicy.Grant] {
        let privates = Set(uses.lazy.filter(\.value.isPrivate).map(\.key.host))
        var rights: [Use: [[String]: (right: LearnedPolicy.Grant.Right, count: Int)]] = [:]
        for (use, usage) in uses {
            let users = usage.isEverybody ? [] : usage.users.sorted()
            // Ports where TLS is spoken are not opened with those where it is not.
            let host = Use(isTunnel: use.isTunnel, host: use.host, port: 0, isPlain: usage.isPlain)
            let new = LearnedPolicy.Grant.Right(users: users, isTunnel: use.isTunnel, ports: [], isPlain: usage.isPlain)
            var known = rights[host]?[users] ?? (new, 0)
            known.right.ports = (known.right.ports + [use.port]).sorted()
            known.right.isPrivate = privates.contains(use.host)
            known.right.isAddress = IPAddress(use.host) != nil
            known.count += usage.count
            rights[host, default: [:]][users] = known
        }
        var names: [LearnedPolicy.Grant.Right: [String: Int]] = [:]
        for (use, known) in rights {
            for (right, count) in known.values { names[right, default: [:]][use.host] = count }
        }
        return names.map { right, names in
            .init(right: right, entries: HostGroups.group(names, least: right.isPrivate ? .max : leastNames))
        }
    }

    /// Entries that another grant covers go into it; what is left stands in the order of rules.
    private static func merged(_ grants: [LearnedPolicy.Grant]) -> [LearnedPolicy.Grant] {
        var kept: [LearnedPolicy.Grant] = []
        var coverage = LearnedCoverage()
        let widestFirst = grants.sorted {
            let (left, right) = ($0.right.breadth, $1.right.breadth)
            return left == right ? $0.precedes($1) : right.lexicographicallyPrecedes(left)
        }
        for var grant in widestFirst {
            grant.entries.removeAll { entry in
                guard let place = coverage.find(entry.pattern, for: grant.right) else { return false }
                kept[place.grant].entries[place.entry].names.merge(entry.names) { $0 + $1 }
                return true
            }
            guard !grant.entries.isEmpty else { continue }
            kept.append(grant)
            coverage.add(grant)
        }
        return kept.sorted { $0.precedes($1) }
    }

    private static func sorted(_ remarks: [LearnedPolicy.Remark]) -> [LearnedPolicy.Remark] {
        remarks.sorted {
            ($1.count, "\($0.request) \($0.request.outcome)") < ($0.count, "\($1.request) \($1.request.outcome)")
        }
    }

    /// Whether rules can speak of it: `all` and `group:` mean something else there, and what is no host matches nothing.
    private static func isWritable(_ request: ObservedRequest) -> Bool {
        if let user = request.user, user.isEmpty || user == "all" || user.hasPrefix("group:") { return false }
        if IPAddress(request.host) != nil { return true }
        let host = Array(request.host.utf8)
        guard request.host != "all", request.port > 0, host.last != Ascii.dot else { return false }
        return HostName.check(host.span, 0..<host.count) == nil && host.allSatisfy { $0 == ByteClass.lowercased($0) }
    }
}
