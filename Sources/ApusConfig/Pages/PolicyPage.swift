internal import Apus
internal import ApusPolicy

/// The policy as it would be written in a settings file, with the places where its rules stand; secrets hidden.
enum PolicyPage {
    private static let start = "  "

    /// The lines; none for a policy that says nothing.
    static func lines(_ policy: PolicySettings) -> [String] {
        let rules = policy.rules
        var lines: [String] = []
        if let contact = rules.contact { lines.append("contact: \(YAMLText.scalar(contact))") }
        if rules.telling != PolicyRules().telling { lines.append("tell: \(rules.telling.rawValue)") }
        if rules.isReportOnly { lines.append("mode: report") }
        if !rules.groups.isEmpty { lines.append("groups:") }
        for (name, users) in rules.groups.sorted(by: { $0.key < $1.key }) {
            lines.append("\(start)\(YAMLText.scalar(name)): \(YAMLText.list(users))")
        }
        lines += credentials(policy)
        if !policy.parents.isEmpty { lines.append("parents:") }
        for parent in policy.parents {
            lines.append("\(start)\(parent.settings.name): \(ParentText.describe(parent.settings))")
        }
        if !policy.lists.isEmpty { lines.append("lists:") }
        for list in policy.lists {
            let refresh = list.refresh.map { ", refresh: \(TimeSpan.describe($0))" } ?? ""
            lines.append(
                "\(start)\(list.name): { file: \(YAMLText.quoted(list.file)), format: \(list.format.rawValue)\(refresh) }"
            )
        }
        if !rules.rules.isEmpty { lines.append("rules:") }
        if policy.saysNoRules { lines.append("rules: none") }
        lines += EffectiveSettings.aligned(
            rules.rules.map { ("\(start)- \(RuleText.describe($0))", $0.position.description) }
        )
        return lines.isEmpty ? [] : [""] + lines
    }

    private static func credentials(_ policy: PolicySettings) -> [String] {
        var lines: [String] = []
        switch policy.users {
        case nil: break
        case .file(let path, _): lines.append("users: { file: \(YAMLText.quoted(path)) }")
        case .inline(let entries):
            lines.append("users:")
            lines += entries.map { "\(start)\(YAMLText.scalar($0.name)): \(EffectiveSettings.hidden)" }
        }
        if !policy.tokens.isEmpty { lines.append("tokens:") }
        var names: [String] = []
        for token in policy.tokens where !names.contains(token.user) {
            names.append(token.user)
            lines.append("\(start)\(YAMLText.scalar(token.user)): \(EffectiveSettings.hidden)")
        }
        if let jwt = policy.jwt {
            var parts = ["keys: \(YAMLText.quoted(jwt.keys))"]
            if let issuer = jwt.issuer { parts.append("issuer: \(YAMLText.quoted(issuer))") }
            if !jwt.audiences.isEmpty {
                parts.append("audience: [\(jwt.audiences.map(YAMLText.quoted).joined(separator: ", "))]")
            }
            parts.append("user-claim: \(YAMLText.quoted(jwt.userClaim))")
            parts.append("groups-claim: \(YAMLText.quoted(jwt.groupsClaim))")
            lines.append("jwt: { \(parts.joined(separator: ", ")) }")
        }
        return lines
    }
}
