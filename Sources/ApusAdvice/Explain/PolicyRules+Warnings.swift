public import ApusPolicy

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
        let asking = askingFinder(deciding)
        for (index, rule) in rules.enumerated() {
            let label = rule.label(index: index)
            if rule.condition.comparesPathOfTunnel {
                warnings.append(PolicyWarning(kind: .pathOfTunnel, label: label, position: rule.position))
            }
            if rule.setsTimeoutsOfTunnel {
                warnings.append(PolicyWarning(kind: .timeoutsOfTunnel, label: label, position: rule.position))
            }
            if let kind = rule.tunnelWarning {
                warnings.append(PolicyWarning(kind: kind, label: label, position: rule.position))
            }
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
            guard let earlier = strict ?? spelling.first(covering: index) else {
                if let warning = behindAsking(index, asking) { warnings.append(warning) }
                continue
            }
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

    /// Finds the rules that ask for credentials whoever matches the rest of them.
    private func askingFinder(_ deciding: [Bool]) -> CoverFinder {
        var anybody = self
        for index in rules.indices { anybody.rules[index].condition.users = [] }
        let asks = rules.indices.map { deciding[$0] && !rules[$0].condition.users.isEmpty }
        return CoverFinder(anybody.covers { $0.takesAway }, among: asks)
    }

    /// A rule that allows without asking who it is, and is behind one that asks all who could come to it.
    private func behindAsking(_ index: Int, _ asking: CoverFinder) -> PolicyWarning? {
        let rule = rules[index]
        guard rule.isAllowing, !rule.isReportOnly, rule.condition.users.isEmpty,
            let first = asking.first(covering: index)
        else { return nil }
        return PolicyWarning(
            kind: .behindAsking(rules[first].label(index: first)),
            label: rule.label(index: index),
            position: rule.position,
            other: rules[first].position
        )
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

    fileprivate var setsTimeoutsOfTunnel: Bool {
        if case .allow(let permission) = action { !permission.timeouts.isEmpty && condition.isOfTunnels } else { false }
    }
}

extension Condition {
    /// Whether it is for tunnels alone: by method, by scheme, or by the port of TLS, to which plain requests hardly go.
    fileprivate var isOfTunnels: Bool {
        !methods.isEmpty && methods.allSatisfy { $0 == "CONNECT" } || schemes == [.https]
            || !ports.isEmpty && ports.allSatisfy { $0 == 443...443 }
    }

    /// Whether it, or an exception to it, has a path and is for tunnels alone.
    fileprivate var comparesPathOfTunnel: Bool {
        isOfTunnels && !paths.isEmpty || exceptions.contains(where: \.comparesPathOfTunnel)
    }
}

extension UsageLimit {
    fileprivate var isBoundless: Bool {
        requests == nil && connections == nil && tunnels == nil && bandwidth == nil && volume == nil
    }
}
