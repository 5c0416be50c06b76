internal import Apus
internal import ApusPolicy

/// Reads `parents`: names with URLs. No message repeats what may be a secret.
struct ParentReader {
    static let keys = ["url", "credentials", "bypass", "connect-by", "timeout", "health"]

    /// What people call these keys elsewhere.
    private static let synonyms = [
        "server": "url", "address": "url", "host": "url", "proxy": "url", "uri": "url", "auth": "credentials",
        "password": "credentials: env:NAME", "user": "credentials: env:NAME", "username": "credentials: env:NAME",
        "login": "credentials: env:NAME", "no-proxy": "bypass", "no_proxy": "bypass", "noproxy": "bypass",
        "except": "bypass", "timeout-connect": "timeout", "connect-timeout": "timeout", "health-check": "health",
    ]

    let file: String

    /// The parents in the order of the file; one with a fault is left out.
    func read(_ node: SettingsNode, _ findings: inout Findings) -> [ParentSource] {
        let expected = "names with URLs, office: { url: http://proxy.example:8080 }"
        return findings.entries(node, "parents", expected: expected).compactMap { parent($0, &findings) }
    }

    private func parent(_ entry: SettingsNode.Entry, _ findings: inout Findings) -> ParentSource? {
        let key = "parents.\(entry.key)"
        if let words = Self.whyNoName(entry.key) {
            findings.fault(entry.place, "parents: \(words)")
            return nil
        }
        // A URL without its mapping says what is meant.
        if let text = entry.value.text, text.contains("://"), !text.contains("@") {
            findings.fault(entry.value.place, "\(key) is a mapping; write \(entry.key): { url: \(text) }")
            return nil
        }
        let expected = "{ url: http://proxy.example:8080 }"
        let entries = findings.entries(entry.value, key, expected: expected)
        guard case .mapping = entry.value.content else { return nil }
        guard let url = entries.first(where: { $0.key == "url" }) else {
            findings.fault(entry.value.place, "\(key) has no url; it takes \(expected)")
            for part in entries where !Self.keys.contains(part.key) {
                findings.unknown(part, in: key, among: Self.keys, meant: Self.synonyms)
            }
            return nil
        }
        let settings = findings.value(url.value, "\(key).url", expected: "a URL, as http://proxy.example:8080") {
            (text) throws(ValueFault) in try Self.settings(entry.key, text)
        }
        var parent = settings ?? ParentSettings(name: entry.key, host: "", port: 1)
        for part in entries where part.key != "url" { read(part, key, into: &parent, &findings) }
        if settings != nil, parent.scheme != .http, parent.connectBy != nil, let part = entry.value["connect-by"] {
            findings.fault(part.place, "\(key): connect-by \(ParentSettings.connectByFault)")
            parent.connectBy = nil
        }
        return settings == nil ? nil : ParentSource(settings: parent, place: entry.place)
    }

    private func read(
        _ part: SettingsNode.Entry,
        _ key: String,
        into parent: inout ParentSettings,
        _ findings: inout Findings
    ) {
        let node = part.value
        switch part.key {
        case "credentials":
            let place = findings.value(node, "\(key).credentials", expected: "env:NAME or file:PATH", Self.place)
            parent.credentialsPlace = place.map(resolved)
        case "bypass": parent.bypass = bypass(node, key, &findings)
        case "connect-by":
            parent.connectBy = findings.choice(
                node,
                "\(key).connect-by",
                meant: ["host": "name", "hostname": "name", "dns": "name", "ip": "address"]
            )
        case "timeout":
            let time = findings.value(node, "\(key).timeout", expected: "a time, as 5s", TimeSpan.parse)
            parent.timeout = time ?? parent.timeout
        case "health": parent.health = health(node, key, &findings)
        default: findings.unknown(part, in: key, among: Self.keys, meant: Self.synonyms)
        }
    }

    private func bypass(_ node: SettingsNode, _ key: String, _ findings: inout Findings) -> [HostPattern] {
        let lists = findings.values(node, "\(key).bypass", expected: BypassText.expected) {
            (text) throws(ValueFault) in try BypassText.parse(text)
        }
        let patterns = lists.flatMap { $0 }
        for name in BypassText.bare(patterns) {
            findings.warn(node.place, "\(key).bypass: \(BypassText.warning(name))")
        }
        return patterns
    }

    private func health(_ node: SettingsNode, _ key: String, _ findings: inout Findings) -> ParentHealth {
        var health = ParentHealth()
        let expected = "{ failures: 3, back-off: 1s, probe: 10s }"
        for part in findings.entries(node, "\(key).health", expected: expected) {
            switch part.key {
            case "failures":
                let count = findings.value(part.value, "failures", expected: "a number, as 3", Count.parse)
                health.failures = count ?? health.failures
            case "back-off":
                let time = findings.value(part.value, "back-off", expected: "a time, as 1s", TimeSpan.parse)
                health.backOff = time ?? health.backOff
            case "probe":
                let time = findings.value(part.value, "probe", expected: "a time, as 10s", TimeSpan.parse)
                health.probe = time ?? health.probe
            default: findings.unknown(part, in: "\(key).health", among: ["failures", "back-off", "probe"])
            }
        }
        return health
    }

    /// A file is one from the folder of the settings file.
    private func resolved(_ place: SecretPlace) -> SecretPlace {
        if case .file(let path) = place { .file(FilePath.resolve(path, beside: file)) } else { place }
    }

    /// Why no parent of a file can be called so; nil if it can.
    static func whyNoName(_ name: String) -> String? {
        if name == DefaultRouteSettings.urlName || name == DefaultRouteSettings.environmentName {
            return "\(name) is what the parent of the key parent is called; choose another name"
        }
        return ParentSettings.whyNoName(name)
    }

    /// The parent of a URL.
    static func settings(_ name: String, _ url: String) throws(ValueFault) -> ParentSettings {
        do throws(ParentURLFault) { return try ParentSettings(name: name, url: url) } catch {
            throw ValueFault("\(error)", saysWhatToWrite: true)
        }
    }

    /// Where credentials stand; the text itself is never repeated.
    static func place(_ text: String) throws(ValueFault) -> SecretPlace {
        guard let place = SecretPlace(parsing: text) else {
            throw ValueFault(
                "credentials are not taken in the clear; write env:NAME or file:PATH, and USER:PASSWORD there",
                saysWhatToWrite: true
            )
        }
        return place
    }
}
