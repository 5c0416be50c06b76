/// What `apus help TOPIC` can explain.
package enum HelpTopic {
    /// The pages of a topic; none where there is no such topic. Several where one word means several things, as `mode` does.
    ///
    /// - Parameter word: as it was typed: `timeouts.connect`, `--timeout-connect`, `APUS_TIMEOUT_CONNECT`, `exit codes`.
    package static func pages(_ word: String) -> [HelpPage] {
        if word.hasPrefix("--") { return option(String(word.dropFirst(2))) }
        let name = word.lowercased()
        if name == "topics" { return [topics] }
        var pages: [HelpPage] = []
        if let page = general.first(where: { $0.name == name || aliases[name] == $0.name }) { pages.append(page) }
        if let command = Command(rawValue: name) { pages.append(.command(command)) }
        let section = section(name)
        if !section.isEmpty { pages.append(.settings(name, "A section of settings.", section)) }
        pages += PolicyKey.all.filter { $0.name == name && name != HelpPage.rules.name }.map { .key($0) }
        if let setting = Settings.named(key: name) ?? Settings.all.first(where: { $0.environment == word }),
            !section.contains(where: { $0.key == setting.key })
        {
            pages.append(.setting(setting))
        }
        if pages.isEmpty {
            return word == ConfigOption.environment ? [.configOption] : option(name)
        }
        return pages
    }

    /// Known topics that are like a word, the likest first; at most four.
    package static func nearest(_ word: String) -> [String] {
        let bare = String(word.drop { $0 == "-" }).lowercased()
        // `connect` for timeouts.connect.
        let keys = names.filter { !bare.isEmpty && $0.hasSuffix("." + bare) }
        if !keys.isEmpty { return Array(keys.prefix(4)) }
        var nearest: [String] = []
        let option = NearestName.of(bare, among: Settings.all.map(\.flag)).map { "--\($0)" }
        if word.hasPrefix("-"), let option { return [option] }
        if let name = NearestName.of(bare, among: names) { nearest.append(name) }
        if let option { nearest.append(option) }
        if bare.utf8.count >= 3 { nearest += names.filter { $0.contains(bare) } }
        var seen: Set<String> = []
        return Array(nearest.filter { seen.insert($0).inserted }.prefix(4))
    }

    /// All topics but the spellings that mean the same: commands, general ones, sections, keys.
    package static let names: [String] = {
        var seen: Set<String> = []
        let all =
            Command.allCases.map(\.rawValue) + general.map(\.name) + ["topics"] + sections + PolicyKey.all.map(\.name)
            + Settings.all.map(\.key)
        return all.filter { seen.insert($0).inserted }
    }()

    private static let general = [
        HelpPage.allSettings, HelpPage.rules,
        HelpPage(
            name: "values",
            summary: "How sizes, times, networks and lists are written.",
            sections: [.init("Values", HelpPage.values)]
        ),
        HelpPage(
            name: "signals",
            summary: "What Apus does when it is sent a signal.",
            sections: [.init("Signals", HelpPage.signals)]
        ),
        HelpPage(
            name: "environment",
            summary: "The variables that Apus reads.",
            sections: [.init("Environment", Manual.environment)]
        ),
        HelpPage(name: "files", summary: "The files that Apus looks for.", sections: [.init("Files", Manual.files)]),
        HelpPage(
            name: "exit-codes",
            summary: "With which status apus ends.",
            sections: [.init("Exit status", HelpPage.exits)]
        ),
    ]

    private static let aliases = [
        "exit": "exit-codes", "exit-code": "exit-codes", "exit-status": "exit-codes", "signal": "signals",
        "variables": "environment", "env": "environment", "setting": "settings", "rule": "rules", "conditions": "rules",
        "sizes": "values", "times": "values",
    ]

    /// Titles of groups of settings, and keys of the file that hold others.
    private static let sections = Setting.Group.allCases.map(\.topic) + TableReader.sections

    private static func section(_ name: String) -> [Setting] {
        Settings.all.filter { $0.group.topic == name || $0.key.hasPrefix(name + ".") }
    }

    private static func option(_ flag: String) -> [HelpPage] {
        if flag == ConfigOption.flag { return [.configOption] }
        if flag == "help" || flag == "version" { return [.whole] }
        if let setting = Settings.named(flag: flag) { return [.setting(setting)] }
        guard flag.hasPrefix("no-"), let setting = Settings.named(flag: String(flag.dropFirst(3))),
            setting.shape == .toggle
        else { return [] }
        return [.setting(setting)]
    }

    private static let topics = HelpPage(
        name: "apus help",
        summary: "The topics that apus help TOPIC explains.",
        sections: [
            .init("Commands", Command.allCases.map { .entry($0.rawValue, [$0.row.summary]) }),
            .init("General", general.map { .entry($0.name, [$0.summary]) }),
            .init(
                "Sections of settings",
                Setting.Group.allCases.map { .entry($0.topic, [$0.rawValue]) }
                    + TableReader.sections.filter { name in !Setting.Group.allCases.contains { $0.topic == name } }.map
                { name in
                    .entry(name, ["What stands under \(name): in the settings file"])
                }
            ),
            .init(
                "Keys of rules and of who the users are",
                PolicyKey.Owner.allCases.map { owner in
                    .entry(
                        owner.rawValue,
                        [PolicyKey.all.filter { $0.owner == owner }.map(\.name).joined(separator: ", ")]
                    )
                }
            ),
            .init(
                "Settings",
                [
                    .paragraph(
                        "Each by its key, option or variable: apus help timeouts.connect, apus help --listen. apus help settings lists them."
                    )
                ]
            ),
        ]
    )
}
