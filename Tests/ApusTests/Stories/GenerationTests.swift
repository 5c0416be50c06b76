import ApusTesting
import Synchronization
import Testing

@testable import Apus
@testable import ApusPolicy

@Suite("Generations of settings", .timeLimit(.minutes(1)))
struct GenerationTests {
    private func rules(_ name: String, _ list: HostList? = nil) -> PolicyRules {
        var rules = PolicyRules()
        rules.rules = [Rule(.allow(Permission()), name: name)]
        if let list {
            rules.lists = ["many": list]
            var condition = Condition()
            condition.hosts = [.list("many")]
            rules.rules.insert(Rule(.deny(Rejection()), when: condition), at: 0)
        }
        return rules
    }

    private func newest(_ proxy: TestProxy) -> PolicySnapshot? {
        proxy.server.life.shared?.newest.withLock { $0.snapshot }
    }

    @Test("a tunnel keeps the name of its rule, not all that it was decided by") func tunnels() async throws {
        let origin = try ScriptedOrigin { connection in _ = try connection.readToEnd() }
        let proxy = try await TestProxy.start(rules: rules("first")) { _ in }
        try proxy.server.reload(rules: rules("second"))
        let tunnel = try await onOwnThread { [port = proxy.port] in
            let client = try RawClient(port: port)
            let opened = try client.exchange(connect(origin.authority), method: "CONNECT")
            #expect(opened.status == 200)
            return client
        }
        weak let second = newest(proxy)
        #expect(second?.serial == 2)
        try proxy.server.reload(rules: rules("third"))
        // Once it has answered, the thread works by the new ones: both come by the same mailbox, in their order.
        _ = await proxy.server.traffic(names: 0)
        #expect(second == nil)
        tunnel.close()
        #expect(await proxy.records(count: 1).map(\.rule) == ["second"])
        await proxy.stop()
    }

    @Test("one whose first bytes are still to come is judged by the rules that allowed it, and then keeps them no more")
    func untilJudged() async throws {
        let origin = try ScriptedOrigin { connection in
            _ = try connection.read(1)
            try connection.send("through")
            _ = try connection.readToEnd()
        }
        var policy = PolicyRules()
        policy.rules = [deny("no bad") { $0.hosts = [.name("bad.test")] }, allow("rest")]
        let proxy = try await TestProxy.start(rules: policy, lookUp: { _ in ["127.0.0.1"] }) { _ in }
        func open() async throws -> RawClient {
            try await onOwnThread { [port = proxy.port] in
                let client = try RawClient(port: port)
                let opened = try client.exchange(connect("good.test:\(origin.port)"), method: "CONNECT")
                #expect(opened.status == 200)
                return client
            }
        }
        let (good, hidden) = (try await open(), try await open())
        weak let first = newest(proxy)
        try proxy.server.reload(rules: rules("other"))
        _ = await proxy.server.traffic(names: 0)
        #expect(first?.serial == 1)
        try await onOwnThread {
            try hidden.send(ScriptedHello("bad.test").bytes)
            #expect(try hidden.readToEnd() == [21, 3, 3, 0, 2, 2, 112])
            try good.send(ScriptedHello("good.test").bytes)
            #expect(try good.read(7) == Array("through".utf8))
        }
        _ = await proxy.server.traffic(names: 0)
        #expect(first == nil)
        good.close()
        hidden.close()
        #expect(await proxy.records(count: 2).map(\.rule) == ["no bad", "rest"])
        await proxy.stop()
    }

    @Test("what has not changed is shared by all generations") func shared() async throws {
        let list = HostList(names: (0..<1000).map { "h\($0).example" })
        let proxy = try await TestProxy.start(rules: rules("same", list)) { _ in }
        let first = newest(proxy)
        try proxy.server.reload(rules: rules("same", list))
        let second = newest(proxy)
        #expect(first?.serial == 1 && second?.serial == 2)
        #expect(first?.policy.index === second?.policy.index && first?.words === second?.words)
        // Another list of the same names, as when its file was read again.
        let again = HostList(names: (0..<1000).map { "h\($0).example" })
        try proxy.server.reload(rules: rules("same", again))
        let third = newest(proxy)
        #expect(third?.serial == 3 && third?.policy.index === first?.policy.index)
        try proxy.server.reload(rules: rules("other", again))
        let fourth = newest(proxy)
        #expect(fourth?.policy.index !== first?.policy.index && fourth?.words.labels.last == "other")
        await proxy.stop()
    }
}
