import Apus
import ApusPolicy
import Testing

@testable import ApusConfig

@Suite struct SettingsFileTests {
    private func parse(
        _ file: String?,
        _ arguments: [String] = [],
        _ environment: [String: String] = [:],
        at path: String = "apus.yaml"
    ) throws(SettingFault) -> ParsedSettings {
        var files = ["/etc/apus/admin-token": "0123456789abcdef0123456789abcdef\n"]
        if let file { files[path] = file }
        return try SettingsParser.parse(
            arguments: path == SettingsFile.standardPath ? arguments : ["--config", path] + arguments,
            environment: environment,
            files: .memory(files)
        )
    }

    private func fault(_ file: String?, _ arguments: [String] = [], _ environment: [String: String] = [:])
        -> SettingFault?
    {
        do throws(SettingFault) { _ = try parse(file, arguments, environment) } catch { return error }
        return nil
    }

    @Test(
        "every row's example can stand in a file under its key, alone or as a list",
        arguments: Settings.all.map(\.key)
    )
    func everyKey(_ key: String) throws {
        let setting = try #require(Settings.named(key: key))
        let parts = key.split(separator: ".")
        let value = setting.isList ? YAMLText.list(setting.example.items) : YAMLText.scalar(setting.example)
        var text = parts.count == 2 ? "\(parts[0]):\n  \(parts[1]): \(value)\n" : "\(key): \(value)\n"
        if key == "limits.request-head" { text += "  request-line: 8KiB\n  field-line: 8KiB\n" }
        if key == "route" { text += "parents: { office: { url: http://proxy.example:8080 } }\n" }
        let parsed = try parse(text)
        var expected = ParsedSettings().configuration
        try setting.apply(&expected, setting.isList ? setting.example.items : [setting.example])
        #expect(setting.show(parsed.configuration) == setting.show(expected))
        let (line, column) = parts.count == 2 ? (2, 5 + parts[1].count) : (1, 3 + key.count)
        #expect(parsed.sources[key] == .file(SourcePosition(file: "apus.yaml", line: line, column: column)))
        let scalar = text.split(separator: "\n").joined(separator: "\n")
        #expect(setting.show(try parse(scalar).configuration) == setting.show(expected))
    }

    @Test(
        "a flag wins over a variable, a variable over the file, the file over the default; each says where it comes from"
    )
    func order() throws {
        let file = "limits: { fields: 10, pipes: 11, tunnels: 12 }\nallow-from: [10.0.0.0/8, fd00::/8]\n"
        let environment = ["APUS_MAX_FIELDS": "20", "APUS_MAX_PIPES": "21"]
        let parsed = try parse(file, ["--max-fields", "30", "--no-allow-private"], environment)
        #expect(parsed.configuration.limits.fields == 30)
        #expect(parsed.configuration.limits.pipes == 21)
        #expect(parsed.configuration.limits.tunnels == 12)
        #expect(parsed.configuration.allowFrom == ["10.0.0.0/8", "fd00::/8"])
        #expect(parsed.configuration.limits.fieldLine == ProxyConfiguration().limits.fieldLine)
        #expect(
            parsed.sources == [
                "limits.fields": .flag("--max-fields"), "limits.pipes": .variable("APUS_MAX_PIPES"),
                "limits.tunnels": .file(SourcePosition(file: "apus.yaml", line: 1, column: 43)),
                "allow-from": .file(SourcePosition(file: "apus.yaml", line: 2, column: 13)),
                "allow-private": .flag("--no-allow-private"),
            ]
        )
        #expect(try parse(file, ["--allow-from", "::1"]).configuration.allowFrom == ["::1"])
    }

    @Test("the file is that of the flag, or of the variable, or the standard one if it is there")
    func whichFile() throws {
        let files = FileAccess.memory(["a": "threads: 1", "b": "threads: 2", SettingsFile.standardPath: "threads: 3"])
        func threads(_ arguments: [String], _ environment: [String: String]) throws -> (Int, String?) {
            let parsed = try SettingsParser.parse(arguments: arguments, environment: environment, files: files)
            return (parsed.configuration.threads, parsed.file)
        }
        #expect(try threads(["--config=a"], ["APUS_CONFIG": "b"]) == (1, "a"))
        #expect(try threads([], ["APUS_CONFIG": "b"]) == (2, "b"))
        #expect(try threads([], ["APUS_CONFIG": ""]) == (3, SettingsFile.standardPath))
        #expect(try SettingsParser.parse(arguments: [], environment: [:]).file == nil)
        #expect(try parse("rules: none\n", at: "x").notices == [])
    }

    @Test("a file that is named and not there, or cannot be read, is a fault; so is a standard one that cannot be read")
    func unreadable() {
        #expect(fault(nil)?.description == "apus.yaml: there is no such file")
        #expect(fault(nil)?.isOfFile == true)
        let closed = FileAccess { (_, _) throws(FileAccess.Fault) in
            throw .unusable("the file cannot be read: Permission denied")
        }
        let thrown = #expect(throws: SettingFault.self) {
            try SettingsParser.parse(arguments: [], environment: [:], files: closed)
        }
        #expect(thrown?.description == "/etc/apus/apus.yaml: the file cannot be read: Permission denied")
    }

    @Test(
        "each fault of a setting has its place, what is wrong, and what would do",
        arguments: [
            ("lisen: x", "1:1: there is no key lisen; did you mean listen?"),
            ("timeout-head: 5s", "1:1: there is no key timeout-head; write timeouts: { head: 10s }"),
            ("timeouts.head: 5s", "1:1: there is no key timeouts.head; write timeouts: { head: 10s }"),
            ("request-line: 5s", "1:1: there is no key request-line; did you mean limits: { request-line: 8KiB }?"),
            ("max-field: 5", "1:1: there is no key max-field; did you mean limits: { fields: 100 }?"),
            ("deny: all", "1:1: there is no key deny; write it as a rule: under rules:, - deny: …"),
            ("log: json", "1:6: log takes a mapping, as { format: json }; this is a text"),
            ("log: { fromat: json }", "1:8: log has no key fromat; did you mean format?"),
            (
                "log: { zzz: json }",
                "1:8: log has no key zzz; it takes format, to, facility, file, rotate-size, rotate-keep, redact-queries, secret-names, color, buffer"
            ),
            ("log:", "1:5: log says nothing; it takes a mapping, as { format: json }"),
            (
                "log: { format: xml }",
                "1:16: log.format: \"xml\" is unknown; it takes auto, short, json, combined, squid, off; for example format: json"
            ),
            (
                "listen: localhost:3128",
                "1:9: listen: \"localhost:3128\": names are not looked up here; for this machine write 127.0.0.1:3128"
            ),
            ("listen:", "1:8: listen says nothing; it takes values, as listen: 127.0.0.1:3128"),
            ("threads: { a: b }", "1:10: threads takes a value, as threads: 2; this is a mapping"),
            ("listen: []", "1:9: listen: no address to listen on; write one as 127.0.0.1:3128"),
            ("listen: [127.0.0.1:1, 127.0.0.1:1]", "1:9: listen: 127.0.0.1:1 is named twice"),
            ("threads: [1]", "1:10: threads takes a value, as threads: 2; this is a list"),
            ("threads: 5000", "1:10: threads: 5000 is out of range; it takes 0 to 1024"),
            (
                "timeouts: { head: 15 }",
                "1:19: timeouts.head: \"15\" has no unit; write 15s for seconds, 15ms for milliseconds, or m, h, d; for example head: 10s"
            ),
            (
                "limits: { request-line: 8k }",
                "1:25: limits.request-line: \"8k\" can be read in two ways; write 8KiB (1,024) or 8KB (1,000); for example request-line: 8KiB"
            ),
            (
                "allow-from: [10.0.0.0/8, lan]",
                "1:26: allow-from: \"lan\" is no network; it takes 10.1.0.0/16, fd00::/8 or a single address; for example allow-from: 192.168.1.0/24"
            ),
            (
                "allow-private: perhaps",
                "1:16: allow-private: \"perhaps\" is neither yes nor no; for example allow-private: true"
            ),
            (
                "connect-ports: [443, all]",
                "1:16: connect-ports: \"all\" is no port; it takes numbers from 1 to 65535, ranges such as 8000-8100, or all, or none; for example connect-ports: 443,8443"
            ),
            ("- a", "1:1: a file of settings is a mapping, as listen: 127.0.0.1:3128; this is a list"),
            ("hello", "1:1: a file of settings is a mapping, as listen: 127.0.0.1:3128; this is a text"),
        ]
    )
    func faults(_ text: String, _ message: String) {
        let fault = fault(text)
        #expect(fault?.description == "apus.yaml:\(message)")
        #expect(fault?.isOfFile == true)
    }

    @Test("all faults are told at once, in the order of the file, with those of values that do not fit")
    func allAtOnce() {
        let text =
            "limits: { fields: 0, request-head: 8KiB }\nlisen: x\ntimeouts: { head: 1 }\nrules: [deny: { to: 'a b' }]\nthreads: x\n"
        let lines = fault(text)?.description.split(separator: "\n").map(String.init) ?? []
        #expect(
            lines.map { String($0.prefix { $0 != " " }) } == [
                "apus.yaml:1:19:", "apus.yaml:1:19:", "apus.yaml:2:1:", "apus.yaml:3:19:",
                "apus.yaml:4:21:",
                "apus.yaml:5:10:",
            ]
        )
        #expect(lines.filter { $0.contains("limits.request-line: 16384 is more than") }.count == 1)
    }

    @Test("a fault of a flag is one of usage, and told before the file is read")
    func usage() {
        let flag = fault("lisen: x", ["--threads", "x"])
        #expect(flag?.isOfFile == false)
        #expect(flag?.description.hasPrefix("--threads: \"x\" is no whole number") == true)
        #expect(fault("", ["--threads", "5000"])?.isOfFile == false)
        let both = fault("limits: { fields: 0 }", ["--threads", "5000"])
        #expect(both?.isOfFile == false)
        #expect(both?.description.split(separator: "\n").count == 2)
    }

    @Test("what a flag makes of the file's values is judged, not what the file alone would be")
    func together() throws {
        #expect(try parse("threads: 5000", ["--threads", "1"]).configuration.threads == 1)
        #expect(
            fault("limits: { request-head: 8KiB }", ["--max-request-line", "8KiB", "--max-field-line", "8KiB"]) == nil
        )
    }

    @Test("a warning of the file is a notice of the start")
    func notices() throws {
        #expect(
            try parse("rules: [allow: { user: all }]").notices.first?.hasPrefix("apus.yaml:1:9: this rule names users")
                == true
        )
    }

    @Test(
        "a file that says nothing, or has rules with nothing in it, is a fault that says what to write",
        arguments: [
            "", "{}", "~", "# a comment\n", "\n---\n", "rules:\n", "rules: ~\n", "rules: []\n", "rules: \"\"\n",
        ]
    )
    func saysNothing(_ text: String) throws {
        let told = try #require(self.fault(text))
        #expect(told.isOfFile)
        #expect(told.description.contains("rules") && told.description.hasPrefix("apus.yaml"), "\(told)")
        if text != "rules: \"\"\n" {
            #expect(told.description.contains("rules: none if everything is to be allowed"), "\(told)")
        }
    }

    @Test("rules: none is taken, and deserves no word; a file without the key does") func noRules() throws {
        let none = try parse("rules: none\n")
        #expect(none.notices == [] && none.policy.rules.rules.isEmpty && none.policy.saysNoRules)
        #expect(EffectiveSettings.render(none).contains("\nrules: none"))
        #expect(
            try parse("threads: 2\n").notices == [
                "apus.yaml: there is no key rules, so that everything is allowed that the guard and connect-ports let through; "
                    + "write rules, as - deny: all, or rules: none if everything is to be allowed"
            ]
        )
        #expect(fault("rules: [none]\n")?.description.contains("a rule is a mapping") == true)
        #expect(fault("rules: nothing\n") != nil)
    }

    @Test("a last line without a newline is taken, and warned of; a pipe has none that could be missing")
    func unfinished() throws {
        let text = "# hm\nrules: [deny: all]"
        #expect(
            try parse(text).notices.last?.hasPrefix("apus.yaml:2:1: the last line does not end with a newline") == true
        )
        #expect(try parse(text).policy.rules.rules.count == 1)
        #expect(try parse(text + "\n").notices.allSatisfy { !$0.contains("newline") })
        var pipes = FileAccess.memory(["apus.yaml": text])
        pipes.isFile = { _ in false }
        let piped = try SettingsParser.parse(arguments: ["--config", "apus.yaml"], environment: [:], files: pipes)
        #expect(piped.notices.allSatisfy { !$0.contains("newline") })
    }

    @Test("lists are read when they lie still, logs as they grow, all else as a whole") func manners() throws {
        func throwing(_ what: String) -> FileAccess.Read {
            { (path, _) throws(FileAccess.Fault) in throw .unusable("\(what) \(path)") }
        }
        var files = FileAccess { (path, _) throws(FileAccess.Fault) in
            guard path == "f" else { throw .unusable("whole \(path)") }
            return Array(
                "lists: { ads: { file: l, format: hosts } }\nusers: { file: u }\nrules: [deny: { to: list:ads }]\n".utf8
            )
        }
        files.readList = { (path, _) throws(FileAccess.Fault) in path == "l" ? [] : Array("x".utf8) }
        files.readLog = throwing("log")
        let file = SettingsFile.read("f", files)
        #expect(file.faults == [] && file.startFaults.map(\.description) == ["f:2:16: users.file: u: whole u"])
        let settings = try SettingsParser.parse(arguments: ["learn", "a.log"], environment: [:], files: files)
        #expect(throws: SettingFault.unusable(["a.log: log a.log"])) { try Learn.result(settings, files: files) }
    }

    @Test("what reads the settings again gets the new policy, and the settings that wait for a start")
    func reload() throws {
        let before = try parse("rules: [deny: all]\nthreads: 1\nlog: { format: json }\n")
        func reload(_ text: String?) throws(SettingFault) -> SettingsFile.Reloaded {
            try SettingsFile.reload(
                arguments: ["--config", "apus.yaml"],
                environment: [:],
                files: .memory(text.map { ["apus.yaml": $0] } ?? [:]),
                after: before
            )
        }
        let after = try reload("rules: [allow: all, deny: all]\nthreads: 2\nlog: { format: json }\n")
        #expect(after.settings.policy.rules.rules.count == 2)
        #expect(after.waiting == ["threads"])
        #expect(throws: SettingFault.self) { try reload("rules: [alow: all]") }
        #expect(throws: SettingFault.self) { try reload(nil) }
    }

    @Test("a standard file that is gone when the settings are read again is a fault")
    func standardFileGone() throws {
        let before = try parse("rules: [deny: all]", at: SettingsFile.standardPath)
        let fault = #expect(throws: SettingFault.self) {
            try SettingsFile.reload(arguments: [], environment: [:], files: .none, after: before)
        }
        #expect(fault?.description == "/etc/apus/apus.yaml: the file is no longer there")
    }
}
