import Apus
import ApusTesting
import Testing

/// Origins that break the rules on purpose: what they may cost, and what of it a client may see.
@Suite("Hostile origins", .timeLimit(.minutes(15)))
struct HostileOriginTests {
    private static func get(_ origin: ScriptedOrigin, _ path: String = "/", _ more: String = "") -> String {
        "GET \(origin.url(path)) HTTP/1.1\r\nHost: \(origin.authority)\r\n\(more)\r\n"
    }

    /// What a client gets for one GET.
    private static func response(
        of origin: ScriptedOrigin,
        by proxy: TestProxy,
        _ more: String = ""
    ) async throws -> RawResponse {
        try await onOwnThread { [port = proxy.port] in
            let client = try RawClient(port: port)
            try client.send(get(origin, "/", more))
            return try client.readResponse()
        }
    }

    @Test("interim responses without end are ended by a 502") func interimFlood() async throws {
        let origin = try ScriptedOrigin { connection in
            _ = try connection.readRequest()
            let many = String(repeating: "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", count: 100)
            while true { try connection.send(many) }
        }
        let proxy = try await TestProxy.start()
        let response = try await Self.response(of: origin, by: proxy)
        #expect(response.status == 502)
        #expect(response.interim.count > 1000)
        let record = try #require(await proxy.record())
        #expect(record.proxyStatus == "http_response_header_section_size")
        #expect(record.bytes.fromUpstream <= 129 << 10)
        await proxy.stop()
    }

    @Test("a few interim responses pass, whatever their order") func interims() async throws {
        let origin = try ScriptedOrigin.answering(
            "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n"
        )
        let proxy = try await TestProxy.start()
        let response = try await Self.response(of: origin, by: proxy)
        #expect(response.status == 204)
        #expect(response.interim.map(\.first) == ["HTTP/1.1 103 Early Hints", "HTTP/1.1 102 Processing"])
        await proxy.stop()
    }

    @Test("what came of a head that is none is counted", arguments: ["HTTP/1.1 600 X\r\nA: b\r\n\r\n", "HTTP/1.1 2"])
    func countedHead(_ answer: String) async throws {
        let origin = try ScriptedOrigin { connection in
            _ = try connection.readRequest()
            try connection.send(answer)
        }
        let proxy = try await TestProxy.start()
        #expect(try await proxy.fetch(Self.get(origin, "/")).status == 502)
        #expect(try await proxy.settle()[0].bytes.fromUpstream == UInt64(answer.utf8.count))
    }

    @Test("a first chunk at fault is a 502, for nothing of the response has left") func badFirstChunk() async throws {
        let origin = try ScriptedOrigin.answering("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")
        let proxy = try await TestProxy.start()
        let response = try await Self.response(of: origin, by: proxy)
        #expect(response.status == 502)
        #expect(response.complete)
        let record = try #require(await proxy.record())
        #expect(record.status == 502)
        await proxy.stop()
    }

    @Test("chunks of one byte reach an HTTP/1.0 client whole") func tinyChunks() async throws {
        let body = String(repeating: "1\r\na\r\n", count: 20_000) + "800\r\n\(String(repeating: "b", count: 2048))\r\n"
        let origin = try ScriptedOrigin { connection in
            _ = try connection.readRequest()
            try connection.send(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\(body)1\r\nc\r\n0\r\nX: y\r\n\r\n"
            )
            _ = try connection.readToEnd()
        }
        let proxy = try await TestProxy.start()
        let bytes = try await onOwnThread { [port = proxy.port] in
            let client = try RawClient(port: port)
            try client.send("GET \(origin.url()) HTTP/1.0\r\n\r\n")
            _ = try client.readHead()
            return try client.readToEnd()
        }
        #expect(bytes.count == 20_000 + 2048 + 1)
        #expect(bytes.prefix(20_000).allSatisfy { $0 == 0x61 })
        #expect(bytes.last == 0x63)
        await proxy.stop()
    }

    @Test("what comes behind a response is never the next one's") func overrun() async throws {
        let origin = try ScriptedOrigin { connection in
            while let request = try connection.readRequest() {
                let body = String(repeating: "x", count: 300_000)
                let extra = request.target == "/1" ? "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nBAD" : ""
                try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n\(body)\(extra)")
            }
        }
        let proxy = try await TestProxy.start()
        let lengths = try await onOwnThread { [port = proxy.port] in
            let client = try RawClient(port: port)
            try client.send(Self.get(origin, "/1") + Self.get(origin, "/2"))
            return [try client.readResponse().body.count, try client.readResponse().body.count]
        }
        #expect(lengths == [300_000, 300_000])
        await proxy.stop()
    }

    @Test("a response head byte by byte is read like any other") func drippedHead() async throws {
        let origin = try ScriptedOrigin { connection in
            _ = try connection.readRequest()
            for byte in "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nA: b\r\nContent-Length: 2\r\n\r\nok".utf8 {
                try connection.send([byte])
            }
            _ = try connection.readToEnd()
        }
        let proxy = try await TestProxy.start()
        let response = try await Self.response(of: origin, by: proxy)
        #expect(response.status == 200)
        #expect(response.text == "ok")
        #expect(response.interim.count == 1)
        await proxy.stop()
    }

    @Test("a response that is cut while its reader is slow is all that came, and then its end") func cutForSlowReader()
        async throws
    {
        let sent = 2_000_000
        let origin = try ScriptedOrigin { connection in
            _ = try connection.readRequest()
            try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 9000000\r\n\r\n")
            try connection.send([UInt8](repeating: 0x78, count: sent))
        }
        let proxy = try await TestProxy.start()
        let response = try await onOwnThread { [port = proxy.port] in
            let client = try RawClient(port: port, window: 4096)
            try client.send(Self.get(origin))
            return try client.readResponse()
        }
        #expect(response.status == 200)
        #expect(!response.complete)
        #expect(response.body.count == sent)
        await proxy.stop()
    }

    @Test("upgraded connections count among the tunnels") func upgradeCap() async throws {
        let origin = try ScriptedOrigin { connection in
            _ = try connection.readRequest()
            try connection.send("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n")
            _ = try connection.readToEnd()
        }
        let proxy = try await TestProxy.start { $0.limits.tunnels = 1 }
        let request = Self.get(origin, "/", "Connection: Upgrade\r\nUpgrade: x\r\n")
        let statuses = try await onOwnThread { [port = proxy.port] in
            let first = try RawClient(port: port)
            try first.send(request)
            let one = try first.readResponse().status
            let second = try RawClient(port: port)
            try second.send(request)
            let two = try second.readResponse().status
            first.shutdown()
            _ = try first.readToEnd()
            return [one, two]
        }
        #expect(statuses == [101, 503])
        _ = await proxy.records(count: 2)
        let third = try await Self.response(of: origin, by: proxy, "Connection: Upgrade\r\nUpgrade: x\r\n")
        #expect(third.status == 101)
        await proxy.stop()
    }

    @Test("the record of a query without a path has all of it") func queryWithoutPath() async throws {
        let origin = try ScriptedOrigin.answering("HTTP/1.1 204 No Content\r\n\r\n")
        let proxy = try await TestProxy.start()
        _ = try await onOwnThread { [port = proxy.port] in
            let client = try RawClient(port: port)
            try client.send("GET http://\(origin.authority)?abc HTTP/1.1\r\nHost: \(origin.authority)\r\n\r\n")
            return try client.readResponse()
        }
        #expect(try #require(await proxy.record()).path == "/?abc")
        await proxy.stop()
    }
}
