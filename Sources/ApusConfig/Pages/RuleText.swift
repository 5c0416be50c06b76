package import ApusPolicy
internal import ApusWire

/// A rule as it would be written in a settings file, in one line.
package enum RuleText {
    /// `{ name: mirrors, allow: { to: ["*.mirrors.example"], ports: [80, 443] } }`; `deny: all`.
    package static func describe(_ rule: Rule) -> String {
        let conditions = parts(rule.condition)
        let (verb, own) = action(rule.action)
        let body = conditions + own
        let action = "\(verb): \(body.isEmpty ? "all" : "{ \(body.joined(separator: ", ")) }")"
        var beside: [String] = []
        if let name = rule.name { beside.append("name: \(YAMLText.scalar(name))") }
        if rule.isReportOnly { beside.append("mode: report") }
        return beside.isEmpty ? action : "{ \((beside + [action]).joined(separator: ", ")) }"
    }

    private static func parts(_ condition: Condition) -> [String] {
        var parts: [String] = []
        add("from", condition.from.map(\.description), to: &parts)
        add("user", condition.users.map(\.description), to: &parts)
        add("method", condition.methods, to: &parts)
        add("scheme", condition.schemes.map(\.rawValue), to: &parts)
        add("to", condition.hosts.map(\.description), to: &parts)
        add("ports", condition.ports.map(PortRange.describe), to: &parts)
        add("path", condition.paths, to: &parts)
        add("time", condition.times.map(ZonedWindow.describe), to: &parts)
        add("listener", condition.listeners, to: &parts)
        let exceptions = condition.exceptions.map { "{ \(Self.parts($0).joined(separator: ", ")) }" }
        if exceptions.count == 1 { parts.append("not: \(exceptions[0])") }
        if exceptions.count > 1 { parts.append("not: [\(exceptions.joined(separator: ", "))]") }
        return parts
    }

    private static func add(_ key: String, _ texts: [String], to parts: inout [String]) {
        if texts.isEmpty { return }
        // In a text that stands alone commas part.
        let isAlone = texts.count == 1 && !texts[0].contains(",")
        parts.append("\(key): \(isAlone ? YAMLText.scalar(texts[0]) : YAMLText.list(texts))")
    }

    private static func action(_ action: RuleAction) -> (verb: String, parts: [String]) {
        switch action {
        case .allow(let permission):
            var parts: [String] = []
            if permission.allowsPrivate { parts.append("private: true") }
            add("private", permission.exceptions.map(\.description), to: &parts)
            add(permission.requestFields, "request-headers", to: &parts)
            add(permission.responseFields, "response-headers", to: &parts)
            if !permission.timeouts.isEmpty {
                let times = permission.timeouts.named.map { "\($0.key): \(TimeSpan.describe($0.time))" }
                parts.append("timeouts: { \(times.joined(separator: ", ")) }")
            }
            if let tls = permission.tls { parts.append("tls: \(tls.rawValue)") }
            if let route = permission.route { parts += RouteText.parts(route) }
            return ("allow", parts)
        case .deny(let rejection):
            var parts: [String] = []
            if rejection.status != Rejection().status { parts.append("status: \(rejection.status)") }
            if let text = rejection.text { parts.append("text: \(YAMLText.quoted(text))") }
            return ("deny", parts)
        case .limit(let limit):
            return ("limit", parts(limit))
        }
    }

    private static func parts(_ limit: UsageLimit) -> [String] {
        var parts: [String] = []
        if let rate = limit.requests { parts.append("requests: \(UsageRate.describe(rate, isBytes: false))") }
        if let count = limit.connections { parts.append("connections: \(count)") }
        if let count = limit.tunnels { parts.append("tunnels: \(count)") }
        if let rate = limit.bandwidth { parts.append("bandwidth: \(UsageRate.describe(rate, isBytes: true))") }
        if let rate = limit.volume { parts.append("volume: \(UsageRate.describe(rate, isBytes: true))") }
        return parts + ["by: \(limit.key.rawValue)"]
    }

    private static func add(_ edits: FieldEdits, _ key: String, to parts: inout [String]) {
        var inner: [String] = []
        if !edits.set.isEmpty {
            let fields = edits.set.map { field in
                let value = isSecret(field.name) ? EffectiveSettings.hidden : field.value
                return "\(YAMLText.scalar(field.name)): \(YAMLText.scalar(value))"
            }
            inner.append("set: { \(fields.joined(separator: ", ")) }")
        }
        add("drop", edits.drop, to: &inner)
        if !inner.isEmpty { parts.append("\(key): { \(inner.joined(separator: ", ")) }") }
    }

    /// Whether a field may hold what opens a door somewhere.
    private static func isSecret(_ name: String) -> Bool {
        let name = name.lowercased()
        return ["auth", "cookie", "key", "token", "secret", "password", "credential", "session"].contains {
            name.contains($0)
        }
    }
}
