import Apus
import ApusFlow
import ApusTesting
import Testing

@Suite("What a refusal says in its first line", .timeLimit(.minutes(15)))
struct RefusalLineTests {
    private func refused(_ name: String?, change: @escaping (inout PolicyRules) -> Void = { _ in }) async throws -> (
        line: String, record: AccessRecord
    ) {
        let rules = rules(deny(name) { $0.schemes = [.https] }, change: change)
        let proxy = try await TestProxy.start(rules: rules) { _ in }
        let response = try await proxy.fetch(connect("a.example:443"), method: "CONNECT")
        return (response.head.first ?? "", try await proxy.settle()[0])
    }

    @Test("the rule and the id, for most clients print nothing else of a refused CONNECT") func rule() async throws {
        let named = try await refused("no uploads")
        #expect(named.line == "HTTP/1.1 403 Denied by rule \"no uploads\" (id \(named.record.idText))")
        let unnamed = try await refused(nil)
        #expect(unnamed.line == "HTTP/1.1 403 Denied by rule 1 (id \(unnamed.record.idText))")
        let none = try await refused(nil) { $0.rules = [allow { $0.ports = [1...1] }] }
        #expect(none.line == "HTTP/1.1 403 Denied: no rule allows it (id \(none.record.idText))")
        let other = try await refused("law") { policy in
            var rejection = Rejection()
            rejection.status = 451
            policy.rules[0].action = .deny(rejection)
        }
        #expect(other.line == "HTTP/1.1 451 Denied by rule \"law\" (id \(other.record.idText))")
    }

    @Test("where the policy tells nothing, the usual phrase and the id") func silent() async throws {
        let silent = try await refused("secret") { $0.telling = .nothing }
        #expect(silent.line == "HTTP/1.1 403 Forbidden (id \(silent.record.idText))")
    }

    @Test("a rule that limits is named too") func limited() async throws {
        var limit = UsageLimit()
        limit.requests = UsageLimit.Rate(1, per: 3_600_000_000)
        let origin = try ScriptedOrigin.answering(ok("in"))
        let proxy = try await TestProxy.start(rules: rules(Rule(.limit(limit), name: "few"), allow())) { _ in }
        var line = ""
        for _ in 0..<3 { line = try await proxy.fetch(head("GET", origin.url())).head.first ?? "" }
        let record = try #require(try await proxy.settle(3).last)
        #expect(line == "HTTP/1.1 429 Limited by rule \"few\" (id \(record.idText))")
    }

    @Test("no request can put a word into it, and a long name is cut") func bounded() async throws {
        let long = try await refused("a\r\nX-Evil: 1 \u{e9}" + String(repeating: "n", count: 100))
        #expect(long.line.utf8.count == 93 && !long.line.contains("\r"))
        #expect(long.line.hasPrefix("HTTP/1.1 403 Denied by rule \"a??X-Evil: 1 ?nnn"))
        #expect(long.line.hasSuffix("n...\" (id \(long.record.idText))"))
    }

    @Test(
        "a 407 keeps its phrase, and tells Java and git what they need",
        arguments: ["Java/17.0.9", "git/2.39.5", "curl/8"]
    )
    func challenge(_ agent: String) async throws {
        let wanted = agent.hasPrefix("Java") ? "disabledSchemes" : agent.hasPrefix("git") ? "http.proxy " : "curl -U"
        for field in ["X-None: 1", basic("anna", "wrong")] {
            let proxy = try await TestProxy.start(
                rules: rules(allow { $0.users = [.anyone] }),
                authenticator: Doorkeeper()
            ) { _ in }
            let answer = try await proxy.fetch(
                connect("a.example:443", "User-Agent: \(agent)", field),
                method: "CONNECT"
            )
            #expect(answer.head.first == "HTTP/1.1 407 Proxy Authentication Required")
            let text = String(decoding: answer.body, as: UTF8.self)
            let isWrong = field.hasPrefix("Proxy-") && wanted == "curl -U"
            #expect(text.contains(isWrong ? "Check the name and the password" : wanted), "\(text)")
            _ = try await proxy.settle()
        }
    }

    @Test("that a policy could not decide, or not in time, is an error to be tried again", arguments: [true, false])
    func undecided(inTime: Bool) async throws {
        let never = AsyncStream.makeStream(of: Void.self)
        defer { never.continuation.finish() }
        let proxy = try await TestProxy.start(
            policy: { _ in
                if inTime { return .unavailable(reason: "the list is away") }
                for await _ in never.stream { break }
                return .allow
            }
        ) { if !inTime { $0.timeouts.policy = .milliseconds(100) } }
        let answer = try await proxy.fetch(head("GET", "http://a.example/"))
        #expect(answer.status == 503 && answer.fields.contains { $0.name == "Retry-After" })
        #expect(answer.fields.contains { $0.name == "Proxy-Status" && $0.value.contains("proxy_internal_error") })
        #expect(!String(decoding: answer.body, as: UTF8.self).contains("the list"))
        _ = await proxy.records(count: 1)
        let traffic = await proxy.server.traffic()
        #expect(traffic.counters.refused == 0 && traffic.counters.errors == ["proxy_internal_error": 1])
        let record = try await proxy.settle()[0]
        #expect(record.status == 503 && record.fault == (inTime ? "policy_unavailable" : "policy_timeout"))
        #expect(record.ending.how == (inTime ? .failure : .timeout))
        #expect((record.reason?.contains("the list is away") == true) == inTime)
    }
}
