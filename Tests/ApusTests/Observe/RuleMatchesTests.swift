import Apus
import ApusFlow
import ApusTesting
import Testing

@Suite("What rules have matched", .timeLimit(.minutes(15)))
struct RuleMatchesTests {
    @Test("a tunnel that outlives its policy counts for the rule that decided it") func outlives() async throws {
        let origin = try ScriptedOrigin { connection in _ = try connection.readToEnd() }
        let policy = rules(deny("no deletes") { $0.methods = ["DELETE"] }, allow("tunnels"))
        let proxy = try await TestProxy.start(rules: policy) { $0.threads = 1 }
        let port = proxy.port
        let client = try await onOwnThread {
            let client = try RawClient(port: port)
            try client.send(connect(origin.authority))
            _ = try client.readHead()
            return client
        }
        // Twice: the policy before the last one counts too. Another rule has its place.
        try proxy.server.reload(rules: rules(allow("other"), allow("another")))
        try proxy.server.reload(rules: rules(allow("third"), allow("last")))
        client.close()
        _ = await proxy.records(count: 1)
        let matched = await proxy.server.traffic().rules.filter { $0.value > 0 }
        #expect(matched == ["tunnels": 1])
        await proxy.stop()
    }
}
