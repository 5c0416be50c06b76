internal import Apus

/// What `apus config` prints: the settings in effect as a settings file, each with where it comes from; secrets hidden.
package enum EffectiveSettings {
    /// What stands in place of a secret.
    static let hidden = "(hidden)"

    /// The page, without a line break at its end.
    package static func render(_ settings: ParsedSettings) -> String {
        var lines = ["# The settings in effect, and where each comes from."]
        if let file = settings.file { lines.append("# The settings file is \(file).") }
        lines.append("")
        var rows: [(text: String, source: String)] = []
        for setting in Settings.all where !setting.key.contains(".") { rows.append(row(setting, settings, indent: "")) }
        for section in TableReader.sections {
            rows.append(("\(section):", ""))
            for setting in Settings.all where setting.key.hasPrefix(section + ".") {
                rows.append(row(setting, settings, indent: "  "))
            }
        }
        return (lines + aligned(rows) + PolicyPage.lines(settings.policy)).joined(separator: "\n")
    }

    /// The comments stand below each other, as far as the lines allow.
    static func aligned(_ rows: [(text: String, source: String)]) -> [String] {
        let column = min(44, rows.map(\.text.count).max() ?? 0)
        return rows.map { row in
            if row.source.isEmpty { return row.text }
            return row.text + String(repeating: " ", count: max(0, column - row.text.count)) + "  # \(row.source)"
        }
    }

    private static func row(
        _ setting: Setting,
        _ settings: ParsedSettings,
        indent: String
    ) -> (text: String, source: String) {
        let source = settings.sources[setting.key]?.description ?? SettingSource.standard.description
        let name = setting.key.split(separator: ".").last ?? ""
        if let written = setting.written(settings.configuration) { return ("\(indent)\(name): \(written)", source) }
        let shown = setting.show(settings.configuration)
        guard let texts = texts(setting, settings.configuration) else {
            return ("\(indent)# \(name): \(shown)", source)
        }
        let value = setting.isList && texts.count != 1 ? YAMLText.list(texts) : YAMLText.scalar(texts[0])
        // 0 threads are the cores: the words say more than the number.
        let words = texts.joined(separator: ",") == shown || setting.isList ? "" : ": \(shown)"
        return ("\(indent)\(name): \(value)", source + (setting.shape == .toggle ? "" : words))
    }

    /// The texts that set it to what it is; nil where only its absence does.
    private static func texts(_ setting: Setting, _ configuration: ProxyConfiguration) -> [String]? {
        let shown = setting.show(configuration)
        let candidates = setting.isList ? [shown.items, []] : [[shown], ["0"]]
        return candidates.first { texts in
            var copy = configuration
            do { try setting.apply(&copy, texts) } catch { return false }
            return copy == configuration
        }
    }
}
