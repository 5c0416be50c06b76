import ApusPolicy

/// Which rule of one policy is which of another.
struct RulePairs {
    /// For each rule of the new policy its index in the old one; nil for one that was not there.
    private(set) var before: [Int?]

    init(_ old: [Rule], _ new: [Rule]) {
        before = Array(repeating: nil, count: new.count)
        var free = Array(repeating: true, count: old.count)
        // The same name, or without one the same words; of several that are alike the first goes with the first.
        var known: [Rule: [Int]] = [:]
        for (index, rule) in old.enumerated().reversed() { known[Self.key(rule), default: []].append(index) }
        for (index, rule) in new.enumerated() {
            guard let found = known[Self.key(rule)]?.popLast() else { continue }
            before[index] = found
            free[found] = false
        }
        pairTheRest(old, new, &free)
    }

    /// By what a rule is known again.
    private static func key(_ rule: Rule) -> Rule {
        guard let name = rule.name else { return rule.body }
        return Rule(.deny(Rejection()), name: name)
    }

    /// What has no name and says something else: those behind the same rule go together, in order.
    private mutating func pairTheRest(_ old: [Rule], _ new: [Rule], _ free: inout [Bool]) {
        var gaps: [Int: [Int]] = [:]
        var last = -1
        for index in old.indices {
            if !free[index] {
                last = index
            } else if old[index].name == nil {
                gaps[last, default: []].append(index)
            }
        }
        for gap in gaps.keys { gaps[gap]?.reverse() }
        last = -1
        for index in new.indices {
            if let found = before[index] {
                last = found
            } else if new[index].name == nil, let found = gaps[last]?.popLast() {
                // What comes behind is still behind the rule that both policies have.
                before[index] = found
            }
        }
    }

    /// Which rules of the new policy stand as they did to each other: the most that can be left where they are.
    var staying: [Bool] {
        // The longest run of pairs in rising order: `ends[n]` is the pair with the smallest old index that ends a run of n + 1.
        var ends: [Int] = []
        var previous: [Int?] = Array(repeating: nil, count: before.count)
        for (index, old) in before.enumerated() {
            guard let old else { continue }
            var (low, high) = (0, ends.count)
            while low < high {
                let middle = (low + high) / 2
                if (before[ends[middle]] ?? 0) < old { low = middle + 1 } else { high = middle }
            }
            previous[index] = low > 0 ? ends[low - 1] : nil
            if low == ends.count { ends.append(index) } else { ends[low] = index }
        }
        var stays = Array(repeating: false, count: before.count)
        var next = ends.last
        while let index = next {
            stays[index] = true
            next = previous[index]
        }
        return stays
    }
}
