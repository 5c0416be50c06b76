import Testing

@testable import ApusConfig

@Suite struct HelpTopicTests {
    private func parse(_ arguments: [String]) throws -> ParsedSettings {
        try SettingsParser.parse(arguments: ["help"] + arguments, environment: [:])
    }

    private func fault(_ word: String) -> SettingFault? {
        do throws(SettingFault) { _ = try CommandLineReader(["help", word]) } catch { return error }
        return nil
    }

    @Test("every name has a page, and fits a terminal", arguments: HelpTopic.names)
    func names(_ name: String) throws {
        #expect(!HelpTopic.pages(name).isEmpty)
        #expect(try parse([name]).action == .topic(name))
    }

    @Test(
        "a setting is found by its key, its option with and without dashes, and its variable",
        arguments: Settings.all.map(\.key)
    )
    func settings(_ key: String) throws {
        let setting = try #require(Settings.named(key: key))
        let page = [HelpPage.setting(setting)]
        #expect(HelpTopic.pages("--\(setting.flag)") == page)
        #expect(HelpTopic.pages(setting.environment) == page)
        if setting.shape == .toggle { #expect(HelpTopic.pages("--no-\(setting.flag)") == page) }
        let text = HelpText(columns: 100).render(HelpTopic.pages(key))
        for part in [setting.environment, "--\(setting.flag)", setting.fileLine, setting.defaultText] {
            #expect(text.contains(part), "\(part)")
        }
    }

    @Test("a section shows each of its settings; a word that means several things shows all of them")
    func sections() {
        for word in ["log", "sni", "common", "recorder"] {
            #expect(HelpTopic.pages(word).count == 1, "\(word)")
        }
        let text = HelpText().render(HelpTopic.pages("log"))
        #expect(text.contains("log.format:") && text.contains("log.rotate-size:"))
        #expect(HelpTopic.pages("mode").count == 2 && HelpTopic.pages("timeouts").count == 2)
        #expect(HelpTopic.pages("limit") == [.key(PolicyKey.all.first { $0.name == "limit" } ?? PolicyKey.all[0])])
    }

    @Test("exit codes are found however they are written")
    func spellings() throws {
        let page = HelpTopic.pages("exit-codes")
        for words in [["exit", "codes"], ["exit-status"], ["EXIT-CODES"]] {
            #expect(try parse(words).action == .topic(words.joined(separator: "-")))
            #expect(HelpTopic.pages(words.joined(separator: "-")) == page)
        }
        #expect(HelpTopic.pages("--config") == HelpTopic.pages("APUS_CONFIG"))
        #expect(HelpTopic.pages("config") == [.command(.config)])
    }

    @Test("without a topic it is the whole page, with --help its own")
    func whole() throws {
        #expect(try parse([]).action == .help(.serve))
        #expect(try parse(["timeouts", "--help"]).action == .help(.help))
    }

    @Test("an unknown topic names the nearest ones")
    func unknown() {
        #expect(fault("tiemouts") == .unknownTopic("tiemouts", nearest: ["timeouts"]))
        #expect(fault("connect")?.description == "there is no help about \"connect\"; did you mean timeouts.connect?")
        #expect(fault("--timeout-conect") == .unknownTopic("--timeout-conect", nearest: ["--timeout-connect"]))
        #expect(fault("zzz")?.description == "there is no help about \"zzz\"")
        #expect(fault("zzz")?.hint == "apus help topics lists every topic." && fault("zzz")?.isOfFile == false)
        for word in ["idle", "tunnel"] {
            let nearest = HelpTopic.nearest(word)
            #expect((1...4).contains(nearest.count))
            for name in nearest { #expect(!HelpTopic.pages(name).isEmpty) }
        }
    }
}
