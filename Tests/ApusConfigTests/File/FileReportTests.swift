import ApusPolicy
import Testing

@testable import ApusConfig

@Suite struct FileReportTests {
    private func report(_ text: String, _ path: String? = "f") -> FileReport {
        var files = FileAccess.memory(["f": text])
        // Text of a test has no end that could be missing.
        files.isFile = { _ in false }
        return FileReport.make(path, environment: [:], files: files)
    }

    @Test("a file without fault says so in one line")
    func clean() {
        #expect(report("rules: [allow: all]").text == "f: no fault")
        #expect(report("rules: [allow: all]").json == "{\"file\":\"f\",\"faults\":[],\"warnings\":[]}")
    }

    @Test("faults stand in front of warnings, a line each, then how many there are")
    func lines() {
        let report = report("lisen: x\nlimits: { fields: 0 }\nrules: [allow: { user: a }]\n")
        #expect(
            report.text == """
                f:1:1: there is no key lisen; did you mean listen?
                f:2:19: limits.fields: 0 is out of range; it takes 1 to 4096
                f:3:9: warning: this rule names users, and there are none: users, tokens or jwt says who they are
                f: 2 faults, 1 warning
                """
        )
        #expect(self.report("rules: [allow: { user: a }]").text.hasSuffix("f: no fault, 1 warning"))
    }

    @Test("as JSON each finding has file, line, column and message")
    func json() {
        #expect(
            report("a\"b: x\nrules: none").json == """
                {"file":"f","faults":[{"file":"f","line":1,"column":1,"message":"there is no key a\\"b\(keys)"}],"warnings":[]}
                """
        )
        #expect(
            report("", "gone").json == """
                {"file":"gone","faults":[{"file":"gone","message":"there is no such file"}],"warnings":[]}
                """
        )
    }

    private var keys: String { "; it takes " + TableReader.topKeys.joined(separator: ", ") }

    @Test("without a name it is the file of the environment, or the standard one")
    func names() {
        let files = FileAccess.memory(["f": "", SettingsFile.standardPath: ""])
        #expect(FileReport.make(nil, environment: ["APUS_CONFIG": "f"], files: files).path == "f")
        #expect(FileReport.make(nil, environment: [:], files: files).path == SettingsFile.standardPath)
    }

    @Test("a rule for a listener that is not there is a warning, judged by the listeners in effect")
    func listeners() throws {
        let text = "rules: [{ deny: { listener: 127.0.0.1:9 } }, { allow: { not: { listener: 127.0.0.1:3128 } } }]"
        let warning = "f:1:9: this rule speaks of the listener 127.0.0.1:9; listen has 127.0.0.1:3128"
        #expect(report(text).warnings.map(\.description) == [warning])
        var files = FileAccess.memory(["f": text])
        files.isFile = { _ in false }
        func notices(_ arguments: [String]) throws -> [String] {
            try SettingsParser.parse(arguments: ["--config", "f"] + arguments, environment: [:], files: files).notices
        }
        #expect(try notices([]) == [warning])
        #expect(try notices(["--listen", "127.0.0.1:9,127.0.0.1:3128"]) == [])
    }

    @Test("a value that does not fit another is told at the section's value that the file has")
    func misfit() {
        #expect(report("limits: { request-head: 8KiB }").faults.map(\.place.description) == ["f:1:25"])
    }
}
