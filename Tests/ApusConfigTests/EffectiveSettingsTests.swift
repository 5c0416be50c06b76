import Apus
import ApusPolicy
import Testing

@testable import ApusConfig

@Suite struct EffectiveSettingsTests {
    private func page(_ file: String, _ arguments: [String] = []) throws -> String {
        EffectiveSettings.render(
            try SettingsParser.parse(
                arguments: ["config", "--config", "f"] + arguments,
                environment: ["APUS_MAX_PIPES": "7"],
                files: .memory(["f": file, "hosts.txt": ""])
            )
        )
    }

    @Test("every setting is there with where it comes from")
    func sources() throws {
        let page = try page(
            "limits: { fields: 50 }\nallow-to: [10.0.0.0/8, \"::1\"]\n",
            ["--threads", "3", "--no-allow-private"]
        )
        let lines = page.split(separator: "\n").map {
            $0.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
        }
        for line in [
            "# The settings file is f.", "listen: 127.0.0.1:3128 # default", "threads: 3 # --threads",
            "fields: 50 # f:1:19",
            "pipes: 7 # APUS_MAX_PIPES", "allow-to: [10.0.0.0/8, \"::1\"] # f:2:11",
            "allow-private: off # --no-allow-private",
            "allow-from: [] # default", "# via-pseudonym: random # default", "# file: standard output # default",
            "connections: 0 # default: by open files",
        ] {
            #expect(lines.contains(line), "\(line)\n\(page)")
        }
        for setting in Settings.all { #expect(page.contains("\(setting.key.split(separator: ".").last ?? ""): ")) }
    }

    @Test("the page reads back as the same settings and rules")
    func readsBack() throws {
        let page = try page(PolicyReaderTests.example, ["--threads", "3"])
        let again = SettingsFile(path: "g", bytes: Array(page.utf8), .memory(["hosts.txt": ""]))
        #expect(again.faults == [], "\(page)")
        var configuration = ProxyConfiguration()
        again.apply(to: &configuration)
        #expect(configuration.threads == 3 && configuration.listeners.count == 2)
        let first = SettingsFile(path: "f", bytes: Array(PolicyReaderTests.example.utf8), .memory(["hosts.txt": ""]))
        #expect(again.policy.rules.rules.map(\.action) == first.policy.rules.rules.map(\.action))
        #expect(again.policy.rules.rules.map(\.condition) == first.policy.rules.rules.map(\.condition))
        #expect(again.policy.rules.rules.map(\.name) == first.policy.rules.rules.map(\.name))
        #expect(again.policy.rules.rules.map(\.isReportOnly) == first.policy.rules.rules.map(\.isReportOnly))
        #expect(page.contains("  - deny: all                                 # f:18:5"))
    }

    @Test("no secret is printed: hashes, digests, fields that hold credentials")
    func secrets() throws {
        let hash = "$2y$10$" + String(repeating: "S", count: 53)
        let page = try page(
            """
            users: { anna: "\(hash)" }
            tokens: { ci: "sha256:\(String(repeating: "5e", count: 32))" }
            rules:
              - allow: { to: a.org, request-headers: { set: { Authorization: SSSS, X-Api-Key: SSSS, X-Team: blue } } }
            """
        )
        #expect(!page.contains("SSSS") && !page.contains("5e5e"))
        #expect(page.contains("anna: (hidden)") && page.contains("ci: (hidden)") && page.contains("X-Team: blue"))
    }
}
