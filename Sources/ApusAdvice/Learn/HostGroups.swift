import ApusPolicy
import ApusWire

/// Names that were used, as few patterns.
enum HostGroups {
    /// Groups names under `*.suffix` where at least `least` different ones stand directly under the same suffix, that suffix has
    /// two labels or more, and is not one that strangers share (``SharedSuffix``). Deeper names under such a suffix go with
    /// it; the suffix itself, and addresses, stand for themselves.
    /// - Parameter names: how many requests each host had.
    static func group(_ names: [String: Int], least: Int) -> [LearnedPolicy.Entry] {
        let suffixes = suffixes(names, least: least)
        var entries: [HostPattern: LearnedPolicy.Entry] = [:]
        for (name, count) in names {
            let pattern = pattern(name, suffixes)
            entries[pattern, default: .init(pattern: pattern)].names[name] = count
        }
        return entries.values.sorted { $0.order.lexicographicallyPrecedes($1.order) }
    }

    /// What is behind the first dot; nil for a name of one label and for an address.
    static func parent(_ name: some StringProtocol) -> String? {
        guard IPAddress(name) == nil, let dot = name.firstIndex(of: ".") else { return nil }
        return String(name[name.index(after: dot)...])
    }

    private static func suffixes(_ names: [String: Int], least: Int) -> Set<String> {
        var children: [String: Int] = [:]
        for name in names.keys {
            if let parent = parent(name) { children[parent, default: 0] += 1 }
        }
        return Set(children.filter { $0.value >= max(least, 2) && !SharedSuffix.isShared($0.key) }.keys)
    }

    /// The shortest suffix that covers the name, so that no group lies within another.
    private static func pattern(_ name: String, _ suffixes: Set<String>) -> HostPattern {
        if let address = IPAddress(name) { return .network(CIDR(address)) }
        var shortest: String?
        var suffix = parent(name)
        while let next = suffix {
            if suffixes.contains(next) { shortest = next }
            suffix = parent(next)
        }
        return shortest.map { .under($0) } ?? .name(name)
    }
}
