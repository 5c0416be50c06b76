import Apus
import ApusPolicy
import Testing

@testable import ApusConfig

/// A reload takes no protection away: what goes from some to none keeps the old and is a fault that says what to do.
@Suite("What protects, at a reload")
struct ProtectionTests {
    private static let hash = "$2y$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy"
    private static let token = "sha256:" + String(repeating: "5e", count: 32)

    /// A settings file with all that protects, and the files it names; a part that is replaced by nothing is not in it.
    private static func files(
        rules: String = "rules:\n  - deny: { to: list:ads }\n  - allow: { user: all }\n",
        allowFrom: String = "allow-from: [10.0.0.0/8, 192.0.2.1]\n",
        users: String = "users: { file: users }\n",
        tokens: String = "tokens: { ci: \"\(token)\" }\n",
        jwt: String = "jwt: { keys: keys, issuer: i, audience: a }\n",
        lists: String = "lists: { ads: { file: ads, format: domains, refresh: 1h } }\n",
        htpasswd: String? = "anna:\(hash)\n",
        keys: String? = "{}\n",
        ads: String? = "ads.example\nads.test\n"
    ) -> [String: String] {
        let text = rules + allowFrom + users + tokens + jwt + lists
        return ["f": text, "users": htpasswd, "keys": keys, "ads": ads].compactMapValues { $0 }
    }

    private func parse(_ files: [String: String]) throws(SettingFault) -> ParsedSettings {
        try SettingsParser.parse(arguments: ["--config", "f"], environment: [:], files: .memory(files))
    }

    /// What a reload of other files says behind these.
    private func fault(_ files: [String: String], after before: [String: String] = ProtectionTests.files()) throws
        -> String?
    {
        let old = try parse(before)
        do throws(SettingFault) {
            _ = try SettingsFile.reload(
                arguments: ["--config", "f"],
                environment: [:],
                files: .memory(files),
                after: old
            )
            return nil
        } catch { return error.description }
    }

    @Test("what stays, changes, or grows is no loss") func stays() throws {
        #expect(try fault(Self.files()) == nil)
        #expect(try fault(Self.files(rules: "rules: [deny: all]\n", ads: "x.example\n")) == nil)
        #expect(try fault(Self.files(), after: ["f": "rules: none\n"]) == nil)
        #expect(try fault(["f": "rules: none\nthreads: 2\n"], after: ["f": "rules: none\n"]) == nil)
    }

    @Test(
        "a file that says nothing of rules keeps them, however it says so",
        arguments: [
            "", "{}", "~", "# rules: [deny: all]\n", "---\n...\n", "rules:\n", "rules: []\n", "rules: ~\n",
            "rules: {}\n",
        ]
    )
    func emptied(_ text: String) throws {
        let told = try #require(try self.fault(["f": text], after: ["f": "rules: [deny: all]\n"]))
        #expect(told.contains("rules"), "\(told)")
    }

    @Test("so does one without the key, and one that says none: that is for a start to take")
    func noRules() throws {
        let old = ["f": "rules: [allow: all, deny: all]\n"]
        #expect(
            try fault(["f": "threads: 1\n"], after: old)
                == "f: there is no rule any more: a reload lifts no rules, and the 2 rules in force stay; write one, or restart "
                + "Apus to go on without"
        )
        #expect(
            try fault(["f": "rules: none\n"], after: old)?.hasPrefix("f: rules: none: a reload lifts no rules") == true
        )
    }

    @Test("the last network of allow-from, user, token, key and entry of a list stays") func each() throws {
        func expect(_ files: [String: String], _ text: String, _ line: Int = #line) throws {
            let fault = try self.fault(files)
            #expect(
                fault?.contains(text) == true && fault?.contains("restart Apus") == true,
                "line \(line): \(fault ?? "")"
            )
        }
        try expect(
            Self.files(allowFrom: ""),
            "f: allow-from names no network any more, and the 2 networks in force stay"
        )
        try expect(Self.files(allowFrom: "allow-from: []\n"), "f:4:13: allow-from names no network any more")
        try expect(
            Self.files(users: ""),
            "f: users has nobody with a password any more, and the one user in force stays"
        )
        try expect(Self.files(htpasswd: ""), "f:5:16: users has nobody with a password any more")
        try expect(Self.files(htpasswd: "# nobody\n"), "f:5:16: users has nobody with a password any more")
        try expect(Self.files(tokens: ""), "f: there is no token any more, and the one token in force stays")
        try expect(Self.files(tokens: "tokens: {}\n"), "f: there is no token any more")
        try expect(Self.files(jwt: ""), "f: there are no keys of signed tokens any more")
        for text in ["", "# ads.example\n", "\n\n"] {
            try expect(
                Self.files(ads: text),
                "f:8:23: lists.ads: ads has no entry any more, and the list stays as it was, with 2"
            )
        }
    }

    @Test("a list, users or keys whose file is gone is a fault too") func gone() throws {
        #expect(try fault(Self.files(ads: nil))?.contains("lists.ads: ads: there is no such file") == true)
        #expect(try fault(Self.files(htpasswd: nil)) == "f:5:16: users.file: users: there is no such file")
        #expect(try fault(Self.files(keys: nil)) == "f:7:14: jwt.keys: keys: there is no such file")
    }

    @Test("all that would be lost is told at once") func all() throws {
        let lines = try fault(["f": "rules: none\n"])?.split(separator: "\n")
        #expect(lines?.count == 5, "\(lines ?? [])")
    }

    @Test("what a flag gives is not lost with the file") func flags() throws {
        let arguments = ["--config", "f", "--allow-from", "10.0.0.0/8"]
        let old = try SettingsParser.parse(
            arguments: arguments,
            environment: [:],
            files: .memory(["f": "allow-from: 10.0.0.0/8\nrules: none\n"])
        )
        _ = try SettingsFile.reload(
            arguments: arguments,
            environment: [:],
            files: .memory(["f": "rules: none\n"]),
            after: old
        )
    }
}
