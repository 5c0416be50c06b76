extension HelpPage {
    /// All that there is to say of a setting.
    static func setting(_ setting: Setting) -> HelpPage {
        HelpPage(
            name: setting.key,
            summary: setting.help,
            sections: [Section(description, [.paragraph(setting.reason)]), Section("How to set it", setting.ways)]
        )
    }

    /// The option that names the settings file.
    static let configOption = HelpPage(
        name: "--\(ConfigOption.flag)",
        summary: ConfigOption.help,
        sections: [
            Section(
                "How to set it",
                [
                    .entry("Option", ["--\(ConfigOption.flag) \(ConfigOption.placeholder)"]),
                    .entry("Variable", [ConfigOption.environment]), .entry("Default", [ConfigOption.defaultText]),
                ]
            )
        ]
    )

    /// Some settings, each in full.
    static func settings(_ title: String, _ summary: String, _ settings: [Setting]) -> HelpPage {
        HelpPage(
            name: title,
            summary: summary,
            sections: settings.map { setting in
                Section(setting.key, [.paragraph(setting.help), .paragraph(setting.reason)] + setting.ways)
            }
        )
    }

    /// All settings, in short.
    static let allSettings = HelpPage(
        name: "settings",
        summary: "The keys of the settings file; apus help KEY says more of each.",
        sections: Setting.Group.allCases.map { group in
            Section(
                "\(group.rawValue) (apus help \(group.topic))",
                Settings.all.filter { $0.group == group }.map { .entry($0.key, ["\($0.help) [\($0.defaultText)]"]) }
            )
        }
    )
}

extension Setting {
    /// How it is set, and what it is otherwise.
    var ways: [HelpPage.Block] {
        var blocks: [HelpPage.Block] = [
            .entry("Option", [shape == .toggle ? "--\(flag), --no-\(flag)" : option]),
            .entry("Variable", [environment]),
            .entry("File", [fileLine]), .entry("Default", [defaultText]),
        ]
        if case .words(let words) = values { blocks.append(.entry("Values", [words.joined(separator: ", ")])) }
        return blocks
    }

    /// As it stands in a settings file, with the value of its example: `timeouts: { head: 10s }`.
    var fileLine: String {
        let parts = key.split(separator: ".")
        let value =
            isList
            ? "[\(example.split(separator: ",").map { YAMLText.scalar(String($0)) }.joined(separator: ", "))]"
            : YAMLText.scalar(example)
        return parts.count == 2 ? "\(parts[0]): { \(parts[1]): \(value) }" : "\(key): \(value)"
    }
}

extension Setting.Group {
    /// Its name for apus help.
    var topic: String {
        switch self {
        case .common: "common"
        case .access: "access"
        case .parents: "parents"
        case .serverNames: "server-names"
        case .log: "log"
        case .admin: "admin"
        case .timeouts: "timeouts"
        case .limits: "limits"
        case .names: "names"
        }
    }
}
