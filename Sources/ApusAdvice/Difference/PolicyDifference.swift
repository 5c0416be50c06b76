public import ApusPolicy

/// What a policy has that another one had not: what a reload changes.
///
/// A rule is known again by its name; one without a name by what it says, or, where that has changed, by its place among the rules that
/// have not. So a rule that is put in front of others does not make all of them new.
public struct PolicyDifference: Sendable {
    /// A rule of either policy.
    public struct Entry: Sendable, Hashable {
        /// Its index in its own policy.
        public let index: Int
        public let rule: Rule

        /// The name, or the place in words.
        public var label: String { rule.label(index: index) }
    }

    /// A rule as it was and as it is.
    public struct Change: Sendable, Hashable {
        public let before: Entry
        public let after: Entry
    }

    /// A list whose number of entries has changed; nil where there is no such list.
    public struct ListChange: Sendable, Hashable {
        public let name: String
        public let before: Int?
        public let after: Int?
    }

    /// Rules that were not there, in order.
    public private(set) var added: [Entry] = []
    /// Rules that are no longer there, in their order.
    public private(set) var gone: [Entry] = []
    /// Rules that say something else than before, in the order of the new policy.
    public private(set) var changed: [Change] = []
    /// Rules that say the same at another place among the others: the first that matches decides.
    public private(set) var moved: [Change] = []
    /// Lists with more or fewer entries, by name. What a list of as many entries holds is not compared.
    public private(set) var lists: [ListChange] = []
    /// Groups whose members have changed, by name.
    public private(set) var groups: [String] = []
    /// What else has changed: `mode`, `contact`, `tell`.
    public private(set) var others: [String] = []

    /// Compares two policies.
    public init(from before: PolicyRules, to after: PolicyRules) {
        let pairs = RulePairs(before.rules, after.rules)
        let stays = pairs.staying
        for (new, rule) in after.rules.enumerated() {
            let entry = Entry(index: new, rule: rule)
            guard let old = pairs.before[new] else {
                added.append(entry)
                continue
            }
            let change = Change(before: Entry(index: old, rule: before.rules[old]), after: entry)
            if !before.rules[old].saysTheSame(as: rule) {
                changed.append(change)
            } else if !stays[new] {
                moved.append(change)
            }
        }
        let known = Set(pairs.before.compactMap { $0 })
        for (old, rule) in before.rules.enumerated() where !known.contains(old) {
            gone.append(Entry(index: old, rule: rule))
        }
        for name in Set(before.lists.keys).union(after.lists.keys).sorted() {
            let change = ListChange(name: name, before: before.lists[name]?.count, after: after.lists[name]?.count)
            if change.before != change.after { lists.append(change) }
        }
        groups = Set(before.groups.keys).union(after.groups.keys).sorted().filter { name in
            before.groups[name].map(Set.init) != after.groups[name].map(Set.init)
        }
        if before.isReportOnly != after.isReportOnly { others.append("mode") }
        if before.contact != after.contact { others.append("contact") }
        if before.telling != after.telling { others.append("tell") }
    }

    /// Whether both say the same, as far as this looks.
    public var isEmpty: Bool {
        added.isEmpty && gone.isEmpty && changed.isEmpty && moved.isEmpty && lists.isEmpty && groups.isEmpty
            && others.isEmpty
    }
}

extension Rule {
    /// Whether both are the same but for where they stand in a file.
    func saysTheSame(as other: Rule) -> Bool { body == other.body }

    /// The rule without its place.
    var body: Rule {
        var body = self
        body.position = SourcePosition()
        return body
    }
}
