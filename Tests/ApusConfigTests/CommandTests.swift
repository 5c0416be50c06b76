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
        #expect(try parse([command.rawValue, "--help"]).action == .help(command == .help ? .help : command))
        let page = HelpText().render(.command(command))
        for option in command.row.options { #expect(page.contains("--\(option.name)")) }
        #expect(HelpText().render(.whole).contains("\n  \(command.rawValue) "))
        #expect(HelpText().render(.whole).contains("--config FILE"))
    }

    @Test("each command says what it is, with an example and how it ends", arguments: Command.allCases)
    func row(_ command: Command) {
        let row = command.row
        #expect(row.summary.hasSuffix("."))
        #expect(!row.description.isEmpty && !row.examples.isEmpty && !row.synopsis.isEmpty)
        #expect(row.exits.contains { $0.status == .clean } && row.exits.contains { $0.status == .usage })
        for exit in row.exits { #expect(ExitStatus.all.contains(exit.status)) }
        for text in row.description + row.exits.map(\.meaning) + row.options.map(\.help) + row.examples.map(\.meaning) {
            #expect(text.hasSuffix("."), "\(text)")
        }
        for example in row.examples { #expect(example.line.hasPrefix("apus") || command == .serve) }
        for option in row.options { #expect(row.synopsis.joined().contains("--\(option.name)") || row.takesSettings) }
    }

    @Test("the lines of examples are taken, but for what a shell makes of them", arguments: Command.allCases)
    func examples(_ command: Command) {
        for example in command.row.examples where example.line.hasPrefix("apus") {
            let words = example.line.split(separator: " ").map(String.init)
            let arguments = words.dropFirst().prefix { $0 != ">" && $0 != ">>" && $0 != "&&" }
            #expect(throws: Never.self, "\(example.line)") { try CommandLineReader(Array(arguments)) }
        }
    }

    @Test("an option that bears a setting's flag is its own, unless its value is one of the setting's words")
    func ownOptions() throws {
        let explain = ["explain", "https://a.example"]
        #expect(
            try parse(explain + ["--user", "ci", "--log", "access.json"]).options == [
                "user": "ci", "log": "access.json",
            ]
        )
        #expect(try parse(explain + ["--sni", "b.example"]).options == ["sni": "b.example"])
        let report = try parse(explain + ["--sni", "report", "--log", "json"])
        #expect(report.options.isEmpty && report.sources.keys.sorted() == ["log.format", "sni.mode"])
    }

    @Test("what stands behind hash-password is not read here, for it may be a password")
    func hashPassword() throws {
        #expect(try parse(["hash-password", "sesame", "--help"]).action == .help(.hashPassword))
    }
}
