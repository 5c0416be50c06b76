import Apus
import Testing

@testable import ApusConfig

@Suite struct CommandTests {
    private func parse(_ arguments: [String], _ files: FileAccess = .none) throws(SettingFault) -> ParsedSettings {
        try SettingsParser.parse(arguments: arguments, environment: [:], files: files)
    }

    private func fault(_ arguments: [String]) -> String {
        do throws(SettingFault) { _ = try parse(arguments) } catch { return error.description }
        return "no fault"
    }

    @Test("serve is what apus does without a command; check and config are named")
    func actions() throws {
        #expect(try parse([]).action == .serve)
        #expect(try parse(["serve", "--threads", "2"]).configuration.threads == 2)
        #expect(try parse(["check"]).action == .check)
        #expect(try parse(["check", "a.yaml"]).words == ["a.yaml"])
        #expect(try parse(["check", "--config", "a.yaml"]).words == ["a.yaml"])
        #expect(try parse(["check", "--json", "a.yaml"]).options == ["json": ""])
        #expect(try parse(["config", "--threads", "2"]).configuration.threads == 2)
        #expect(try parse(["config", "--threads", "2"]).action == .config)
    }

    @Test("top and record take where the admin listener is, and read no settings")
    func admin() throws {
        let files = FileAccess.memory([SettingsFile.standardPath: "lisen: x"])
        let top = try parse(["top", "--admin", "/run/a", "--token-file=t"], files)
        #expect(top.action == .top && top.options == ["admin": "/run/a", "token-file": "t"])
        let record = try parse(["record", "--out", "-", "--limit", "5", "--force"], files)
        #expect(record.action == .record && record.options == ["out": "-", "limit": "5", "force": ""])
        #expect(fault(["top", "--out", "x"]) == "--out: there is no such option")
    }

    @Test("check reads no settings before it is asked to judge them")
    func checkReadsNothing() throws {
        #expect(try parse(["check"], .memory([SettingsFile.standardPath: "lisen: x"])).action == .check)
    }

    @Test("an unknown command names the nearest, a word in the wrong place what to do")
    func unknown() {
        #expect(fault(["chek"]) == "chek: there is no such command; did you mean apus check?")
        #expect(fault(["frobnicate"]) == "frobnicate: there is no such command")
        #expect(fault(["apus.yaml"]) == "\"apus.yaml\" belongs to no option; to read it, write --config apus.yaml")
        #expect(
            fault(["--threads", "2", "check"]) == "\"check\" belongs to no option; a command comes first: apus check"
        )
        #expect(fault(["check", "a", "b"]) == "\"b\" belongs to no option")
        #expect(fault(["config", "a"]) == "\"a\" belongs to no option")
    }

    @Test("a command knows its own options and no others")
    func options() {
        #expect(fault(["check", "--listen", "x"]) == "--listen: there is no such option")
        #expect(fault(["check", "--jsn"]) == "--jsn: there is no such option; did you mean --json?")
        #expect(fault(["check", "--json=1"]) == "--json takes no value")
        #expect(fault(["--json"]) == "--json: there is no such option")
        #expect(fault(["--confg", "x"]) == "--confg: there is no such option; did you mean --config?")
        #expect(fault(["--config"]) == "--config needs a value, --config FILE, for example --config apus.yaml")
    }

    @Test("each command has a help of its own, and the whole page names them all", arguments: Command.allCases)
    func help(_ command: Command) throws {
        #expect(try parse([command.rawValue, "--help"]).action == .help(command))
        let page = HelpText.render(command)
        for line in page.split(separator: "\n") { #expect(line.count <= HelpText.width, "\(line)") }
        for option in command.row.options { #expect(page.contains("--\(option.name)")) }
        #expect(HelpText.render().contains("\n  \(command.rawValue) "))
        #expect(HelpText.render().contains("--config FILE"))
    }
}
