import Apus
import ApusFlow
import ApusTesting
import Testing

@Suite("Reload", .timeLimit(.minutes(1)))
struct ReloadTests {
    private func echo() throws -> ScriptedOrigin {
        try ScriptedOrigin { connection in
            while let bytes = try? connection.read(5) { try connection.send(bytes) }
        }
    }

    @Test("new requests are decided by the new rules, a tunnel goes on by the old ones") func swap() async throws {
        let origin = try echo()
        let proxy = try await TestProxy.start(rules: rules(allow("old"))) { _ in }
        let echoed = try await onOwnThread { [port = proxy.port, server = proxy.server, origin] in
            let client = try RawClient(port: port)
            defer { client.close() }
            try client.send(connect(origin.authority))
            _ = try client.readHead()
            try server.reload(rules: rules(deny("new")))
            try client.send("still")
            return try client.read(5)
        }
        #expect(echoed == Array("still".utf8))
        #expect(try await proxy.fetch(head("GET", "http://\(origin.authority)/")).status == 403)
        let settled = try await proxy.settle(2)
        #expect(Set(settled.map(\.rule)) == ["old", "new"])
    }

    @Test("when asked, what the new rules deny is ended") func ending() async throws {
        let origin = try echo()
        let proxy = try await TestProxy.start(rules: rules(allow("old"))) { _ in }
        let isClosed = try await onOwnThread { [port = proxy.port, server = proxy.server, origin] in
            let client = try RawClient(port: port)
            defer { client.close() }
            try client.send(connect(origin.authority))
            _ = try client.readHead()
            try server.reload(rules: rules(deny("new") { $0.schemes = [.https] }, allow()), endingDenied: true)
            return client.isClosed()
        }
        #expect(isClosed)
        let record = try await proxy.settle()[0]
        #expect(record.rule == "new" && record.ending == Ending(.proxy, .decide, .refused))
    }

    @Test("a fault keeps the old rules") func fault() async throws {
        let origin = try ScriptedOrigin.answering(ok("in"))
        let proxy = try await TestProxy.start(rules: rules(allow())) { _ in }
        #expect(throws: (any Error).self) {
            try proxy.server.reload(rules: rules(deny { $0.hosts = [.list("not there")] }))
        }
        #expect(try await proxy.fetch(head("GET", "http://\(origin.authority)/")).text == "in")
    }

    @Test("two hundred reloads under load fail no request") func load() async throws {
        let origin = try ScriptedOrigin.answering(ok("in"))
        let proxy = try await TestProxy.start(rules: rules(allow("0"))) { _ in }
        let done = Box(false)
        async let statuses = proxy.client { client in
            var statuses: [Int: Int] = [:]
            while !done.value {
                statuses[try client.exchange(head("GET", "http://\(origin.authority)/")).status, default: 0] += 1
            }
            return statuses
        }
        for number in 1...200 {
            try proxy.server.reload(rules: rules(allow("\(number)")))
            await Task.yield()
        }
        #expect(try await proxy.fetch(head("GET", "http://\(origin.authority)/")).status == 200)
        done.change { $0 = true }
        #expect(try await Array(statuses.keys) == [200])
        let last = try #require(proxy.records.last { $0.rule == "200" })
        #expect(last.status == 200)
    }

    @Test("what only a start can change is named") func restart() async throws {
        let proxy = try await TestProxy.start { _ in }
        var other = proxy.server.configuration
        other.threads = 7
        other.limits.tunnels = 9
        #expect(try proxy.server.reload(configuration: other, rules: rules()) == ["threads", "limits.tunnels"])
        #expect(try proxy.server.reload(configuration: proxy.server.configuration, rules: rules()).isEmpty)
    }
}
