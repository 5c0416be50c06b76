/// The manual: apus(1), a page for each command, and apus.yaml(5).
enum Manual {
    static let pages: [ManualPage] = [apus] + Command.allCases.map(page) + [file]

    private static let apus = ManualPage(
        name: "apus",
        volume: 1,
        summary: "HTTP forward proxy with rules, users and an access log",
        sections: [
            .init(HelpPage.usage, [.lines(["apus [serve] [OPTION...]", "apus COMMAND ...", "apus help [TOPIC]"])]),
            .init(HelpPage.description, Command.serve.row.description.map { .paragraph($0) }),
            .init(
                "Commands",
                Command.allCases.map { .entry($0.rawValue, ["\($0.row.summary) See \(manualName($0))(1)."]) }
            ),
            .init("Options", HelpPage.options),
            .init("Values", HelpPage.values),
            .init("Signals", HelpPage.signals),
            .init("Exit status", HelpPage.exits),
            .init("Environment", environment),
            .init("Files", files),
            .init("Examples", Command.serve.row.examples.map { .example($0) }),
        ],
        related: ["apus.yaml(5)"] + Command.allCases.map { "\(manualName($0))(1)" } + ["curl(1)"]
    )

    static let environment: [HelpPage.Block] =
        [
            .paragraph(
                "Every setting has a variable: its option in capitals, with APUS_ before it and _ for each -. APUS_TIMEOUT_HEAD=5s is "
                    + "--timeout-head 5s. An option wins over the variable, and the variable over the settings file. An empty variable "
                    + "counts as none. HTTP_PROXY and its like are for clients; Apus does not look at them."
            )
        ] + Surroundings.variables.map { .entry($0.name, [$0.meaning]) }

    static let files: [HelpPage.Block] = Surroundings.files.map { .entry($0.name, [$0.meaning]) }

    private static func page(_ command: Command) -> ManualPage {
        let row = command.row
        let readsAdmin = row.options.contains { $0.name == "token-file" }
        var sections = HelpPage.short(command).sections
        if row.takesSettings {
            sections.append(
                .init("Environment", [.paragraph("Every setting has a variable; apus(1) says how they are named.")])
            )
            sections.append(.init("Files", files))
        }
        if readsAdmin {
            let rows = Surroundings.variables.filter { [Surroundings.adminToken, "NO_COLOR"].contains($0.name) }
            sections.append(.init("Environment", rows.map { .entry($0.name, [$0.meaning]) }))
        }
        if command == .serve { sections.append(.init("Signals", HelpPage.signals)) }
        return ManualPage(
            name: manualName(command),
            volume: 1,
            summary: half(row.summary),
            sections: sections,
            related: ["apus(1)"] + row.related.map { "\(manualName($0))(1)" } + ["apus.yaml(5)"]
        )
    }

    private static let file = ManualPage(
        name: "apus.yaml",
        volume: 5,
        summary: "settings and rules of the Apus proxy",
        sections: [
            .init(
                HelpPage.description,
                [
                    .paragraph(
                        "The settings file of apus is YAML. It holds settings, each of which also has an option and a variable, and rules "
                            + "about who may reach what. An option wins over the variable, the variable over the file, the file "
                            + "over the default."
                    ),
                    .paragraph(
                        "A dot in a key stands for a key within a key: `timeouts.head` is written `timeouts: { head: 10s }`. A key that "
                            + "Apus does not know is a fault, and so is a file that says nothing."
                    ),
                    .paragraph(
                        "The file is checked as a whole before it is used. `apus check` says what is wrong in it, with line and "
                            + "column. At the signal HUP it is read anew; when there is a fault, the old settings stay in force."
                    ),
                ]
            ),
            .init("Settings", Setting.Group.allCases.flatMap(settings)),
            .init("Rules", HelpPage.rules.sections[0].blocks + PolicyKey.Owner.allCases.flatMap(keys)),
            .init("Values", HelpPage.values),
            .init("Examples", [.lines(HelpPage.policyExample)]),
            .init("Files", files),
        ],
        related: ["apus(1)", "apus-check(1)", "apus-config(1)", "apus-explain(1)", "apus-hash-password(1)"]
    )

    private static func settings(_ group: Setting.Group) -> [HelpPage.Block] {
        [.heading(group.rawValue)]
            + Settings.all.filter { $0.group == group }.map { setting in
                let value = setting.shape == .toggle ? "true or false" : setting.placeholder
                let list = setting.isList ? ", or a list of them" : ""
                return .entry(
                    "\(setting.key): \(value)\(list)",
                    [
                        "\(setting.help) Default: \(setting.defaultText).", setting.reason,
                        "Option `--\(setting.flag)`, for example `\(setting.fileLine)`.",
                    ]
                )
            }
    }

    private static func keys(_ owner: PolicyKey.Owner) -> [HelpPage.Block] {
        [.heading(owner.rawValue)] + HelpPage.keys(of: owner)
    }

    static func manualName(_ command: Command) -> String { "apus-\(command.rawValue)" }

    /// A sentence as half of one: `Say what is wrong.` as `say what is wrong`.
    private static func half(_ sentence: String) -> String {
        let text = sentence.hasSuffix(".") ? String(sentence.dropLast()) : sentence
        return text.prefix(1).lowercased() + text.dropFirst()
    }
}
