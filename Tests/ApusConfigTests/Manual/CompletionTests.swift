import Testing

@testable import ApusConfig

@Suite struct CompletionTests {
    @Test("every command and every option is in the completion of every shell")
    func all() {
        for command in Command.allCases {
            for option in CompletionTable.own(command) + (command.row.takesSettings ? CompletionTable.settings : []) {
                #expect(BashCompletion.render().contains("--\(option.name)"))
                #expect(ZshCompletion.render().contains("--\(option.name)"))
                #expect(FishCompletion.render().contains(" -l \(option.name) "))
            }
            for text in [BashCompletion.render(), ZshCompletion.render(), FishCompletion.render()] {
                #expect(text.contains(command.rawValue))
            }
        }
    }

    @Test("a switch is turned on and off, a choice offers its words, a list may be given again")
    func settings() {
        let all = CompletionTable.settings
        #expect(all.contains { $0.name == "admin" && $0.placeholder.isEmpty })
        #expect(all.contains { $0.name == "no-admin" && $0.placeholder.isEmpty })
        #expect(
            all.first { $0.name == "log" }?.values == .words(["auto", "short", "json", "combined", "squid", "off"])
        )
        #expect(all.first { $0.name == "listen" }?.isRepeatable == true)
        #expect(all.first { $0.name == "log-file" }?.values == .file)
        #expect(all.first { $0.name == "config" }?.values == .file)
    }

    @Test("where a command has an option of its own, the setting's of that name is not offered for it")
    func own() throws {
        let log = try #require(CompletionTable.settings.first { $0.name == "log" })
        let threads = try #require(CompletionTable.settings.first { $0.name == "threads" })
        #expect(CompletionTable.takers(of: log) == [.serve, .config])
        #expect(CompletionTable.takers(of: threads) == [.serve, .config, .explain])
        #expect(BashCompletion.render().contains("    explain:--log) value=@file ;;"))
    }

    @Test("what a shell would take for its own is quoted")
    func quotes() {
        #expect(CompletionTable.quoted("Apus's") == "'Apus'\\''s'")
        #expect(ZshCompletion.render().contains("'*--listen=["))
        #expect(ZshCompletion.render().contains("\\[::1\\]:3128"))
    }
}
