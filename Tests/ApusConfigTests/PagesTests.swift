import Testing

@testable import ApusConfig

@Suite struct PagesTests {
    @Test("the help names every flag, common ones first, in lines of at most 100 characters")
    func help() throws {
        let help = HelpText.render()
        let lines = help.split(separator: "\n", omittingEmptySubsequences: false)
        for line in lines { #expect(line.count <= HelpText.width, "\(line)") }
        for setting in Settings.all { #expect(help.contains("  --\(setting.flag) "), "\(setting.flag)") }
        let listen = try #require(lines.firstIndex { $0.hasPrefix("  --listen") })
        let limits = try #require(lines.firstIndex { $0.hasPrefix("  --max-") })
        #expect(listen < limits)
        #expect(lines.prefix(12).contains { $0.contains("curl -x http://127.0.0.1:3128") })
    }

    @Test("a word longer than the column stays whole")
    func wrap() {
        #expect(HelpText.wrap("a bc defghij k", 4) == ["a bc", "defghij", "k"])
        #expect(HelpText.wrap("", 4) == [])
    }

    @Test("the reference names flag, variable, key, default and reason of every setting")
    func reference() {
        let page = SettingsReference.render()
        for setting in Settings.all {
            for part in ["#### --\(setting.flag)\n", "`\(setting.environment)`", "`\(setting.key)`", setting.reason] {
                #expect(page.contains(part), "\(setting.flag): \(part)")
            }
        }
    }
}
