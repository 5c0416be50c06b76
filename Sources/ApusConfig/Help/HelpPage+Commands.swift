extension HelpPage {
    /// What `apus COMMAND --help` shows; for ``Command/serve`` that is ``whole``.
    package static func command(_ command: Command) -> HelpPage { command == .serve ? whole : short(command) }

    /// The page of a command without the settings that it takes.
    static func short(_ command: Command) -> HelpPage {
        let row = command.row
        let name = "apus \(command.rawValue)"
        var sections = [
            Section(usage, [.lines(row.synopsis.map { "\(name) \($0)" })]),
            Section(description, row.description.map { .paragraph($0) }),
        ]
        var options: [Block] = []
        if let operand = row.operand { options.append(.entry(operand.name, [operand.help])) }
        options += row.options.map { .entry($0.text, [$0.help]) }
        options.append(.entry("-h, --help", ["Show this page."]))
        if row.takesSettings {
            options.append(.paragraph("All options of apus serve are taken too; apus --help shows them."))
        }
        sections.append(Section("Options", options))
        sections.append(Section("Examples", row.examples.map { .example($0) }))
        sections.append(
            Section("Exit status", row.exits.map { .entry("\($0.status.code)", [$0.meaning]) })
        )
        return HelpPage(name: name, summary: row.summary, sections: sections)
    }

    /// What `apus --help` shows.
    package static let whole = HelpPage(
        name: "apus",
        summary: "An HTTP proxy: clients ask it for http:// URLs, or for a tunnel to an https:// host.",
        sections: [
            Section(usage, [.lines(["apus [serve] [OPTION...]", "apus COMMAND ...", "apus help [TOPIC]"])]),
            Section("Examples", Command.serve.row.examples.map { .example($0) }),
            Section(
                "Commands",
                Command.allCases.map { .entry($0.rawValue, [$0.row.summary]) }
            ),
            Section("Options", options),
            Section("Values", values),
            Section("Signals", signals),
            Section("Exit status", exits),
            Section(
                "More",
                [
                    .paragraph(
                        "apus COMMAND --help says more of a command. apus help TOPIC explains a setting with the reason for its default, a "
                            + "section, or a key of rules; apus help topics lists what there is."
                    )
                ]
            ),
        ]
    )

    /// All options of apus serve, under the titles of their groups.
    static var options: [Block] {
        Setting.Group.allCases.flatMap { group -> [Block] in
            let settings = Settings.all.filter { $0.group == group }.map { Block.setting($0) }
            if group != .common { return [.heading(group.rawValue)] + settings }
            let option = "--\(ConfigOption.flag) \(ConfigOption.placeholder)"
            return [
                .heading(group.rawValue), .entry(option, ["\(ConfigOption.help) [\(ConfigOption.defaultText)]"]),
            ] + settings + [
                .entry("-V, --version", ["Show the version."]), .entry("-h, --help", ["Show this page."]),
            ]
        }
    }

    static let values: [Block] = [
        .paragraph(
            "In brackets stands the default. An option with ... can be given several times, or takes a list: A,B. A switch takes no "
                + "value; --no-... turns it off, as --no-allow-private."
        ),
        .entry("SIZE", ["64KiB (1,024 each), 10MB (1,000,000 each), or a number of bytes."]),
        .entry("TIME", ["250ms, 30s, 1h30m or 2d; 0 needs no unit."]),
        .entry("CIDR", ["A network, 10.1.0.0/16 or fd00::/8, or an address."]),
        .entry("PORTS", ["443, or a list: 443,8000-8100."]),
        .paragraph(
            "Every option has a variable and a key of the settings file: --timeout-head 5s is APUS_TIMEOUT_HEAD=5s, and in "
                + "the file timeouts: { head: 5s }. An option wins over the variable, and the variable over the file."
        ),
    ]

    static let signals: [Block] = Surroundings.signals.map { .entry($0.name, [$0.meaning]) }

    static let exits: [Block] = ExitStatus.all.map { .entry("\($0.code)", [$0.meaning]) }
}

extension HelpPage.Block {
    /// A setting as an option, in short.
    static func setting(_ setting: Setting) -> HelpPage.Block {
        .entry(setting.option, ["\(setting.help) [\(setting.defaultText)]"])
    }
}

extension Command.Option {
    /// As it is typed: `--out FILE`.
    var text: String { placeholder.isEmpty ? "--\(name)" : "--\(name) \(placeholder)" }
}

extension Setting {
    /// As it is typed: `--listen ADDR:PORT ...`.
    var option: String {
        "--\(flag)" + (placeholder.isEmpty ? "" : " \(placeholder)") + (isList ? " ..." : "")
    }
}
