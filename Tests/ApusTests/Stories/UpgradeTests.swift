import Apus
import ApusFlow
import ApusTesting
import Testing

@Suite("Upgrade", .timeLimit(.minutes(15)))
struct UpgradeTests {
    private let switching = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"

    @Test("after a 101 raw bytes pass both ways, early ones too") func websocket() async throws {
        let origin = try ScriptedOrigin { [switching] connection in
            guard let head = try connection.readHead() else { return }
            #expect(head.contains { $0.lowercased() == "upgrade: websocket" })
            try connection.send(switching + "\u{1}early")
            try connection.send(connection.read(9))
            _ = try connection.readToEnd()
        }
        let proxy = try await TestProxy.start()
        let request = head("GET", origin.url("/chat"), "Connection: Upgrade", "Upgrade: websocket")
        let (answer, all) = try await proxy.client { client in
            try client.send(request)
            let answer = try client.readResponse()
            #expect(try client.read(6) == Array("\u{1}early".utf8))
            try client.send("\u{2}backward")
            #expect(try client.read(9) == Array("\u{2}backward".utf8))
            client.shutdown()
            #expect(try client.readToEnd().isEmpty)
            return (answer, client.received.count)
        }
        #expect(answer.status == 101 && answer.value("upgrade") == "websocket")
        #expect(origin.failures.isEmpty)
        let record = try await proxy.settle()[0]
        #expect(record.kind == .upgrade && record.status == 101 && record.ending == .complete)
        #expect(record.path == "/chat" && record.scheme == "http")
        #expect(record.bytes.fromClient == UInt64(request.utf8.count + 9))
        #expect(record.bytes.fromUpstream == UInt64(switching.utf8.count + 15))
        #expect(record.bytes.toClient == UInt64(all))
    }

    @Test("an origin that declines is answered as any other, and the connections go on") func declined() async throws {
        let origin = try ScriptedOrigin.answering(ok("plain"))
        let proxy = try await TestProxy.start()
        try await proxy.client { client in
            for _ in 0..<2 {
                let response = try client.exchange(
                    head("GET", origin.url(), "Connection: Upgrade", "Upgrade: websocket")
                )
                #expect(response.text == "plain")
            }
        }
        #expect(origin.connectionCount == 1)
        let settled = try await proxy.settle(2)
        #expect(settled.allSatisfy { $0.kind == .request && $0.ending == .complete })
    }

    @Test("a 101 that was not asked for is a 502", arguments: ["", "Upgrade: other"])
    func unasked(offer: String) async throws {
        let origin = try ScriptedOrigin { [switching] connection in
            _ = try connection.readHead()
            try connection.send(switching)
            _ = try? connection.readToEnd()
        }
        let proxy = try await TestProxy.start()
        let request =
            offer.isEmpty
            ? head("GET", origin.url()) : head("GET", origin.url(), "Connection: Upgrade", offer)
        let response = try await proxy.fetch(request)
        #expect(response.status == 502)
        #expect(response.value("proxy-status")?.contains("http_upgrade_failed") == true)
        #expect(try await proxy.settle()[0].ending == Ending(.upstream, .relay, .fault))
    }

    @Test("h2c is dropped and the request served") func h2c() async throws {
        let origin = try ScriptedOrigin.answering(ok("one"))
        let proxy = try await TestProxy.start()
        let response = try await proxy.fetch(
            head("GET", origin.url(), "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABk")
        )
        #expect(response.text == "one")
        let request = try #require(origin.requests.first)
        #expect(request.value("upgrade") == nil && request.value("http2-settings") == nil)
        #expect(try await proxy.settle()[0].ending == .complete)
    }

    @Test("it counts among the tunnels") func cap() async throws {
        let origin = try ScriptedOrigin { [switching] connection in
            _ = try connection.readHead()
            try connection.send(switching)
            _ = try? connection.readToEnd()
        }
        let proxy = try await TestProxy.start { $0.limits.tunnels = 1 }
        let request = head("GET", origin.url(), "Connection: Upgrade", "Upgrade: websocket")
        let statuses = try await onOwnThread { [port = proxy.port] in
            let first = try RawClient(port: port)
            let second = try RawClient(port: port)
            var statuses = [try first.exchange(request).status, try second.exchange(request).status]
            first.shutdown()
            _ = try first.readToEnd()
            let third = try RawClient(port: port)
            statuses.append(try third.exchange(request).status)
            third.shutdown()
            _ = try third.readToEnd()
            return statuses
        }
        #expect(statuses == [101, 503, 101])
        let settled = try await proxy.settle(3)
        #expect(settled.map(\.status) == [503, 101, 101])
    }
}
