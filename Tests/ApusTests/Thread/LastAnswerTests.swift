import Apus
import ApusFlow
import ApusTesting
import Testing

/// What becomes of a client's connection around its last answer, over real sockets.
@Suite("The last answer of a connection", .timeLimit(.minutes(15))) struct LastAnswerTests {
    private static let big = 3 << 20

    private static func bigOrigin() throws -> ScriptedOrigin {
        let body = String(repeating: "0123456789abcdef", count: big / 16)
        return try ScriptedOrigin.answering("HTTP/1.1 200 OK\r\nContent-Length: \(big)\r\n\r\n\(body)")
    }

    @Test("reaches a client that has sent more than was read", arguments: ["1.0", "1.1"])
    func unreadInput(_ version: String) async throws {
        let origin = try LastAnswerTests.bigOrigin()
        let proxy = try await TestProxy.start()
        let (response, reset) = try await onOwnThread { [port = proxy.port] in
            let client = try RawClient(port: port)
            let head = "GET \(origin.url()) HTTP/\(version)\r\nHost: \(origin.authority)\r\nConnection: close\r\n\r\n"
            try client.send(head + String(repeating: "GET / unread\r\n", count: 100))
            let response = try client.readResponse()
            return (response, client.isReset(within: .milliseconds(200)))
        }
        #expect(response.complete && response.body.count == LastAnswerTests.big)
        #expect(!reset)
        let record = try #require(await proxy.record())
        #expect(record.ending == .complete && record.bytes.toClient > UInt64(LastAnswerTests.big))
        await proxy.stop()
    }

    @Test("reaches a client that has sent FIN and reads slowly, and then the connection closes") func halfClosed()
        async throws
    {
        let origin = try LastAnswerTests.bigOrigin()
        let proxy = try await TestProxy.start()
        let response = try await onOwnThread { [port = proxy.port] in
            let client = try RawClient(port: port, window: 4096)
            try client.send("GET \(origin.url()) HTTP/1.1\r\nHost: \(origin.authority)\r\n\r\n")
            client.shutdown()
            let response = try client.readResponse()
            #expect(client.isClosed())
            return response
        }
        #expect(response.complete && response.body.count == LastAnswerTests.big)
        #expect(response.value("connection") == "close" || response.value("connection") == nil)
        await proxy.stop()
    }

    @Test("is a 400 with a body for a faulty request, also behind a HEAD that was served") func faultBehindHead()
        async throws
    {
        let origin = try ScriptedOrigin.answering("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")
        let proxy = try await TestProxy.start()
        let (first, second) = try await onOwnThread { [port = proxy.port] in
            let client = try RawClient(port: port)
            try client.send("HEAD \(origin.url()) HTTP/1.1\r\nHost: \(origin.authority)\r\n\r\n")
            let first = try client.readResponse(to: "HEAD")
            try client.send("GET \(origin.url()) HTTP/1.1\r\nBad Field: x\r\n\r\n")
            let second = try client.readResponse()
            #expect(client.isClosed())
            return (first, second)
        }
        #expect(first.status == 200)
        #expect(second.status == 400 && second.complete && !second.body.isEmpty)
        let records = await proxy.records(count: 2)
        #expect(records.map(\.status) == [200, 400])
        await proxy.stop()
    }

    @Test("of an idle connection is followed by FIN when the proxy drains") func drained() async throws {
        let origin = try ScriptedOrigin.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        let proxy = try await TestProxy.start()
        let client = try await onOwnThread { [port = proxy.port] in
            let client = try RawClient(port: port)
            try client.send("GET \(origin.url()) HTTP/1.1\r\nHost: \(origin.authority)\r\n\r\n")
            #expect(try client.readResponse().text == "ok")
            return client
        }
        async let drained: Void = proxy.drain()
        #expect(try await onOwnThread { client.isClosed() })
        client.close()
        try await drained
    }

    @Test("comes by a fresh connection when the pooled one was stale, and its record says so") func stale() async throws
    {
        let origin = try ScriptedOrigin { connection in
            // The first connection answers once, and ends on the next request.
            _ = try connection.readRequest()
            try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n\(connection.number)")
            _ = try connection.readHead()
        }
        let proxy = try await TestProxy.start()
        let bodies = try await onOwnThread { [port = proxy.port] in
            let client = try RawClient(port: port)
            return try (0..<2).map { _ in
                try client.send("GET \(origin.url()) HTTP/1.1\r\nHost: \(origin.authority)\r\n\r\n")
                return try client.readResponse().text
            }
        }
        #expect(bodies == ["1", "2"])
        let records = await proxy.records(count: 2)
        #expect(records.map(\.reused) == [false, false])
        #expect(records.map(\.status) == [200, 200])
        await proxy.stop()
    }

    @Test("an origin that answers before it reads is still sent the body") func earlySuccess() async throws {
        let origin = try ScriptedOrigin { connection in
            let head = try connection.readHead() ?? []
            try connection.send("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n")
            let request = try connection.readBody(of: head)
            try connection.send(request.complete ? "ok" : "no")
        }
        let proxy = try await TestProxy.start()
        let response = try await onOwnThread { [port = proxy.port] in
            let client = try RawClient(port: port)
            try client.send(
                "POST \(origin.url()) HTTP/1.1\r\nHost: \(origin.authority)\r\nContent-Length: 10\r\n\r\n01234"
            )
            let head = try client.readHead()
            try client.send("56789")
            return (head, try client.read(2))
        }
        #expect(response.0.first == "HTTP/1.1 200 OK")
        #expect(response.1 == Array("ok".utf8))
        #expect(origin.requests.map(\.text) == ["0123456789"])
        await proxy.stop()
    }

    @Test("a client that does not read is reset after the stall deadline, and is to blame") func stalled() async throws
    {
        let origin = try ScriptedOrigin { connection in
            _ = try connection.readRequest()
            try connection.send("HTTP/1.1 200 OK\r\n\r\n")
            let block = [UInt8](repeating: 0x2e, count: 1 << 16)
            while true { try connection.send(block) }
        }
        let proxy = try await TestProxy.start { $0.timeouts.stall = .milliseconds(300) }
        let client = try await onOwnThread { [port = proxy.port] in
            let client = try RawClient(port: port, window: 4096)
            try client.send("GET \(origin.url()) HTTP/1.1\r\nHost: \(origin.authority)\r\n\r\n")
            return client
        }
        let record = try #require(await proxy.record())
        #expect(record.ending == Ending(.client, .relay, .timeout))
        client.close()
        await proxy.stop()
    }

    @Test("interim responses without end are cut off, and do not pile up for a client that does not read")
    func interimFlood()
        async throws
    {
        let (ends, end) = AsyncStream.makeStream(of: PeerFault.self)
        let origin = try ScriptedOrigin { connection in
            _ = try connection.readRequest()
            let hints = String(repeating: "HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n", count: 1000)
            do {
                while true { try connection.send(hints) }
            } catch let fault as PeerFault {
                end.yield(fault)
            }
        }
        let proxy = try await TestProxy.start()
        let client = try await onOwnThread { [port = proxy.port] in
            let client = try RawClient(port: port, window: 4096)
            try client.send("GET \(origin.url()) HTTP/1.1\r\nHost: \(origin.authority)\r\n\r\n")
            return client
        }
        // The origin is parted from once it has sent more than a head's worth of them.
        #expect(await ends.first { _ in true } != .timedOut)
        client.reset()
        let record = try #require(await proxy.record())
        #expect(record.ending.who != .proxy)
        await proxy.stop()
    }
}
