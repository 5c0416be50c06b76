import Apus
import ApusTesting
import Testing

/// How connections of clients come to their end: nothing of a response is lost, and none is left open for nothing.
@Suite("Closing a client's connection", .timeLimit(.minutes(15)))
struct ClosingTests {
    /// An origin that sends half of a response, and the rest when it is told to.
    private static func halting(_ gate: Gate) throws -> ScriptedOrigin {
        try ScriptedOrigin { connection in
            while try connection.readRequest() != nil {
                try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab")
                try gate.wait()
                try connection.send("cd")
            }
        }
    }

    private static func get(_ origin: ScriptedOrigin, _ more: String = "") -> String {
        "GET \(origin.url()) HTTP/1.1\r\nHost: \(origin.authority)\r\n\(more)\r\n"
    }

    @Test("a client that sends FIN in the middle of a response gets the rest, and then the end")
    func endsMidResponse() async throws {
        let gate = try Gate()
        let origin = try Self.halting(gate)
        let proxy = try await TestProxy.start()
        let bytes = try await onOwnThread { [port = proxy.port] in
            let client = try RawClient(port: port)
            try client.send(Self.get(origin))
            _ = try client.readHead()
            client.shutdown()
            // A second exchange on the same thread shows that the FIN was there before the rest is sent.
            let other = try RawClient(port: port)
            try other.send("GET / HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n\r\n")
            _ = try other.readResponse()
            gate.open()
            return try client.readToEnd()
        }
        #expect(String(decoding: bytes, as: UTF8.self).hasSuffix("abcd"))
        await proxy.stop()
    }

    @Test("a proxy that drains in the middle of a response ends when the response has")
    func drainsMidResponse() async throws {
        let gate = try Gate()
        let origin = try Self.halting(gate)
        let proxy = try await TestProxy.start { $0.timeouts.drain = .seconds(50) }
        let client = try RawClient(port: proxy.port)
        try await onOwnThread {
            try client.send(Self.get(origin))
            _ = try client.readHead()
        }
        proxy.server.drain()
        try await onOwnThread { [port = proxy.port] in
            // The listener is closed in the same turn in which the clients are told.
            while (try? RawClient(port: port)) != nil {}
        }
        gate.open()
        let bytes = try await onOwnThread { try client.readToEnd() }
        #expect(String(decoding: bytes, as: UTF8.self).hasSuffix("abcd"))
        try await proxy.drain()
    }

    @Test("a response is whole although requests behind it are never read") func pipelinedBehindClose() async throws {
        let origin = try ScriptedOrigin { connection in
            guard try connection.readRequest() != nil else { return }
            try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n")
            try connection.send([UInt8](repeating: 0x78, count: 300_000))
            _ = try connection.readToEnd()
        }
        let proxy = try await TestProxy.start()
        let response = try await onOwnThread { [port = proxy.port] in
            let client = try RawClient(port: port, window: 8192)
            try client.send(Self.get(origin, "Connection: close\r\n"))
            for _ in 0..<100 { try client.send(Self.get(origin, "X: \(String(repeating: "x", count: 3000))\r\n")) }
            return try client.readResponse()
        }
        #expect(response.complete)
        #expect(response.body.count == 300_000)
        await proxy.stop()
    }

    @Test("a second request at fault on a connection is answered like a first one") func secondAtFault() async throws {
        let origin = try ScriptedOrigin.answering("HTTP/1.1 204 No Content\r\n\r\n")
        let proxy = try await TestProxy.start()
        let statuses = try await onOwnThread { [port = proxy.port] in
            let client = try RawClient(port: port)
            try client.send(Self.get(origin))
            let first = try client.readResponse().status
            try client.send("GET \(origin.url()) HTTP/1.1\r\nno colon\r\n\r\n")
            return [first, try client.readResponse().status]
        }
        #expect(statuses == [204, 400])
        await proxy.stop()
    }
}
