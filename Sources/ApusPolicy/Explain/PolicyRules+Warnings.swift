extension PolicyRules {
    /// What is hardly meant: in the order of the rules, then of the lists and groups.
    ///
    /// A rule that is told to be shadowed never decides; not every rule that never decides is found.
    public func warnings() -> [PolicyWarning] {
        var warnings: [PolicyWarning] = []
        let deciding = rules.map { $0.mayDecide && !$0.isReportOnly }
        let finder = CoverFinder(covers { $0.takesAway }, among: deciding)
        // As if a path had one form and a method one case: what is covered but for odd spellings is hardly meant either.
        let spelling = hasSpellings ? CoverFinder(covers { _ in false }, among: deciding) : finder
        for (index, rule) in rules.enumerated() {
            let label = rule.label(index: index)
            if case .limit(let limit) = rule.action {
                if limit.isBoundless {
                    warnings.append(PolicyWarning(kind: .boundless, label: label, position: rule.position))
                }
                continue
            }
            if !rule.mayDecide {
                warnings.append(PolicyWarning(kind: .idleReport, label: label, position: rule.position))
            }
            for prefix in PolicyRules.openScopes(of: rule.condition, takesAway: rule.takesAway) {
                warnings.append(PolicyWarning(kind: .openScope(prefix), label: label, position: rule.position))
            }
            let strict = finder.first(covering: index)
            guard let earlier = strict ?? spelling.first(covering: index) else { continue }
            let by = rules[earlier].label(index: earlier)
            let isBehindAll = rule.isAllowing && !rules[earlier].isAllowing && finder.covers[earlier].isEverything
            let shadow: PolicyWarning.Kind = isBehindAll ? .behindDenyAll(by) : .shadowed(by: by)
            warnings.append(
                PolicyWarning(
                    kind: strict == nil ? .shadowedButForSpellings(by: by) : shadow,
                    label: label,
                    position: rule.position,
                    other: rules[earlier].position
                )
            )
        }
        return warnings + general()
    }

    private func covers(_ takesAway: (Rule) -> Bool) -> [ConditionCover] {
        rules.map {
            ConditionCover($0.condition, groups: groups, takesGroups: takesGroups, takesAway: takesAway($0))
        }
    }

    /// Whether there is a rule by path or by method.
    private var hasSpellings: Bool {
        rules.contains { rule in
            let condition = rule.condition
            return !(condition.paths.isEmpty && condition.methods.isEmpty && condition.exceptions.isEmpty)
        }
    }

    /// The prefixes that give, and whose last segment is a scope of npm without a slash behind it.
    private static func openScopes(of condition: Condition, takesAway: Bool) -> [String] {
        let own = takesAway ? [] : condition.paths.filter { PathForm.isOpenScope($0) }
        return own + condition.exceptions.flatMap { openScopes(of: $0, takesAway: !takesAway) }
    }

    /// What is about no single rule.
    private func general() -> [PolicyWarning] {
        var kinds: [PolicyWarning.Kind] = []
        if !rules.isEmpty && !rules.contains(where: { $0.isAllowing && !$0.isReportOnly }) {
            kinds.append(.nothingAllowed)
        }
        let used = rules.reduce(into: Set<String>()) { PolicyRules.collect(from: $1.condition, into: &$0) }
        for name in lists.keys.sorted() where !used.contains(name) { kinds.append(.unusedList(name)) }
        if !takesGroups {
            for name in groups.keys.sorted() where groups[name]?.isEmpty == true { kinds.append(.emptyGroup(name)) }
        }
        return kinds.map { PolicyWarning(kind: $0, label: "", position: SourcePosition()) }
    }

    private static func collect(from condition: Condition, into names: inout Set<String>) {
        for case .list(let name) in condition.hosts { names.insert(name) }
        for exception in condition.exceptions { collect(from: exception, into: &names) }
    }
}

extension Rule {
    fileprivate var isAllowing: Bool {
        if case .allow = action { true } else { false }
    }
}

extension UsageLimit {
    fileprivate var isBoundless: Bool {
        requests == nil && connections == nil && tunnels == nil && bandwidth == nil && volume == nil
    }
}
