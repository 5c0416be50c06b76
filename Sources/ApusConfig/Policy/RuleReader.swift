internal import ApusPolicy

/// Reads one rule: `- deny: all`, `- name: mirrors` with `allow: { to: …, ports: … }` beside it.
struct RuleReader {
    static let actions = ["allow", "deny", "limit"]

    let names: PolicyReader.Names

    /// The rule; nil if it is none. What is at fault in it is told and left out.
    func read(_ node: SettingsNode, _ findings: inout Findings) -> Rule? {
        guard case .mapping(let entries) = node.content else {
            refuse(node, &findings)
            return nil
        }
        let acting = entries.filter { Self.actions.contains($0.key) }
        guard let first = acting.first else {
            if let action = entries.lazy.compactMap({ Self.lacksColon($0.key) }).first {
                findings.fault(node.place, Self.colon(behind: action))
            } else {
                findings.fault(node.place, "this is no rule; it takes one of allow, deny and limit\(misspelt(entries))")
            }
            return nil
        }
        for entry in acting.dropFirst() {
            findings.fault(
                entry.place,
                "a rule has one of allow, deny and limit; write \(entry.key) as a rule of its own"
            )
        }
        var body = RuleBody(action: first.key, names: names)
        let beside = entries.filter { !Self.actions.contains($0.key) }
        for entry in beside { readBeside(entry, first.key, &body, &findings) }
        // `deny:` with its conditions not indented is one fault, not two.
        let isOutdented = first.value.content == .empty && beside.contains { Self.belongsInside($0.key) }
        if !isOutdented { body.read(first, &findings) }
        return Rule(
            body.result,
            when: body.condition,
            name: body.name,
            position: node.place,
            isReportOnly: body.isReportOnly
        )
    }

    private func readBeside(
        _ entry: SettingsNode.Entry,
        _ action: String,
        _ body: inout RuleBody,
        _ findings: inout Findings
    ) {
        if body.readCommon(entry, &findings) { return }
        if Self.belongsInside(entry.key) {
            findings.fault(
                entry.place,
                "\(entry.key) belongs to \(action), not beside it; indent it more than \(action)"
            )
        } else {
            findings.unknown(entry, in: "a rule", among: RuleBody.common + Self.actions)
        }
    }

    private static func belongsInside(_ key: String) -> Bool {
        ConditionReader.keys.contains(key) || RuleBody.keys.values.contains { $0.contains(key) }
    }

    private func refuse(_ node: SettingsNode, _ findings: inout Findings) {
        let expected = "a rule is a mapping, as deny: all or allow: { to: example.org }"
        switch node.content {
        case .faulty: break
        case .scalar(let text) where Self.actions.contains(text):
            findings.fault(node.place, "\(text) says nothing; write \(text): all, or \(text): { to: example.org }")
        case .scalar(let text):
            // `deny:all`, without the space, is a text to YAML.
            let parts = text.split(separator: ":", maxSplits: 1)
            if parts.count == 2, Self.actions.contains(String(parts[0])) {
                findings.fault(node.place, "a space is missing behind the colon: \(parts[0]): \(parts[1].trimmed)")
            } else if let action = Self.lacksColon(text) {
                findings.fault(node.place, Self.colon(behind: action))
            } else {
                findings.fault(node.place, "\(expected); this is a text")
            }
        default: findings.fault(node.place, "\(expected); this is \(node.kind)")
        }
    }

    /// The action of `allow { to: all }` or `deny all`, which are texts, or keys, to YAML.
    private static func lacksColon(_ text: String) -> String? {
        actions.first { action in
            guard text.hasPrefix(action), let next = text.dropFirst(action.count).first else { return false }
            return next == " " || next == "{" || next == "="
        }
    }

    private static func colon(behind action: String) -> String {
        "a colon is missing behind \(action): write \(action): all, or \(action): { to: example.org }"
    }

    private func misspelt(_ entries: [SettingsNode.Entry]) -> String {
        for entry in entries where !RuleBody.common.contains(entry.key) {
            if let nearest = NearestName.of(entry.key, among: Self.actions) { return "; did you mean \(nearest)?" }
        }
        return ""
    }
}
