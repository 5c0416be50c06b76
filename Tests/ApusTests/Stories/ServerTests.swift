import Apus
import ApusFlow
import ApusTesting
import Logging
import ServiceLifecycle
import Testing

@Suite("The server's life", .timeLimit(.minutes(15)))
struct ServerTests {
    private static let quiet = Logger(label: "apus-test", factory: { _ in SwiftLogNoOpLogHandler() })

    private func server(port: UInt16 = 0, _ change: (inout ProxyConfiguration) -> Void = { _ in }) throws -> ProxyServer
    {
        var configuration = try TestProxy.configuration()
        configuration.listeners = [try ListenAddress(parsing: "127.0.0.1:\(port)")]
        configuration.threads = ProxyConfiguration().threads
        change(&configuration)
        return ProxyServer(configuration: configuration, logger: Self.quiet)
    }

    private func isServed(_ port: UInt16, _ origin: ScriptedOrigin) async throws -> Bool {
        try await onOwnThread {
            guard let client = try? RawClient(port: port) else { return false }
            return try client.exchange(head("GET", origin.url(), "Connection: close")).status == 200
        }
    }

    @Test("several servers run in one process, each on a port of its own") func several() async throws {
        let origin = try ScriptedOrigin.answering(ok("x"))
        let proxies = try await (0..<3).asyncMap { _ in try await TestProxy.start { $0.threads = 2 } }
        #expect(Set(proxies.map(\.port)).count == 3 && !proxies.contains { $0.port == 0 })
        for proxy in proxies { #expect(try await isServed(proxy.port, origin)) }
        await proxies[0].stop()
        #expect(try await !isServed(proxies[0].port, origin))
        for proxy in proxies.dropFirst() { #expect(try await isServed(proxy.port, origin)) }
        for (proxy, count) in zip(proxies, [1, 2, 2]) { #expect(try await proxy.settle(count).count == count) }
    }

    @Test("several listeners, each with its port, IPv6 too") func listeners() async throws {
        let origin = try ScriptedOrigin.answering(ok("x"))
        let proxy = try await TestProxy.start {
            $0.listeners = ["127.0.0.1:0", "[::1]:0"].compactMap { try? ListenAddress(parsing: $0) }
        }
        let addresses = try await proxy.server.addresses
        #expect(addresses.map(\.host) == ["127.0.0.1", "::1"])
        let answer = try await onOwnThread {
            let client = try PlainSocket.connected(to: "::1", port: addresses[1].port)
            try client.send(head("GET", origin.url()))
            return try client.read(until: "\r\n\r\n")
        }
        #expect(answer.hasPrefix("HTTP/1.1 200 "))
        let record = try await proxy.settle()[0]
        #expect(record.clientAddress == "::1" && record.listener == addresses[1].description)
    }

    @Test("a busy address is said to be so, and leaves nothing behind") func busy() async throws {
        let origin = try ScriptedOrigin.answering(ok("x"))
        let proxy = try await TestProxy.start()
        let address = try ListenAddress(parsing: proxy.address)
        let second = try server(port: proxy.port) { $0.listeners.append(.standard) }
        await #expect(throws: StartFault.addressInUse(address)) { try await second.run() }
        await #expect(throws: StartFault.addressInUse(address)) { try await second.addresses }
        #expect(try await isServed(proxy.port, origin))
        _ = try await proxy.settle()
    }

    @Test("draining lets a download finish, closes what is idle and takes nobody new") func drains() async throws {
        let begun = try Gate()
        let draining = try Gate()
        let origin = try ScriptedOrigin { connection in
            _ = try connection.readRequest()
            try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nhalf")
            begun.open()
            try draining.wait()
            try connection.send("half")
        }
        let proxy = try await TestProxy.start()
        async let text = onOwnThread { [port = proxy.port] in
            let client = try RawClient(port: port)
            let response = try client.exchange(head("GET", origin.url()))
            #expect(client.isClosed())
            return response.text
        }
        let idle = try await onOwnThread { [port = proxy.port] in
            try begun.wait()
            return try RawClient(port: port)
        }
        async let drained: Void = proxy.drain()
        try await onOwnThread { #expect(idle.isClosed()) }
        await #expect(throws: PeerFault.self) { try await proxy.client { _ in } }
        draining.open()
        #expect(try await text == "halfhalf")
        try await drained
        #expect(proxy.records.map(\.ending) == [.complete])
    }

    @Test("a drain that takes too long cuts what still runs, with its record") func drainTimeout() async throws {
        let begun = try Gate()
        let over = try Gate()
        let origin = try ScriptedOrigin { connection in
            guard try connection.read(3) == Array("GET".utf8) else { return }
            try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nhalf")
            begun.open()
            try over.wait()
        }
        let proxy = try await TestProxy.start { $0.timeouts.drain = .milliseconds(100) }
        async let isWhole = onOwnThread { [port = proxy.port] in
            let client = try RawClient(port: port)
            return try client.exchange(head("GET", origin.url())).complete
        }
        let tunnel = try await onOwnThread { [port = proxy.port] in
            try begun.wait()
            let client = try RawClient(port: port)
            _ = try client.exchange(connect(origin.authority), method: "CONNECT")
            return client
        }
        try await proxy.drain()
        over.open()
        #expect(try await !isWhole)
        try await onOwnThread { #expect(tunnel.isClosed()) }
        let stopped = Ending(.proxy, .relay, .stopped)
        #expect(proxy.records.map(\.ending) == [stopped, stopped])
    }

    @Test("a stop ends all at once, with its records") func stops() async throws {
        let over = try Gate()
        let asked = try Gate()
        let origin = try ScriptedOrigin { connection in
            _ = try connection.readRequest()
            asked.open()
            try over.wait()
        }
        let proxy = try await TestProxy.start()
        let client = try await onOwnThread { [port = proxy.port] in
            let client = try RawClient(port: port)
            try client.send(head("GET", origin.url()))
            try asked.wait()
            return client
        }
        await proxy.stop()
        over.open()
        try await onOwnThread { #expect(client.isClosed()) }
        #expect(proxy.records.map(\.ending) == [Ending(.proxy, .relay, .stopped)])
        #expect(proxy.records[0].status == 0)
    }

    @Test("a cancelled task drains") func cancelled() async throws {
        let server = try server()
        let run = Task { try await server.run() }
        _ = try await server.addresses
        run.cancel()
        try await run.value
    }

    @Test("a drain or a stop that comes before the start is not lost", arguments: [true, false])
    func beforehand(drains: Bool) async throws {
        let server = try server()
        if drains { server.drain() } else { server.stop() }
        try await server.run()
    }

    @Test("whoever waits for the addresses of a server that never runs can be let go") func neverRun() async {
        let server = ProxyServer()
        let waiting = Task { try await server.addresses }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
    }

    @Test("a graceful shutdown of ServiceLifecycle drains") func lifecycle() async throws {
        let server = try server()
        let group = ServiceGroup(configuration: .init(services: [server], logger: Self.quiet))
        async let run: Void = group.run()
        _ = try await server.addresses
        await group.triggerGracefulShutdown()
        try await run
    }
}

extension Sequence {
    fileprivate func asyncMap<Value>(_ body: (Element) async throws -> Value) async throws -> [Value] {
        var values: [Value] = []
        for element in self { values.append(try await body(element)) }
        return values
    }
}
