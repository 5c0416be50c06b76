internal import Apus
internal import ApusPolicy

/// Reads the keys of a settings file that are rows of the table of settings: `listen`, or `head` under `timeouts`.
struct TableReader {
    private(set) var given: [SettingsFile.Given] = []

    /// The keys that hold others, as `limits` and `timeouts` do.
    static let sections: [String] = {
        var sections: [String] = []
        for setting in Settings.all {
            guard let dot = setting.key.firstIndex(of: ".") else { continue }
            let name = String(setting.key[..<dot])
            if !sections.contains(name) { sections.append(name) }
        }
        return sections
    }()

    /// The keys at the top of a file.
    static let topKeys = Settings.all.map(\.key).filter { !$0.contains(".") } + sections + PolicyReader.keys

    /// Reads one entry of the top of the file.
    mutating func read(_ entry: SettingsNode.Entry, _ findings: inout Findings) {
        if Self.sections.contains(entry.key) {
            let keys = Self.keys(of: entry.key)
            let expected = "a mapping, as { \(keys[0]): \(Self.example(entry.key + "." + keys[0])) }"
            for inner in findings.entries(entry.value, entry.key, expected: expected) {
                if let setting = Settings.named(key: "\(entry.key).\(inner.key)") {
                    read(setting, inner, &findings)
                } else {
                    findings.fault(
                        inner.place,
                        "\(entry.key) has no key \(inner.key)\(Self.hint(inner.key, among: keys))"
                    )
                }
            }
        } else if let setting = Settings.named(key: entry.key), !entry.key.contains(".") {
            read(setting, entry, &findings)
        } else {
            findings.fault(entry.place, "there is no key \(entry.key)\(Self.hint(entry.key, among: Self.topKeys))")
        }
    }

    private mutating func read(_ setting: Setting, _ entry: SettingsNode.Entry, _ findings: inout Findings) {
        let node = entry.value
        if setting.key == "listen", ListenReader.isMeant(node) {
            guard let listeners = ListenReader.read(node, &findings) else { return }
            given.append(.init(setting: setting, place: node.place) { listeners.lay(over: &$0) })
            return
        }
        let expected = "\(setting.isList ? "values" : "a value"), as \(entry.key): \(setting.example)"
        var texts: [String] = []
        if setting.isList {
            if case .list(let nodes) = node.content, nodes.isEmpty {
                take(setting, [], node.place, &findings)
                return
            }
            let items = findings.items(node, setting.key, expected: expected)
            for item in items where test(setting, [item.text], item.place, &findings) { texts.append(item.text) }
            // One fault an entry is enough.
            guard texts.count == items.count, !texts.isEmpty else { return }
        } else {
            guard let text = findings.text(node, setting.key, expected: expected) else { return }
            texts = [text]
        }
        take(setting, texts, node.place, &findings)
    }

    private mutating func take(
        _ setting: Setting,
        _ texts: [String],
        _ place: SourcePosition,
        _ findings: inout Findings
    ) {
        guard test(setting, texts, place, &findings) else { return }
        given.append(
            .init(setting: setting, place: place) { configuration in
                // It was tried just now.
                do { try setting.apply(&configuration, texts) } catch {}
            }
        )
    }

    private func test(_ setting: Setting, _ texts: [String], _ place: SourcePosition, _ findings: inout Findings)
        -> Bool
    {
        var scratch = ProxyConfiguration()
        do {
            try setting.apply(&scratch, texts)
            return true
        } catch {
            let name = setting.key.split(separator: ".").last ?? ""
            let example = error.saysWhatToWrite ? "" : "; for example \(name): \(setting.example)"
            findings.fault(place, "\(setting.key): \(error.message)\(example)")
            return false
        }
    }

    private static func keys(of section: String) -> [String] {
        Settings.all.filter { $0.key.hasPrefix(section + ".") }.map { String($0.key.dropFirst(section.count + 1)) }
    }

    private static func example(_ key: String) -> String { Settings.named(key: key)?.example ?? "" }

    /// What may have been meant: a flag's key, a key of another section, a slip.
    private static func hint(_ name: String, among keys: [String]) -> String {
        if let setting = Settings.named(key: name) ?? Settings.named(flag: name) { return "; write \(nested(setting))" }
        if keys == topKeys, let hint = ForeignKey.hint(name) { return "; \(hint)" }
        if let nearest = NearestName.of(name, among: keys) { return "; did you mean \(nearest)?" }
        if let setting = Settings.all.first(where: { $0.key.hasSuffix("." + name) }) {
            return "; did you mean \(nested(setting))?"
        }
        if RuleReader.actions.contains(name) { return "; write it as a rule: under rules:, - \(name): …" }
        if let nearest = NearestName.of(name, among: Settings.all.map(\.flag)),
            let setting = Settings.named(flag: nearest)
        {
            return "; did you mean \(nested(setting))?"
        }
        return "; it takes \(keys.joined(separator: ", "))"
    }

    /// `timeouts: { head: 10s }`.
    private static func nested(_ setting: Setting) -> String {
        let parts = setting.key.split(separator: ".")
        return parts.count == 2
            ? "\(parts[0]): { \(parts[1]): \(setting.example) }" : "\(setting.key): \(setting.example)"
    }
}
