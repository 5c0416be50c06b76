import Apus
import ApusFlow
import ApusTesting
import ApusWire
import Testing

@Suite("Looking at the traffic", .timeLimit(.minutes(15)))
struct TrafficTests {
    /// Reads heads until one says that it is the last.
    private func silent() throws -> ScriptedOrigin {
        try ScriptedOrigin { connection in _ = try connection.readToEnd() }
    }

    @Test("requests are counted by method and status, with bytes and names") func counters() async throws {
        let origin = try ScriptedOrigin.answering(ok("hello"))
        let proxy = try await TestProxy.start { $0.threads = 2 }
        for _ in 0..<3 { _ = try await proxy.fetch(head("GET", origin.url())) }
        _ = try await proxy.fetch(head("DELETE", origin.url()))
        let records = await proxy.records(count: 4)
        let traffic = await proxy.server.traffic()
        #expect(traffic.threads == 2)
        let rows = traffic.counters.requests.rows
        #expect(rows.contains { $0.method == .get && $0.status == 200 && $0.count == 3 })
        #expect(rows.contains { $0.method == .delete && $0.status == 200 && $0.count == 1 })
        #expect(traffic.counters.total.count == 4)
        #expect(traffic.counters.bytes.toClient == records.reduce(0) { $0 + $1.bytes.toClient })
        #expect(traffic.counters.bytes.fromUpstream == records.reduce(0) { $0 + $1.bytes.fromUpstream })
        #expect(traffic.counters.clientsAccepted == 4)
        #expect(traffic.hosts.map(\.name) == ["127.0.0.1"] && traffic.hosts.first?.requests == 4)
        await proxy.stop()
        #expect(await proxy.server.traffic() == Traffic())
    }

    @Test(
        "of a CONNECT the line is told as its words say",
        arguments: [
            ("CONNECT [::1]:1 HTTP/1.1", "CONNECT [::1]:1 HTTP/1.1"),
            ("CONNECT Example.COM:443 HTTP/1.0", "CONNECT example.com:443 HTTP/1.0"),
        ]
    )
    func connectLine(_ sent: String, _ told: String) async throws {
        let proxy = try await TestProxy.start(lookUp: { _ in [] }) { _ in }
        let host = String(sent.split(separator: " ")[1])
        #expect(try await proxy.fetch("\(sent)\r\nHost: \(host)\r\nX-A: b\r\n\r\n", method: "CONNECT").status >= 400)
        let record = try #require(await proxy.records(count: 1).first)
        let head = try #require(await proxy.server.transaction(record.id)?.request)
        #expect(head.line == told && head.fields == [.init("Host", host), .init("X-A", "b")])
        await proxy.stop()
    }

    @Test("refusals and errors count by their reason, rules by their name") func refusals() async throws {
        let origin = try ScriptedOrigin { $0.reset() }
        let policy = rules(deny("no deletes") { $0.methods = ["DELETE"] }, allow("all"))
        let proxy = try await TestProxy.start(rules: policy) { _ in }
        _ = try await proxy.fetch(head("DELETE", origin.url()))
        _ = try await proxy.fetch(head("POST", origin.url(), "Content-Length: 0"))
        let records = await proxy.records(count: 2)
        let traffic = await proxy.server.traffic()
        #expect(traffic.counters.refusals == [records[0].fault ?? "": 1])
        #expect(traffic.counters.errors == [records[1].proxyStatus ?? "": 1])
        #expect(traffic.rules == ["no deletes": 1, "all": 1])
        try proxy.server.reload(rules: rules(allow("all")))
        _ = try await proxy.fetch(head("POST", origin.url(), "Content-Length: 0"))
        _ = await proxy.records(count: 3)
        #expect(await proxy.server.traffic().rules == ["no deletes": 1, "all": 2])
        // What the policy before decided keeps its names.
        let recent = await proxy.server.recent(limit: 10)
        #expect(recent.records.map(\.rule) == ["no deletes", "all", "all"])
    }

    @Test("reloads are counted, and whether the last one succeeded") func reloads() async throws {
        let proxy = try await TestProxy.start { _ in }
        #expect(await proxy.server.traffic().reloads == Reloads())
        try proxy.server.reload(rules: rules(allow("all")))
        var policy = rules(allow("all"))
        policy.rules[0].condition.hosts = [.list("absent")]
        #expect(throws: (any Error).self) { try proxy.server.reload(rules: policy) }
        var seen = await proxy.server.traffic().reloads
        #expect(seen.succeeded == 1 && seen.failed == 1 && !seen.hasLastSucceeded)
        proxy.server.reloadFailed()
        try proxy.server.reload(rules: rules(allow("all")))
        seen = await proxy.server.traffic().reloads
        #expect(seen.succeeded == 2 && seen.failed == 2 && seen.hasLastSucceeded)
    }

    @Test("what ended is shown as its record, once, and from a mark on") func recent() async throws {
        let origin = try ScriptedOrigin.answering(ok("x"))
        let proxy = try await TestProxy.start { $0.threads = 2 }
        for number in 0..<5 { _ = try await proxy.fetch(head("GET", origin.url("/\(number)?q=1"))) }
        let records = await proxy.records(count: 5)
        let first = await proxy.server.recent(limit: 100)
        #expect(first.total == 5)
        #expect(first.records.map(\.id) == records.map(\.id))
        #expect(first.records == records)
        #expect(await proxy.server.recent(after: first.mark, limit: 100).records.isEmpty)
        _ = try await proxy.fetch(head("GET", origin.url("/new")))
        _ = await proxy.records(count: 6)
        let next = await proxy.server.recent(after: first.mark, limit: 100)
        #expect(next.records.map(\.path) == ["/new"] && next.total == 1)
        #expect(await proxy.server.recent(limit: 2).records.map(\.path) == ["/4?q=1", "/new"])
    }

    @Test("the ring is bounded, and what was refused outlives what was not") func bounded() async throws {
        let origin = try ScriptedOrigin.answering(ok("x"))
        let proxy = try await TestProxy.start { configuration in
            configuration.recorder.transactions = 8
            configuration.connectPorts = .only([443])
        }
        _ = try await proxy.fetch(connect("127.0.0.1:1"))
        for _ in 0..<20 { _ = try await proxy.fetch(head("GET", origin.url())) }
        let records = await proxy.records(count: 21)
        let recent = await proxy.server.recent(limit: 100)
        #expect(recent.records.count == 8 && recent.total == 21)
        #expect(recent.records.map(\.id) == records.suffix(8).map(\.id))
        let notable = await proxy.server.recent(limit: 100, onlyNotable: true)
        #expect(notable.records.map(\.id) == [records[0].id])
        let kept = try #require(await proxy.server.transaction(records[0].id))
        #expect(kept.request?.line == "CONNECT 127.0.0.1:1 HTTP/1.1")
        #expect(kept.response?.line == "HTTP/1.1 403 Forbidden")
        #expect(await proxy.server.transaction(records[1].id) == nil)
    }

    @Test("what is more than a thread tells at once is told in slices, whole and in order") func slices() async throws {
        let origin = try ScriptedOrigin.answering(ok("x"))
        let proxy = try await TestProxy.start { $0.recorder.transactions = 450 }
        let url = origin.url()
        try await proxy.client { client in
            for number in 0..<500 {
                try client.send(head("GET", "\(url)\(number)"))
                _ = try client.readResponse()
            }
        }
        _ = await proxy.records(count: 500)
        let wanted = (50..<500).map { "/\($0)" }
        let recent = await proxy.server.recent(limit: .max)
        #expect(recent.records.map(\.path) == wanted && recent.total == 500)
        #expect(await proxy.server.transactions(limit: .max).map(\.record.path) == wanted)
        #expect(await proxy.server.recent(limit: 201).records.map(\.path) == wanted.suffix(201))
        #expect(await proxy.server.recent(limit: 0).records.isEmpty)
        #expect(await proxy.server.recent(after: recent.mark, limit: .max).records.isEmpty)
    }

    @Test("heads are recorded as they came, secrets redacted") func heads() async throws {
        let origin = try ScriptedOrigin.answering(ok("x", "Set-Cookie: sid=secret; Path=/", "X-Origin: yes"))
        let proxy = try await TestProxy.start { _ in }
        _ = try await proxy.fetch(head("GET", origin.url("/a"), "Authorization: Basic c2VjcmV0", "X-One: 1"))
        let record = await proxy.records(count: 1)[0]
        let found = try #require(await proxy.server.transaction(record.id))
        #expect(found.record.id == record.id)
        #expect(found.request?.line == "GET \(origin.url("/a")) HTTP/1.1")
        #expect(found.request?.fields.map(\.name) == ["Host", "Authorization", "X-One"])
        #expect(found.request?.fields[1].value == "Basic (redacted)")
        #expect(found.response?.line == "HTTP/1.1 200 OK")
        #expect(found.response?.fields.contains { $0.name == "X-Origin" && $0.value == "yes" } == true)
        #expect(!"\(found)".contains("secret"))
        #expect(await proxy.server.transactions(limit: 10) == [found])
        #expect(await proxy.server.transaction(record.id ^ 1) == nil)
    }

    @Test(
        "of a malformed head the names are shown, and nothing that may be a secret",
        arguments: [
            "Authorization : Basic c2VjcmV0", " Authorization: Basic secret", "X: a\rAuthorization: Basic secret",
            "\0Cookie: sid=secret", "Host: u:secret@h",
        ]
    )
    func malformed(field: String) async throws {
        let proxy = try await TestProxy.start { _ in }
        let request = "GET http://127.0.0.1:1/?secret HTTP/1.1\r\nHost: 127.0.0.1:1\r\n\(field)\r\n\r\n"
        #expect(try await proxy.fetch(request).status == 400)
        let record = try #require(await proxy.records(count: 1).first)
        let found = await proxy.server.transaction(record.id)
        let shown = "\(String(describing: found?.request))"
        #expect(!shown.contains("secret") && !shown.contains("c2VjcmV0"))
    }

    @Test("without a recorder nothing is held, and everything is counted") func off() async throws {
        let origin = try ScriptedOrigin.answering(ok("x"))
        let proxy = try await TestProxy.start { $0.recorder.transactions = 0 }
        _ = try await proxy.fetch(head("GET", origin.url()))
        _ = await proxy.records(count: 1)
        #expect(await proxy.server.recent(limit: 10).records.isEmpty)
        #expect(await proxy.server.traffic().counters.requests.total == 1)
    }

    @Test("what runs is shown with its phase, and its bytes as they pass") func open() async throws {
        let origin = try ScriptedOrigin { connection in
            while true { try connection.send(try connection.read(1)) }
        }
        let quiet = try silent()
        let proxy = try await TestProxy.start { _ in }
        let tunnel = try RawClient(port: proxy.port)
        let waiting = try RawClient(port: proxy.port)
        try await onOwnThread {
            _ = try tunnel.exchange(connect(origin.authority), method: "CONNECT")
            try tunnel.send("12345")
            _ = try tunnel.read(5)
            try waiting.send(head("GET", quiet.url("/slow")))
        }
        var open = await proxy.server.openTransactions(limit: 10)
        while open.transactions.last?.phase != .waiting { open = await proxy.server.openTransactions(limit: 10) }
        #expect(open.total == 2)
        #expect(open.transactions.map(\.kind) == [.tunnel, .request])
        let first = open.transactions[0]
        #expect(first.phase == .tunnel && first.method == "CONNECT" && first.host == "127.0.0.1")
        #expect(first.upstream == origin.authority)
        #expect(first.bytes.fromClient >= 5 && first.bytes.toClient >= 5)
        #expect(open.transactions[1].path == "/slow" && open.transactions[1].bytes.fromClient > 0)
        let counters = await proxy.server.traffic().counters
        #expect(counters.tunnelsOpen == 1 && counters.requestsOpen == 1 && counters.clientsOpen == 2)
        #expect(counters.upstreamsOpen == 2)
        #expect(counters.bytes.toClient >= 5)
        #expect(await proxy.server.openTransactions(limit: 1).transactions.map(\.id) == [first.id])
    }

    @Test("a tunnel and a request are ended by their id, each with its record") func ended() async throws {
        let origin = try silent()
        let proxy = try await TestProxy.start { _ in }
        let tunnel = try RawClient(port: proxy.port)
        let waiting = try RawClient(port: proxy.port)
        try await onOwnThread {
            _ = try tunnel.exchange(connect(origin.authority), method: "CONNECT")
            try waiting.send(head("GET", origin.url()))
        }
        var open = await proxy.server.openTransactions(limit: 10)
        while open.total < 2 { open = await proxy.server.openTransactions(limit: 10) }
        for transaction in open.transactions { #expect(await proxy.server.end(transaction.id)) }
        let areClosed = try await onOwnThread { [tunnel.isClosed(), waiting.isClosed()] }
        #expect(areClosed == [true, true])
        let records = await proxy.records(count: 2)
        #expect(records.allSatisfy { $0.ending.how == .stopped })
        #expect(await proxy.server.end(open.transactions[0].id) == false)
        #expect(await proxy.server.openTransactions(limit: 10).total == 0)
    }
}
