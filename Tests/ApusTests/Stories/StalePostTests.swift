import Apus
import ApusFlow
import ApusTesting
import Testing

@Suite("What may not be repeated, and connections that may be stale", .timeLimit(.minutes(1)))
struct StalePostTests {
    private let post = "Content-Length: 2"

    /// Answers so many requests on each connection, then closes without a word about it when the next one comes.
    private func dropping(after count: Int, _ fields: String...) throws -> ScriptedOrigin {
        let fields = fields.joined(separator: "\r\n")
        return try ScriptedOrigin { connection in
            for _ in 0..<count {
                guard try connection.readRequest() != nil else { return }
                try connection.send(fields.isEmpty ? ok("x") : ok("x", fields))
            }
            _ = try connection.readRequest()
        }
    }

    @Test("a POST takes an idle connection of an origin that has answered twice on one") func keeping() async throws {
        let origin = try ScriptedOrigin.answering(ok("x"))
        let proxy = try await TestProxy.start()
        let clock = ContinuousClock()
        let start = clock.now
        try await proxy.client { [post] client in
            for _ in 0..<2 { _ = try client.exchange(head("GET", origin.url())) }
            #expect(try client.exchange(head("POST", origin.url(), post) + "ab").text == "x")
        }
        // On a machine that takes longer than that, the connection has been idle for too long.
        #expect(clock.now - start >= .seconds(2) || origin.connectionCount == 1)
        _ = try await proxy.settle(3)
    }

    @Test("a POST is not lost on an origin of which nobody knows whether it keeps connections") func unknown()
        async throws
    {
        let origin = try dropping(after: 1)
        let proxy = try await TestProxy.start()
        let clock = ContinuousClock()
        let start = clock.now
        let status = try await proxy.client { [post] client in
            _ = try client.exchange(head("GET", origin.url()))
            return try client.exchange(head("POST", origin.url(), post) + "ab").status
        }
        // On a machine that takes longer than that, an idle connection has shown meanwhile that the origin keeps it.
        let isSlow = clock.now - start >= .milliseconds(50)
        #expect(isSlow || status == 200 && origin.connectionCount == 2)
        _ = try await proxy.settle(2)
    }

    @Test("a POST is not lost on an origin that has closed a connection in silence behind an answer") func dropped()
        async throws
    {
        let ended = try Gate()
        let origin = try ScriptedOrigin { connection in
            guard try connection.readRequest() != nil else { return }
            try connection.send(ok("x"))
            if connection.number == 1 {
                connection.close()
                return ended.open()
            }
            // The second one answers twice, but the origin is known by the first.
            guard try connection.readRequest() != nil else { return }
            try connection.send(ok("x"))
            _ = try connection.readRequest()
        }
        let proxy = try await TestProxy.start()
        let clock = ContinuousClock()
        let start = clock.now
        let (status, time) = try await proxy.client { [post] client in
            _ = try client.exchange(head("GET", origin.url()))
            try ended.wait()
            for _ in 0..<2 { _ = try client.exchange(head("GET", origin.url())) }
            let time = clock.now - start
            return (try client.exchange(head("POST", origin.url(), post) + "ab").status, time)
        }
        // On a machine that takes longer than that for its end, the first connection may have had an idle time of its own.
        #expect(time >= .seconds(1) || status == 200 && origin.connectionCount == 3)
        await proxy.stop()
    }

    @Test(
        "a POST heeds for how long, and for how many requests, an origin says that it keeps a connection",
        arguments: ["Keep-Alive: timeout=1", "Keep-Alive: timeout=60, max=0"]
    )
    func hint(field: String) async throws {
        let origin = try dropping(after: 2, field)
        let proxy = try await TestProxy.start()
        let status = try await proxy.client { [post] client in
            for _ in 0..<2 { _ = try client.exchange(head("GET", origin.url())) }
            return try client.exchange(head("POST", origin.url(), post) + "ab").status
        }
        // A machine that takes a second between the two GETs needs a third.
        #expect(status == 200 && origin.connectionCount >= 2)
        _ = try await proxy.settle(3)
    }

    @Test("a GET that asks for an upgrade and meets a stale connection is sent once more") func upgrade() async throws {
        let origin = try dropping(after: 1)
        let proxy = try await TestProxy.start()
        let status = try await proxy.client { client in
            _ = try client.exchange(head("GET", origin.url()))
            let fields = "Connection: Upgrade\r\nUpgrade: websocket"
            return try client.exchange(head("GET", origin.url(), fields)).status
        }
        #expect(status == 200)
        _ = try await proxy.settle(2)
    }
}
