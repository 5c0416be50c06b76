import Apus
import ApusAdvice
import ApusFlow
import ApusPolicy
import ApusWire
import Testing

@testable import ApusConfig

@Suite("what a suggested rule does")
struct SuggestionTests {
    private static let refusing = """
        users: { file: users.htpasswd }
        rules:
          - allow: { to: wiki.example }
          - deny: { to: "*.example" }

        """

    private func record(_ host: String, _ kind: AccessRecord.Kind = .request, fault: String = "rule") -> AccessRecord {
        AccessRecord(
            id: 1,
            startedAt: 0,
            kind: kind,
            clientAddress: "192.0.2.1",
            clientPort: 5,
            listener: "l",
            method: kind == .tunnel ? "CONNECT" : "GET",
            scheme: kind == .tunnel ? nil : "http",
            host: host,
            port: kind == .tunnel ? 443 : 80,
            path: kind == .tunnel ? "" : "/a",
            status: 403,
            fault: fault,
            rule: "rule 2"
        )
    }

    private func question(_ record: AccessRecord, port: UInt16? = nil) throws -> PolicyQuestion {
        PolicyQuestion(
            record.method,
            host: record.host,
            port: port ?? record.port,
            path: record.path,
            from: try #require(IPAddress(record.clientAddress)),
            user: record.user.map { .named($0) } ?? .unknown,
            address: record.upstream.flatMap { IPAddress($0.prefix { $0 != ":" }) }
        )
    }

    /// The policy with the suggestion in front of its rules.
    private func policy(_ record: AccessRecord) throws -> PolicyRules {
        let suggestion = try #require(RuleSuggestion(record))
        #expect(suggestion.place == .rules)
        let text = Self.refusing.replacing("rules:\n", with: "rules:\n  \(suggestion.text)\n")
        let file = SettingsFile(path: "p.yaml", bytes: Array(text.utf8), .none)
        #expect(file.faults == [], "\(text)")
        return file.policy.rules
    }

    @Test(
        "put first it allows the very request that was refused, and no other port or user",
        arguments: [
            "ads.example", "192.0.2.77", "2001:db8::7", "a_b.example", "xn--bcher-kva.example", "yes", "1.example",
        ]
    )
    func lifts(_ host: String) throws {
        for kind in [AccessRecord.Kind.request, .tunnel] {
            for user in [nil, "anna", "o'brien \"x\" #1: {"] {
                var record = record(host, kind)
                record.user = user?.replacing(":", with: "")
                let rules = try policy(record)
                #expect(rules.explain(try question(record)).decision.rule == 0)
                #expect(rules.explain(try question(record)).decision.outcome == .allow)
                #expect(rules.explain(try question(record, port: 81)).decision.rule != 0)
                guard user != nil else { continue }
                record.user = "somebody"
                #expect(rules.explain(try question(record)).decision.rule != 0)
                _ = try CompiledPolicy(rules)
            }
        }
    }

    @Test("it opens the guard for the address that was refused")
    func opens() throws {
        var record = record("wiki.example", fault: "private_use")
        record.upstream = "10.1.2.3:80"
        record.rule = "rule 1"
        let rules = try policy(record)
        guard case .allow(let permission) = rules.rules[0].action else { throw Unreadable() }
        let address = try #require(IPAddress("10.1.2.3"))
        let other = try #require(IPAddress("10.1.2.4"))
        let judge = DestinationGuard()
        #expect(judge.judge(address, port: 80, lifting: permission.allowsPrivate, permission.exceptions) == nil)
        #expect(judge.judge(other, port: 80, lifting: permission.allowsPrivate, permission.exceptions) == .privateUse)
    }

    private struct Unreadable: Error {}

    @Test("a suggested setting is read, and allows what was refused")
    func settings() throws {
        var port = record("a.example", .tunnel, fault: "connect_port")
        port.port = 8443
        var loopback = record("127.0.0.1", fault: "loopback")
        loopback.rule = nil
        let texts = [port, loopback, record("a.example", fault: "client_not_allowed")].map {
            RuleSuggestion($0)?.text ?? ""
        }
        let files = FileAccess.memory(["p.yaml": texts.joined(separator: "\n")])
        let arguments = ["--config", "p.yaml"]
        let settings = try SettingsParser.parse(arguments: arguments, environment: [:], files: files)
        #expect(settings.configuration.connectPorts == .only([443, 8443]))
        #expect("\(settings.configuration)".contains("192.0.2.1"))
        #expect("\(settings.configuration)".contains("127.0.0.1"))
    }
}
