import Apus
import ApusFlow
import ApusTesting
import Testing

@Suite("Reload", .timeLimit(.minutes(15)))
struct ReloadTests {
    private func echo() throws -> ScriptedOrigin {
        try ScriptedOrigin { connection in
            while let bytes = try? connection.read(5) { try connection.send(bytes) }
        }
    }

    @Test("new requests are decided by the new rules, a tunnel goes on by the old ones") func swap() async throws {
        let origin = try echo()
        let proxy = try await TestProxy.start(rules: rules(allow("old", tls: .any))) { _ in }
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

    @Test("other rules alone leave the settings of the last reload") func rulesAlone() async throws {
        let origin = try echo()
        let proxy = try await TestProxy.start(rules: rules(allow())) { _ in }
        var configuration = proxy.server.configuration
        configuration.connectPorts = .only([1])
        try proxy.server.reload(configuration: configuration, rules: rules(allow()))
        try proxy.server.reload(rules: rules(allow("new")))
        #expect(try await proxy.fetch(connect(origin.authority), method: "CONNECT").status == 403)
        _ = try await proxy.settle()
    }

    @Test("the groups that an authenticator names reach the rules, and those that come")
    func groups() async throws {
        let origin = try ScriptedOrigin.answering(ok("in"))
        @Sendable func allowing(_ group: String) -> PolicyRules {
            rules(allow(group) { $0.users = [.group(group)] }) {
                $0.takesGroups = true
                $0.groups = ["both": ["bo"]]
            }
        }
        let keeper = Doorkeeper()
        let proxy = try await TestProxy.start(rules: allowing("ops"), authenticator: keeper) { _ in }
        let (anna, bo) = (basic("anna", "sesame"), basic("bo", "abracadabra"))
        let get = "http://\(origin.authority)/"
        try await proxy.client { [server = proxy.server] client in
            #expect(try client.exchange(head("GET", get, anna)).status == 200)
            try server.reload(rules: allowing("others"))
            #expect(try client.exchange(head("GET", get, anna)).status == 403)
        }
        try await proxy.client { [server = proxy.server] client in
            try server.reload(rules: allowing("ops"))
            #expect(try client.exchange(head("GET", get, anna)).status == 200)
            try server.reload(rules: allowing("both"))
            #expect(try client.exchange(head("GET", get, bo)).status == 200)
        }
        #expect(try await proxy.fetch(head("GET", get)).status == 407)
        #expect(keeper.count == 4)
        // The record tells them, to the observer and from the recorder alike, so that it can be explained.
        let first = try #require(await proxy.records(count: 5).first)
        try proxy.server.reload(rules: allowing("ops"))
        let recorded = try #require(await proxy.server.transaction(first.id)?.record)
        #expect(recorded.groups == ["ops"] && recorded.user == "anna")
        #expect(try #require(proxy.server.explain(recorded)).outcome.status == nil)
        #expect(try await proxy.settle(5).map(\.groups) == [["ops"], ["ops"], ["ops"], [], []])
    }

    @Test("who has a tunnel is to new rules what the groups of the old proof say") func groupsOfTunnels() async throws {
        let origin = try echo()
        let old = rules(allow(tls: .any) { $0.users = [.group("ops")] }) { $0.takesGroups = true }
        let other = rules(deny { $0.users = [.user("anna")] }, allow { $0.users = [.group("ops")] }) {
            $0.takesGroups = true
        }
        let numbered = rules(
            allow { $0.users = [.group("a"), .user("b")] },
            allow(tls: .any) { $0.users = [.group("ops")] }
        ) { $0.takesGroups = true }
        let proxy = try await TestProxy.start(rules: old, authenticator: Doorkeeper()) { _ in }
        let (echoed, isClosed) = try await onOwnThread { [port = proxy.port, server = proxy.server, origin] in
            let client = try RawClient(port: port)
            defer { client.close() }
            try client.send(connect(origin.authority, basic("anna", "sesame")))
            _ = try client.readHead()
            try server.reload(rules: numbered, endingDenied: true)
            try client.send("still")
            let echoed = try client.read(5)
            try server.reload(rules: other, endingDenied: true)
            return (echoed, client.isClosed())
        }
        #expect(echoed == Array("still".utf8) && isClosed)
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
