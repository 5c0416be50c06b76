import Apus
import ApusFlow
import ApusTesting
import Testing

@Suite("Keep-alive and the pool", .timeLimit(.minutes(15)))
struct PoolTests {
    @Test("an origin's connection serves request after request, and other clients") func reuse() async throws {
        let origin = try ScriptedOrigin.answering(ok("x"))
        let proxy = try await TestProxy.start()
        for _ in 0..<2 {
            try await proxy.client { client in
                for _ in 0..<3 {
                    let text = try client.exchange(head("GET", origin.url())).text
                    #expect(text == "x")
                }
            }
        }
        #expect(origin.connectionCount == 1)
        let records = try await proxy.settle(6)
        #expect(records.map(\.reused) == [false, true, true, true, true, true])
        #expect(records.allSatisfy { $0.ending == .complete && $0.upstream == origin.authority })
    }

    @Test("a GET that meets a stale connection is sent once more", arguments: [true, false])
    func staleGet(resets: Bool) async throws {
        let origin = try ScriptedOrigin { connection in
            _ = try connection.readRequest()
            try connection.send(ok("\(connection.number)"))
            // The first connection takes a second request to its grave.
            _ = try connection.readRequest()
            if connection.number == 1, resets { connection.reset() }
        }
        let proxy = try await TestProxy.start()
        let texts = try await proxy.client { client in
            try (0..<2).map { try client.exchange(head("GET", origin.url("/\($0)"))).text }
        }
        #expect(texts == ["1", "2"])
        #expect(origin.requests.map(\.target) == ["/0", "/1", "/1"])
        let records = try await proxy.settle(2)
        #expect(records.map(\.status) == [200, 200])
        #expect(records.map(\.ending) == [.complete, .complete])
    }

    @Test("a fresh connection that dies is not tried a third time") func onceOnly() async throws {
        let origin = try ScriptedOrigin { connection in
            _ = try connection.readRequest()
            if connection.number == 1 {
                try connection.send(ok("x"))
                _ = try connection.readRequest()
            }
        }
        let proxy = try await TestProxy.start()
        let statuses = try await proxy.client { client in
            try (0..<2).map { _ in try client.exchange(head("GET", origin.url())).status }
        }
        #expect(statuses == [200, 502])
        #expect(origin.requests.count == 3)
        let records = try await proxy.settle(2)
        #expect(records[1].ending == Ending(.upstream, .relay, .closed))
        #expect(
            records[1].proxyStatus == "connection_terminated" || records[1].proxyStatus == "http_response_incomplete"
        )
    }

    @Test(
        "a POST that meets a stale connection is not sent again",
        arguments: ["Content-Length: 2", "Content-Length: 0"]
    )
    func stalePost(length: String) async throws {
        let origin = try ScriptedOrigin { connection in
            // A second answer on one connection: from then on a POST takes it.
            for _ in 0..<2 {
                _ = try connection.readRequest()
                try connection.send(ok("x"))
            }
            _ = try connection.readRequest()
        }
        let proxy = try await TestProxy.start()
        let post = head("POST", origin.url(), length) + (length.hasSuffix("2") ? "ab" : "")
        let clock = ContinuousClock()
        let start = clock.now
        let statuses = try await proxy.client { client in
            try [head("GET", origin.url()), head("GET", origin.url()), post].map { try client.exchange($0).status }
        }
        // On a machine that takes longer than that, the connection has been idle for too long for a POST.
        if clock.now - start >= .seconds(2) { return await proxy.stop() }
        #expect(statuses == [200, 200, 502])
        #expect(origin.requests.map(\.method) == ["GET", "GET", "POST"])
        #expect(origin.connectionCount == 1)
        #expect(try await proxy.settle(3)[2].ending == Ending(.upstream, .relay, .closed))
    }

    @Test("an answer that has begun is not asked for again") func begun() async throws {
        let origin = try ScriptedOrigin { connection in
            _ = try connection.readRequest()
            try connection.send(ok("x"))
            _ = try connection.readRequest()
            try connection.send("HTTP/1.1 200 O")
        }
        let proxy = try await TestProxy.start()
        let statuses = try await proxy.client { client in
            try (0..<2).map { _ in try client.exchange(head("GET", origin.url())).status }
        }
        #expect(statuses == [200, 502])
        #expect(origin.connectionCount == 1)
        let settled = try await proxy.settle(2)
        #expect(settled.map(\.reused) == [false, true])
    }

    @Test("bytes behind a response are never the next one's", arguments: [2, 70_000, 1 << 20], [true, false])
    func overrun(length: Int, isPipelined: Bool) async throws {
        let body = String(repeating: "a", count: length)
        let origin = try ScriptedOrigin { connection in
            while try connection.readRequest() != nil { try connection.send(ok(body) + ok("smuggled")) }
        }
        let proxy = try await TestProxy.start()
        let texts = try await proxy.client { client in
            let request = head("GET", origin.url())
            if isPipelined { try client.send(String(repeating: request, count: 5)) }
            return try (0..<5).map { _ in
                isPipelined ? try client.readResponse().text : try client.exchange(request).text
            }
        }
        #expect(texts.allSatisfy { $0 == body })
        #expect(origin.connectionCount == 5)
        let settled = try await proxy.settle(5)
        #expect(settled.allSatisfy { $0.ending == .complete && !$0.reused })
    }

    @Test("an idle connection that speaks out of turn is closed") func unasked() async throws {
        let answered = try Gate()
        let isClosed = try Gate()
        let origin = try ScriptedOrigin { connection in
            _ = try connection.readRequest()
            try connection.send(ok("\(connection.number)"))
            guard connection.number == 1 else { return _ = try connection.readRequest() }
            try answered.wait()
            try connection.send(ok("smuggled"))
            _ = try? connection.readToEnd()
            isClosed.open()
        }
        let proxy = try await TestProxy.start()
        let texts = try await proxy.client { client in
            let first = try client.exchange(head("GET", origin.url())).text
            answered.open()
            try isClosed.wait()
            return [first, try client.exchange(head("GET", origin.url())).text]
        }
        #expect(texts == ["1", "2"])
        let settled = try await proxy.settle(2)
        #expect(settled.map(\.reused) == [false, false])
    }

    @Test("an idle connection is closed when its time is over") func idleTime() async throws {
        let isClosed = try Gate()
        let origin = try ScriptedOrigin { connection in
            while try connection.readRequest() != nil { try connection.send(ok("x")) }
            isClosed.open()
        }
        let proxy = try await TestProxy.start { $0.timeouts.upstreamIdle = .milliseconds(100) }
        _ = try await proxy.fetch(head("GET", origin.url()))
        try await onOwnThread { try isClosed.wait() }
        #expect(try await proxy.settle()[0].ending == .complete)
    }

    @Test("an origin has no more connections than it may") func perOrigin() async throws {
        let asked = try Gate()
        let done = try Gate()
        let origin = try ScriptedOrigin { connection in
            while try connection.readRequest() != nil {
                asked.open()
                try done.wait()
                try connection.send(ok("x"))
            }
        }
        let proxy = try await TestProxy.start { $0.limits.originConnections = 1 }
        let statuses = try await proxy.client { first in
            try first.send(head("GET", origin.url()))
            try asked.wait()
            let second = try RawClient(port: proxy.port)
            let refused = try second.exchange(head("GET", origin.url()))
            done.open()
            let served = try first.readResponse().status
            return [served, refused.status]
        }
        #expect(statuses == [200, 503])
        let records = try await proxy.settle(2)
        #expect(records.map(\.proxyStatus) == ["connection_limit_reached", nil])
    }

    @Test("an idle connection of an origin at its cap gives way to a tunnel") func idleGivesWay() async throws {
        let origin = try ScriptedOrigin.answering(ok("x"))
        let proxy = try await TestProxy.start { $0.limits.originConnections = 1 }
        let statuses = try await proxy.client { first in
            let served = try first.exchange(head("GET", origin.url())).status
            let second = try RawClient(port: proxy.port)
            defer { second.close() }
            try second.send(connect(origin.authority))
            return [served, try second.readResponse(to: "CONNECT").status]
        }
        #expect(statuses == [200, 200])
        #expect(try await proxy.settle(2).count == 2)
    }

    @Test("a client's idle connection is closed when its time is over") func clientIdle() async throws {
        let origin = try ScriptedOrigin.answering(ok("x"))
        try await atPace(from: .milliseconds(500)) { deadline in
            let proxy = try await TestProxy.start { $0.timeouts.clientIdle = deadline }
            try await proxy.client { client in
                for _ in 0..<2 {
                    let text = try client.exchange(head("GET", origin.url())).text
                    #expect(text == "x")
                }
                #expect(client.isClosed())
                #expect(client.received.count < 1000)
            }
            let settled = try await proxy.settle(2)
            #expect(settled.allSatisfy { $0.ending == .complete })
        }
    }
}
