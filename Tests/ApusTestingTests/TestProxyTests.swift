import Apus
import ApusFlow
import ApusPolicy
import ApusTesting
import Testing

@Suite("A proxy under test", .timeLimit(.minutes(15)))
struct TestProxyTests {
    @Test("a request goes by the proxy to the scripted origin and leaves its record") func roundTrip() async throws {
        let origin = try ScriptedOrigin.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        let proxy = try await TestProxy.start()
        let response = try await onOwnThread { [port = proxy.port] in
            let client = try RawClient(port: port)
            try client.send("GET \(origin.url("/a?b")) HTTP/1.1\r\nHost: \(origin.authority)\r\n\r\n")
            return try client.readResponse()
        }
        #expect(response.status == 200)
        #expect(response.text == "ok")
        #expect(response.complete)
        #expect(origin.connectionCount == 1)
        #expect(origin.requests.map(\.line) == ["GET /a?b HTTP/1.1"])
        let record = try #require(await proxy.record { $0.status == 200 })
        #expect(record.path == "/a?b")
        #expect(record.ending == .complete)
        #expect(await proxy.records(count: 1) == proxy.records)
        await proxy.stop()
    }

    @Test("its configuration can be changed before it starts") func configured() async throws {
        let proxy = try await TestProxy.start { $0.connectPorts = .only([443]) }
        #expect(proxy.server.configuration.connectPorts == .only([443]))
        let response = try await onOwnThread { [port = proxy.port] in
            let client = try RawClient(port: port)
            try client.send("CONNECT 127.0.0.1:80 HTTP/1.1\r\nHost: 127.0.0.1:80\r\n\r\n")
            return try client.readResponse(to: "CONNECT")
        }
        #expect(response.status == 403)
        await proxy.stop()
    }

    @Test("a configuration that cannot be is thrown, not waited for") func refused() async {
        await #expect(throws: (any Error).self) { try await TestProxy.start { $0.threads = -1 } }
    }

    @Test("a policy and a scripted look-up stand in for the world") func scripted() async throws {
        let origin = try ScriptedOrigin.answering("HTTP/1.1 204 No Content\r\n\r\n")
        let proxy = try await TestProxy.start(
            policy: { $0.host == "here.example" ? .allow : .deny(reason: "Not that one.") },
            lookUp: { _ in ["127.0.0.1"] }
        ) { _ in }
        let statuses = try await onOwnThread { [port = proxy.port] in
            try ["here.example", "there.example"].map { name in
                let client = try RawClient(port: port)
                try client.send("GET http://\(name):\(origin.port)/ HTTP/1.1\r\nHost: \(name):\(origin.port)\r\n\r\n")
                return try client.readResponse().status
            }
        }
        #expect(statuses == [204, 403])
        #expect(origin.requests.map { $0.value("host") } == ["here.example:\(origin.port)"])
        await proxy.stop()
    }

    @Test("waiting for a record that never comes ends with nil") func noRecord() async throws {
        let proxy = try await TestProxy.start()
        #expect(await proxy.record(within: .milliseconds(20)) == nil)
        #expect(await proxy.records(count: 2, within: .milliseconds(20)).isEmpty)
        await proxy.stop()
    }

    @Test("draining ends it once its clients are done") func drains() async throws {
        let proxy = try await TestProxy.start()
        try await proxy.drain()
        await #expect(throws: PeerFault.self) {
            try await onOwnThread { [port = proxy.port] in _ = try RawClient(port: port) }
        }
    }
}
