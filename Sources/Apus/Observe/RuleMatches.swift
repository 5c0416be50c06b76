internal import ApusPolicy
internal import ApusReport

/// How often each rule decided, and each list made one decide, across policies: by label, for a rule's place changes with a reload.
struct RuleMatches {
    private var current: PolicyWords?
    /// The number of the current policy.
    private(set) var serial: UInt32 = 0
    private var counts: [RuleCounts] = []
    /// Of no rule: nothing matched.
    private var unmatched = RuleCounts()
    private var earlierRules: [String: RuleCounts] = [:]
    private var earlierLists: [String: UInt64] = [:]

    /// Counts by another policy from now on.
    ///
    /// - Parameter hits: what was counted of the lists of the one before.
    mutating func adopt(_ snapshot: PolicySnapshot, hits: [UInt64]) {
        earlierRules = rules
        earlierLists = lists(hits)
        unmatched = RuleCounts()
        current = snapshot.words
        serial = snapshot.serial
        counts = [RuleCounts](repeating: RuleCounts(), count: snapshot.words.labels.count)
    }

    /// Counts what a rule of a policy did.
    ///
    /// - Parameters:
    ///   - words: those of that policy, where it is not the current one: a tunnel may outlive many.
    ///   - at: when the request ended, in microseconds since 1970.
    mutating func add(_ rule: UInt16, _ act: RuleAct, policy: UInt32, _ words: PolicyWords?, at: Int64) {
        if rule == Decision.unmatched {
            act.count(in: &unmatched, at: at)
        } else if policy == serial, Int(rule) < counts.count {
            act.count(in: &counts[Int(rule)], at: at)
        } else if let label = words?.label(rule) {
            act.count(in: &earlierRules[label, default: RuleCounts()], at: at)
        }
    }

    /// By label.
    var rules: [String: RuleCounts] {
        var all = earlierRules
        for (label, count) in zip(current?.labels ?? [], counts) { all[label, default: RuleCounts()].add(count) }
        if unmatched != RuleCounts() { all["no rule", default: RuleCounts()].add(unmatched) }
        return all
    }

    /// By the list's name.
    func lists(_ hits: [UInt64]) -> [String: UInt64] {
        var all = earlierLists
        for (name, count) in zip(current?.lists ?? [], hits) { all[name, default: 0] &+= count }
        return all
    }
}

/// What a rule did with a request.
enum RuleAct {
    /// It decided; so many bytes passed.
    case decided(bytes: UInt64)
    /// It decided that it is refused; so many bytes passed all the same.
    case refused(bytes: UInt64)
    /// Its limit refused it.
    case limited
    /// It would have refused it, and only reports.
    case wouldRefuse

    @inline(__always)
    func count(in counts: inout RuleCounts, at moment: Int64) {
        switch self {
        case .decided(let bytes):
            counts.decided &+= 1
            counts.bytes &+= bytes
        case .refused(let bytes):
            counts.decided &+= 1
            counts.refused &+= 1
            counts.bytes &+= bytes
        case .limited: counts.limited &+= 1
        case .wouldRefuse: counts.wouldRefuse &+= 1
        }
        counts.lastAt = max(counts.lastAt, moment)
    }
}
