import ApusPolicy
import Testing

@testable import ApusConfig

@Suite struct PolicyKeyTests {
    private func names(_ owner: PolicyKey.Owner) -> [String] {
        PolicyKey.all.filter { $0.owner == owner }.map(\.name)
    }

    @Test("the table has each key that is read, and no other")
    func keys() {
        #expect(Set(names(.file)) == Set(PolicyReader.keys))
        #expect(Set(names(.rule)) == Set(RuleReader.actions + RuleBody.common))
        #expect(Set(names(.condition)) == Set(ConditionReader.keys))
        for (action, owner) in [("allow", .allow), ("deny", .deny), ("limit", .limit)] as [(String, PolicyKey.Owner)] {
            #expect(Set(names(owner)) == Set(RuleBody.keys[action] ?? []), "\(action)")
        }
        for owner in PolicyKey.Owner.allCases { #expect(names(owner).count == Set(names(owner)).count) }
    }

    @Test("each example is taken", arguments: PolicyKey.all)
    func examples(_ key: PolicyKey) {
        let text =
            key.owner == .file
            ? key.example.joined(separator: "\n")
            : "rules:\n" + key.example.map { "  " + $0 }.joined(separator: "\n")
        // What the examples name.
        let names = key.name == "groups" || key.name == "users" ? "" : "\nusers: { file: users.htpasswd }"
        let rules = key.owner == .file && key.name != "rules" ? "\nrules: none" : ""
        let faults = PolicyKeyTests.faults(text + names + rules + "\n")
        #expect(faults.isEmpty, "\(faults)")
    }

    @Test("the example of a whole file is taken")
    func whole() {
        #expect(PolicyKeyTests.faults(HelpPage.policyExample.joined(separator: "\n") + "\n") == [])
    }

    @Test("words that a key takes are those that are read")
    func words() {
        let all: [(String, PolicyKey.Owner, [String])] = [
            ("tell", .file, PolicyRules.Telling.allCases.map(\.rawValue)),
            ("mode", .file, PolicyReader.Mode.allCases.map(\.rawValue)),
            ("mode", .rule, PolicyReader.Mode.allCases.map(\.rawValue)),
            ("tls", .allow, TunnelTLS.allCases.map(\.rawValue)),
            ("balance", .allow, RouteBalance.allCases.map(\.rawValue)),
            ("by", .limit, UsageLimit.Key.allCases.map(\.rawValue)),
        ]
        for (name, owner, words) in all {
            let row = PolicyKey.all.first { $0.name == name && $0.owner == owner }
            #expect(row?.value == words.joined(separator: ", "), "\(name)")
        }
        let lists = PolicyKey.all.first { $0.name == "lists" }?.meaning.joined() ?? ""
        for format in HostListFormat.allCases { #expect(lists.contains("`\(format.rawValue)`")) }
    }

    @Test("the line of a setting's example is taken in a file", arguments: Settings.all.map(\.key))
    func settings(_ key: String) throws {
        let setting = try #require(Settings.named(key: key))
        // These are held against another one, or against the machine.
        if ["limits.request-head", "admin.token-file", "admin.listen", "log.file"].contains(key) { return }
        #expect(PolicyKeyTests.faults(setting.fileLine + "\nrules: none\n") == [], "\(setting.fileLine)")
    }

    private static func faults(_ text: String) -> [String] {
        let files = FileAccess { (path, _) throws(FileAccess.Fault) in
            Array((path.hasSuffix(".txt") ? "0.0.0.0 ads.example\n" : "").utf8)
        }
        return SettingsFile(path: "apus.yaml", bytes: Array(text.utf8), files).faults.map(\.description)
    }
}
