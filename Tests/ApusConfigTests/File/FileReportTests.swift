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

    /// What check says of a file and those that it names.
    private func faults(_ files: [String: String], _ change: (inout FileAccess) -> Void = { _ in }) -> [String] {
        var access = FileAccess.memory(files)
        change(&access)
        return FileReport.make("f", environment: [:], files: access).faults.map(\.description)
    }

    @Test("whatever stops a start is a fault of check: users, keys, the token, the log, clashing listeners")
    func start() {
        let rules = "rules: [deny: all]\n"
        #expect(faults(["f": rules + "users: { file: u }\n"]) == ["f:2:16: users.file: u: there is no such file"])
        #expect(
            faults(["f": rules + "users: { file: u }\n", "u": "anna\n"]) == [
                "u:1:1: there is no colon; write name:hash, as apus hash-password --user NAME does"
            ]
        )
        #expect(
            faults(["f": rules + "jwt: { keys: k, issuer: i, audience: a }\n"]) == [
                "f:2:14: jwt.keys: k: there is no such file"
            ]
        )
        #expect(
            faults(["f": rules + "admin: { token-file: t }\n"]) == [
                "f:2:22: admin.token-file: t: there is no such file"
            ]
        )
        for empty in ["", "\n\n", "   \n", String(repeating: "x", count: 4097)] {
            #expect(
                faults(["f": rules + "admin: { token-file: t }\n", "t": empty]) == [
                    "f:2:22: admin.token-file: t: its first line must be the token, of 1 to 4096 bytes of UTF-8"
                ]
            )
        }
        #expect(faults(["f": rules + "admin: { token-file: t, enabled: false }\n"]) == [])
        #expect(
            faults(["f": rules + "log: { file: /gone/a.log }\n"]) {
                $0.whyNotAppended = { "\($0): No such file or directory" }
            } == [
                "f:2:14: log.file: the access log /gone/a.log cannot be opened: /gone/a.log: No such file or directory"
            ]
        )
        #expect(faults(["f": rules + "log: { file: a, format: off }\n"]) { $0.whyNotAppended = { _ in "no" } } == [])
        #expect(
            faults(["f": rules + "admin: { listen: /gone/a.sock }\n"]) {
                $0.whyNotMade = { _ in "No such file or directory" }
            } == [
                "f:2:18: admin.listen: the admin listener cannot have /gone/a.sock: No such file or directory"
            ]
        )
    }

    @Test("listeners that cannot be had together are a fault, the admin listener among them") func clashes() {
        func listening(_ text: String) -> [String] { faults(["f": "rules: [deny: all]\n" + text]) }
        #expect(
            listening("listen: [0.0.0.0:3128, 127.0.0.1:3128]\n") == [
                "f:2:9: listen: 127.0.0.1:3128 and 0.0.0.0:3128 cannot both be had: one takes the other's clients"
            ]
        )
        #expect(listening("listen: [\"[::1]:1\", \"[0:0::1]:1\"]\n").count == 1)
        #expect(listening("listen: [\"[::]:3128\", 0.0.0.0:3128]\n") == [])
        #expect(listening("listen: [127.0.0.1:0, 127.0.0.1:0, 0.0.0.0:1]\n") == [])
        #expect(
            listening("listen: 0.0.0.0:9128\n") == [
                "f: --admin-listen: the admin listener cannot have 127.0.0.1:9128 beside the listener 0.0.0.0:9128; move one of them"
            ]
        )
        #expect(listening("listen: 0.0.0.0:9128\nadmin: { enabled: false }\n") == [])
    }

    @Test("a list that is missing is told once, and truly") func missingList() {
        let text = "lists: { ads: { file: a, format: hosts } }\nrules: [deny: { to: list:ads }, allow: all]\n"
        #expect(faults(["f": text]) == ["f:1:23: lists.ads: a: there is no such file"])
    }

    @Test("a start throws what check finds, and who only asks is told nothing of it") func sameAnswer() throws {
        let files = FileAccess.memory(["f": "rules: [deny: all]\nusers: { file: u }\nadmin: { token-file: t }\n"])
        let told = FileReport.make("f", environment: [:], files: files).faults
        #expect(told.count == 2)
        #expect(throws: SettingFault.file(told, others: [])) {
            try SettingsParser.parse(arguments: ["--config", "f"], environment: [:], files: files)
        }
        #expect(
            try SettingsParser.parse(arguments: ["config", "--config", "f"], environment: [:], files: files).file == "f"
        )
        #expect(
            try SettingsParser.parse(
                arguments: ["explain", "http://a/", "--config", "f"],
                environment: [:],
                files: files
            ).file == "f"
        )
    }

    @Test("a reload needs users and keys, and neither the token nor the log, which wait for a start") func reload()
        throws
    {
        let text = "rules: [deny: all]\nusers: { file: u }\nadmin: { token-file: t }\n"
        let users = "anna:$2y$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy\n"
        let all = FileAccess.memory(["f": text, "u": users, "t": "secret\n"])
        let old = try SettingsParser.parse(arguments: ["--config", "f"], environment: [:], files: all)
        func reload(_ files: [String: String]) throws(SettingFault) {
            _ = try SettingsFile.reload(
                arguments: ["--config", "f"],
                environment: [:],
                files: .memory(files),
                after: old
            )
        }
        try reload(["f": text, "u": users])
        #expect(throws: SettingFault.self) { try reload(["f": text, "t": "secret\n"]) }
    }

    /// What check warns of, which a start says too.
    private func warnings(_ text: String, _ more: [String: String] = [:]) throws -> [String] {
        let files = FileAccess.memory(more.merging(["f": text]) { $1 })
        let report = FileReport.make("f", environment: [:], files: files)
        #expect(report.faults == [])
        let start = try SettingsParser.parse(arguments: ["--config", "f"], environment: [:], files: files)
        #expect(start.notices.sorted() == report.warnings.map(\.description).sorted())
        return report.warnings.map(\.message)
    }

    @Test("a listener on which nobody is served is told") func nobodyServed() throws {
        let open = "listen: [127.0.0.1:3128, 0.0.0.0:3129]\n"
        let hash = "$2y$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy"
        func told(_ text: String) throws -> Bool {
            try warnings(open + text).contains {
                $0.hasPrefix("others can connect to 0.0.0.0:3129, but nobody is served there")
            }
        }
        #expect(try told("rules: none\n"))
        #expect(try told("rules: [allow: { to: a.example }]\n"))
        #expect(try !told("rules: [allow: { to: a.example, from: 10.0.0.0/8 }]\n"))
        #expect(try !told("rules: [allow: { to: a.example }]\nallow-from: 10.0.0.0/8\n"))
        #expect(try told("rules: [allow: { to: a.example, listener: 127.0.0.1:3128 }]\nallow-from: 10.0.0.0/8\n"))
        #expect(try !told("rules: none\nusers: { anna: \"\(hash)\" }\n"))
        #expect(try !told("rules: [allow: { user: anna }]\nusers: { anna: \"\(hash)\" }\n"))
    }

    @Test("a user or a group that nobody is, is told; where tokens name users nobody can say") func nobody() throws {
        let users = "users: { file: u }\ngroups: { ops: [bo, cy], web: [anna, bo] }\n"
        let rules =
            "rules: [{ allow: { user: anan } }, { deny: { to: a.example, not: { user: group:ops } } }, deny: { user: group:web }]\n"
        let file = ["u": "anna:$2y$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy\n"]
        #expect(
            try warnings(users + rules, file) == [
                "this rule names the user anan, and there is none of that name; did you mean anna?",
                "this rule names the group ops, and none of it is a user: bo, cy",
            ]
        )
        let keys = ["k": "{}", "u": file["u"] ?? ""]
        #expect(try warnings(users + rules + "jwt: { keys: k, issuer: i, audience: a }\n", keys) == [])
    }

    @Test("a value that does not fit another is told at the section's value that the file has")
    func misfit() {
        #expect(report("limits: { request-head: 8KiB }").faults.map(\.place.description) == ["f:1:25"])
    }
}
