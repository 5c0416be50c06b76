import Testing

@testable import Apus
@testable import ApusConfig

@Suite("The user that Apus becomes, in the settings")
struct UserSettingTests {
    /// Files of root, of which that user may not read these.
    private func files(_ text: String, closed: [String] = [], exists: Bool = true) -> FileAccess {
        var files = FileAccess.memory([
            "f": text, "l": "0.0.0.0 a.example\n", "t": "0123456789abcdef\n",
            "u": "anna:$2y$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy\n",
        ])
        var seen = files
        seen.whyNotRead = { closed.contains($0) ? "Permission denied" : nil }
        seen.whyNotAppended = { closed.contains($0) ? "Permission denied" : nil }
        seen.whyNotMade = { closed.contains($0) ? "Permission denied" : nil }
        files.seenBy = { [seen] name in
            exists && name == "apus" ? .files(seen) : .nobody("there is no user \(name) on this machine")
        }
        return files
    }

    private func report(_ text: String, closed: [String] = [], exists: Bool = true) -> [String] {
        let report = FileReport.make("f", environment: [:], files: files(text, closed: closed, exists: exists))
        return report.text.split(separator: "\n").dropLast().map(String.init)
    }

    private let whole = """
        run-as: apus
        lists: { ads: { file: l, format: hosts } }
        rules: [deny: { to: list:ads }, allow: all]
        users: { file: u }
        log: { file: /log/access, format: json }
        admin: { token-file: t, listen: /run/a }

        """

    @Test("nothing is said where that user may do all of it") func fits() { #expect(report(whole) == []) }

    @Test("what a reload would read and that user may not is warned of, each at its place") func unreadable() {
        let lines = report(whole, closed: ["f", "l", "u"])
        #expect(
            lines.count == 3 && lines.allSatisfy { $0.contains(": warning: ") && $0.contains("a reload will fail") }
        )
        #expect(Set(lines.map { String($0.prefix { $0 != " " }) }) == ["f:", "f:2:23:", "f:4:16:"])
    }

    @Test("what is opened after the change and that user may not is a fault") func unopened() {
        let lines = report(whole, closed: ["/log/access", "t", "/run/a"])
        #expect(lines.count == 3 && lines.allSatisfy { !$0.contains("warning") && $0.contains("Permission denied") })
    }

    @Test("a user who is not there is a fault at its place, and so is a name that is none") func missing() {
        #expect(report("rules: none\nrun-as: apsu\n") == ["f:2:9: run-as: there is no user apsu on this machine"])
        #expect(
            report("rules: none\nrun-as: a:b\n", exists: false).contains {
                $0.contains("\"a:b\" is the name of no user")
            }
        )
    }

    @Test("a flag wins over the file, and a change waits for the next start") func flag() throws {
        let files = files("rules: none\nrun-as: apus\n")
        #expect(
            try SettingsParser.parse(arguments: ["--config", "f"], environment: [:], files: files).configuration.user
                == "apus"
        )
        #expect(
            throws: SettingFault.unusable(["--run-as: there is no user other on this machine"])
        ) {
            try SettingsParser.parse(arguments: ["--config", "f", "--run-as", "other"], environment: [:], files: files)
        }
        var (one, other) = (ProxyConfiguration(), ProxyConfiguration())
        (one.user, other.user) = ("a", "b")
        #expect(one.needingStart(than: other) == ["run-as"])
    }
}
