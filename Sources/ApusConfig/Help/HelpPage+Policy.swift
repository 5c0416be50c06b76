extension HelpPage {
    /// The keys of one place that make the policy.
    static func keys(of owner: PolicyKey.Owner) -> [Block] {
        PolicyKey.all.filter { $0.owner == owner }.flatMap(blocks)
    }

    private static func blocks(_ key: PolicyKey) -> [Block] {
        [.entry("\(key.name): \(key.value)", key.meaning), .lines(key.example)]
    }

    /// What there is to say of a key.
    static func key(_ key: PolicyKey) -> HelpPage {
        var sections = [
            Section(description, key.meaning.map { .paragraph($0) }),
            Section("Takes", [.lines([key.value])]),
            Section(key.owner == .file ? "Example" : "Example of a rule", [.lines(key.example)]),
        ]
        if let inner = key.inner {
            sections.append(Section(PolicyKey.Owner.condition.rawValue, short(.condition)))
            sections.append(Section(inner.rawValue, short(inner)))
        }
        return HelpPage(name: key.name, summary: key.place, sections: sections)
    }

    /// How rules are written.
    static let rules = HelpPage(
        name: "rules",
        summary: "What may be reached, and by whom.",
        sections: [
            Section(
                description,
                [
                    .paragraph(
                        "Rules stand in the settings file, in order. The first allow or deny that matches decides; what no rule allows "
                            + "is denied. A rule matches when all its conditions hold; of a list one entry is enough. `apus explain` "
                            + "says which rule decides about a request, `apus check` what is wrong in the file."
                    )
                ]
            ),
            Section("Example", [.lines(policyExample)]),
        ] + PolicyKey.Owner.allCases.map { Section($0.rawValue, short($0)) }
    )

    /// A file that shows most of it.
    static let policyExample = [
        "contact: proxy-team@example.org",
        "users: { file: users.htpasswd }",
        "groups: { ops: [anna, bo] }",
        "rules:",
        "  - deny: { to: \"*.social.example\", text: Ask the web team if you need it. }",
        "  - name: package mirrors",
        "    allow: { from: 10.0.0.0/8, to: [\"*.mirrors.example\", packages.example.org], ports: [80, 443] }",
        "  - allow: { user: group:ops, to: all }",
        "  - limit: { user: all, requests: 50/s, bandwidth: 10MB/s }",
    ]

    private static func short(_ owner: PolicyKey.Owner) -> [Block] {
        PolicyKey.all.filter { $0.owner == owner }.map { .entry("\($0.name): \($0.value)", $0.meaning) }
    }
}

extension PolicyKey {
    /// Where the keys of its mapping are told.
    var inner: Owner? {
        guard owner == .rule else { return nil }
        switch name {
        case "allow": return .allow
        case "deny": return .deny
        case "limit": return .limit
        default: return nil
        }
    }

    /// Where it stands, as a sentence.
    var place: String {
        switch owner {
        case .file: "A key at the top of the settings file."
        case .rule: "A key of a rule."
        case .condition: "A condition, in allow, deny, limit or not."
        case .allow: "A key of allow."
        case .deny: "A key of deny."
        case .limit: "A key of limit."
        }
    }
}
