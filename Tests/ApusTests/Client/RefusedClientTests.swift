import Apus
import ApusTesting
import Testing

@Suite("Clients and requests that are refused", .timeLimit(.minutes(15)))
struct RefusedClientTests {
    @Test("a client beyond the cap is told at once, before it has sent anything") func beyondCap() async throws {
        let proxy = try await TestProxy.start { $0.limits.connections = 1 }
        let statuses = try await onOwnThread { [port = proxy.port] in
            let first = try RawClient(port: port)
            try first.send("OPTIONS")
            // A listener hands its clients over in their order.
            let statuses = try (0..<3).map { _ in try RawClient(port: port).readResponse().status }
            first.close()
            return statuses
        }
        #expect(statuses == [503, 503, 503])
        await proxy.stop()
    }

    @Test("clients beyond the cap are answered up to a number, and reset from there") func farBeyondCap() async throws {
        let proxy = try await TestProxy.start {
            $0.limits.connections = 1
            $0.timeouts.linger = Patience.limit
        }
        let statuses = try await onOwnThread { [port = proxy.port] in
            let first = try RawClient(port: port)
            let others = try (0..<100).map { _ in try RawClient(port: port) }
            let statuses = others.map { (try? $0.readResponse())?.status ?? 0 }
            first.close()
            return statuses
        }
        #expect(statuses.count { $0 == 503 } == 64)
        #expect(statuses.count { $0 == 0 } == 36)
        await proxy.stop()
    }

    @Test("a refused request whose body still comes is answered, not reset") func refusedWithBody() async throws {
        let proxy = try await TestProxy.start()
        let response = try await onOwnThread { [port = proxy.port] in
            let client = try RawClient(port: port)
            let head =
                "POST http://169.254.169.254/ HTTP/1.1\r\nHost: 169.254.169.254\r\nContent-Length: 600000\r\n\r\n"
            try client.send(head + String(repeating: "x", count: 1000))
            for _ in 0..<599 { try client.send(String(repeating: "x", count: 1000)) }
            let response = try client.readResponse()
            client.shutdown()
            _ = try client.readToEnd()
            return response
        }
        #expect(response.status == 403)
        #expect(response.complete)
        await proxy.stop()
    }

    @Test("refused clients that could go on sending give their places to new ones, and nobody who is served does")
    func givesWay() async throws {
        let origin = try ScriptedOrigin.answering(ok("x"))
        let proxy = try await TestProxy.start {
            $0.limits.connections = 3
            $0.timeouts.linger = Patience.limit
        }
        try await onOwnThread { [port = proxy.port] in
            let refused = try (0..<3).map { _ in
                let client = try RawClient(port: port)
                let head =
                    "POST http://169.254.169.254/ HTTP/1.1\r\nHost: 169.254.169.254\r\nContent-Length: 600000\r\n\r\n"
                try client.send(head + "x")
                #expect(try client.readResponse().status == 403)
                return client
            }
            let served = try (0..<3).map { _ in
                let client = try RawClient(port: port)
                #expect(try client.exchange(head("GET", origin.url())).text == "x")
                return client
            }
            #expect(try RawClient(port: port).readResponse().status == 503)
            for client in served { #expect(try client.exchange(head("GET", origin.url())).text == "x") }
            for client in refused + served { client.close() }
        }
        await proxy.stop()
    }

    @Test("HEAD without Host is answered without content") func headWithoutHost() async throws {
        let proxy = try await TestProxy.start()
        let bytes = try await onOwnThread { [port = proxy.port] in
            let client = try RawClient(port: port)
            try client.send("HEAD http://127.0.0.1:1/ HTTP/1.1\r\n\r\n")
            return try client.readToEnd()
        }
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.hasPrefix("HTTP/1.1 400 "))
        #expect(text.hasSuffix("\r\n\r\n"))
        await proxy.stop()
    }
}
