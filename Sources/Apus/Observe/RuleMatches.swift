internal import ApusPolicy

/// How often each rule decided, and each list made one decide, across policies: by label, for a rule's place changes with a reload.
struct RuleMatches {
    private var current: PolicyWords?
    /// The number of the current policy.
    private(set) var serial: UInt32 = 0
    private var counts: [UInt64] = []
    /// Of no rule: nothing matched.
    private var unmatched: UInt64 = 0
    private var earlierRules: [String: UInt64] = [:]
    private var earlierLists: [String: UInt64] = [:]

    /// Counts by another policy from now on.
    ///
    /// - Parameter hits: what was counted of the lists of the one before.
    mutating func adopt(_ snapshot: PolicySnapshot, hits: [UInt64]) {
        earlierRules = rules
        earlierLists = lists(hits)
        unmatched = 0
        current = snapshot.words
        serial = snapshot.serial
        counts = [UInt64](repeating: 0, count: snapshot.words.labels.count)
    }

    /// Counts what a rule of a policy decided.
    ///
    /// - Parameter words: those of that policy, where it is not the current one: a tunnel may outlive many.
    mutating func add(_ rule: UInt16, policy: UInt32, _ words: PolicyWords?) {
        if rule == Decision.unmatched {
            unmatched &+= 1
        } else if policy == serial, Int(rule) < counts.count {
            counts[Int(rule)] &+= 1
        } else if let label = words?.label(rule) {
            earlierRules[label, default: 0] &+= 1
        }
    }

    /// By label.
    var rules: [String: UInt64] {
        var all = earlierRules
        for (label, count) in zip(current?.labels ?? [], counts) { all[label, default: 0] &+= count }
        if unmatched > 0 { all["no rule", default: 0] &+= unmatched }
        return all
    }

    /// By the list's name.
    func lists(_ hits: [UInt64]) -> [String: UInt64] {
        var all = earlierLists
        for (name, count) in zip(current?.lists ?? [], hits) { all[name, default: 0] &+= count }
        return all
    }
}
