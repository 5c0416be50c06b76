import Apus
import ApusFlow
import ApusTesting
import Testing

@Suite("Tunnels", .timeLimit(.minutes(15)))
struct TunnelTests {
    private func echo() throws -> ScriptedOrigin {
        try ScriptedOrigin { connection in
            while true {
                let byte = try connection.read(1)
                try connection.send(byte)
            }
        }
    }

    @Test("bytes sent behind the CONNECT's head arrive") func earlyData() async throws {
        let origin = try echo()
        let proxy = try await TestProxy.start()
        let request = connect(origin.authority)
        let answer = try await proxy.client { client in
            try client.send(request + "hello")
            let answer = try client.readResponse(to: "CONNECT")
            #expect(try client.read(5) == Array("hello".utf8))
            client.shutdown()
            return answer
        }
        #expect(answer.status == 200)
        #expect(answer.value("content-length") == nil && answer.value("transfer-encoding") == nil)
        let record = try await proxy.settle()[0]
        #expect(record.ending == .complete && record.kind == .tunnel && record.status == 200)
        #expect(record.method == "CONNECT" && record.host == "127.0.0.1" && record.port == origin.port)
        #expect(record.path == "" && record.scheme == nil && record.upstream == origin.authority)
        #expect(record.bytes.fromClient == UInt64(request.utf8.count + 5))
        #expect(record.bytes.toUpstream == 5 && record.bytes.fromUpstream == 5)
    }

    @Test("a FIN of the client goes through, and the answer comes back") func clientHalfClose() async throws {
        let origin = try ScriptedOrigin { connection in
            let all = try connection.readToEnd()
            try connection.send("got \(all.count)")
        }
        let proxy = try await TestProxy.start()
        let (answer, head) = try await proxy.client { client in
            try client.send(connect(origin.authority))
            _ = try client.readResponse(to: "CONNECT")
            let head = client.received.count
            try client.send(pattern(100_000))
            client.shutdown()
            return (try client.readToEnd(), head)
        }
        #expect(String(decoding: answer, as: UTF8.self) == "got 100000")
        let record = try await proxy.settle()[0]
        #expect(record.ending == .complete)
        #expect(record.bytes.toUpstream == 100_000 && record.bytes.fromUpstream == 10)
        #expect(record.bytes.toClient == UInt64(head + 10))
    }

    @Test("a FIN of the origin goes through, and the client may go on") func originHalfClose() async throws {
        let all = try Gate()
        let origin = try ScriptedOrigin { connection in
            try connection.send("bye")
            connection.shutdown()
            if try connection.readToEnd() == pattern(100_000) { all.open() }
        }
        let proxy = try await TestProxy.start()
        try await proxy.client { client in
            try client.send(connect(origin.authority))
            _ = try client.readResponse(to: "CONNECT")
            #expect(try client.readToEnd() == Array("bye".utf8))
            try client.send(pattern(100_000))
            client.shutdown()
            try all.wait()
        }
        let record = try await proxy.settle()[0]
        #expect(record.ending == .complete)
        #expect(record.bytes.toUpstream == 100_000 && record.bytes.fromUpstream == 3)
    }

    @Test("a FIN that came before the tunnel stood goes through as well") func finBeforehand() async throws {
        let origin = try ScriptedOrigin { connection in
            let all = try connection.readToEnd()
            try connection.send("got \(all.count)")
        }
        for early in ["", "early"] {
            let proxy = try await TestProxy.start()
            let answer = try await proxy.client { client in
                try client.send(connect(origin.authority) + early)
                client.shutdown()
                _ = try client.readResponse(to: "CONNECT")
                return String(decoding: try client.readToEnd(), as: UTF8.self)
            }
            #expect(answer == "got \(early.utf8.count)")
            #expect(try await proxy.settle()[0].ending == .complete)
        }
    }

    @Test("bulk both ways at once arrives whole and is counted", arguments: [nil, 4096])
    func bulk(window: Int?) async throws {
        let size = 1 << 20
        let origin = try ScriptedOrigin { connection in
            try connection.send(pattern(size, seed: 1))
            if try connection.read(size) == pattern(size, seed: 2) { try connection.send("!") }
            _ = try connection.readToEnd()
        }
        let proxy = try await TestProxy.start()
        try await proxy.client(window: window) { client in
            try client.send(connect(origin.authority))
            _ = try client.readResponse(to: "CONNECT")
            try client.send(pattern(size, seed: 2))
            #expect(try client.read(size) == pattern(size, seed: 1))
            #expect(try client.read(1) == [0x21])
            client.shutdown()
        }
        let record = try await proxy.settle()[0]
        #expect(record.ending == .complete)
        #expect(record.bytes.toUpstream == UInt64(size) && record.bytes.fromUpstream == UInt64(size + 1))
    }

    @Test("a reset of either end reaches the other one", arguments: [true, false])
    func reset(ofClient: Bool) async throws {
        let stands = try Gate()
        let seen = try Gate()
        let origin = try ScriptedOrigin { connection in
            try connection.send("x")
            try stands.wait()
            if !ofClient { return connection.reset() }
            do { _ = try connection.read(1) } catch PeerFault.reset { seen.open() }
        }
        let proxy = try await TestProxy.start()
        try await proxy.client { client in
            try client.send(connect(origin.authority))
            _ = try client.readResponse(to: "CONNECT")
            _ = try client.read(1)
            if ofClient { client.reset() }
            stands.open()
            if ofClient { try seen.wait() } else { #expect(client.isReset()) }
        }
        let record = try await proxy.settle()[0]
        #expect(record.ending == Ending(ofClient ? .client : .upstream, .relay, .reset))
        #expect(record.bytes.fromUpstream == 1)
    }

    @Test("a port that is not listed is refused") func refusedPort() async throws {
        let origin = try echo()
        let proxy = try await TestProxy.start { $0.connectPorts = .only([443]) }
        let response = try await proxy.fetch(connect(origin.authority), method: "CONNECT")
        #expect(response.status == 403)
        #expect(response.value("proxy-status")?.contains("http_request_denied") == true)
        #expect(response.text.contains("`connect-ports`"))
        #expect(origin.connectionCount == 0)
        let record = try await proxy.settle()[0]
        #expect(record.ending == Ending(.proxy, .decide, .refused) && record.kind == .tunnel && record.status == 403)
    }

    @Test("a dead origin is a 502 before any 200 is said") func dead() async throws {
        let proxy = try await TestProxy.start()
        let closed = try PlainSocket.bound(to: "127.0.0.1")
        let authority = "127.0.0.1:\(closed.port)"
        let response = try await proxy.fetch(connect(authority), method: "CONNECT")
        #expect(response.status == 502)
        #expect(response.value("proxy-status")?.contains("connection_refused") == true)
        let record = try await proxy.settle()[0]
        #expect(record.ending == Ending(.upstream, .reach, .unreachable) && record.kind == .tunnel)
        #expect(record.upstream == authority)
    }

    @Test("an IPv6 literal is reached, by a tunnel and by a request") func ipv6() async throws {
        let listener = try PlainSocket.bound(to: "::1", backlog: 8)
        let proxy = try await TestProxy.start()
        async let served: Void = onOwnThread {
            for _ in 0..<2 {
                let connection = try listener.accept()
                let request = try connection.read(until: "\r\n\r\n")
                #expect(request.contains("Host: [::1]:\(listener.port)\r\n"))
                try connection.send(ok("six", "Connection: close"))
            }
        }
        let authority = "[::1]:\(listener.port)"
        let texts = try await onOwnThread { [port = proxy.port] in
            let client = try RawClient(port: port)
            try client.send(connect(authority))
            _ = try client.readResponse(to: "CONNECT")
            let first = try client.exchange("GET / HTTP/1.1\r\nHost: \(authority)\r\n\r\n").text
            client.close()
            let second = try RawClient(port: port)
            return [first, try second.exchange(head("GET", "http://\(authority)/")).text]
        }
        try await served
        #expect(texts == ["six", "six"])
        let records = try await proxy.settle(2)
        #expect(records.map(\.host) == ["::1", "::1"])
        #expect(records.map(\.upstream) == [authority, authority])
    }

    @Test("a tunnel without a byte ends when its time is over") func idle() async throws {
        let origin = try echo()
        let proxy = try await TestProxy.start { $0.timeouts.tunnelIdle = .milliseconds(100) }
        try await proxy.client { client in
            try client.send(connect(origin.authority))
            _ = try client.readResponse(to: "CONNECT")
            #expect(client.isClosed())
        }
        let record = try await proxy.settle()[0]
        #expect(record.ending == Ending(.proxy, .relay, .timeout))
    }

    @Test("a tunnel with one end closed ends when the other one is silent for too long") func halfIdle() async throws {
        let origin = try ScriptedOrigin { connection in
            _ = try connection.readToEnd()
            _ = try? connection.readToEnd()
            try Gate().wait()
        }
        let proxy = try await TestProxy.start { $0.timeouts.tunnelHalfClose = .milliseconds(100) }
        try await proxy.client { client in
            try client.send(connect(origin.authority))
            _ = try client.readResponse(to: "CONNECT")
            client.shutdown()
            #expect(client.isClosed())
        }
        #expect(try await proxy.settle()[0].ending == Ending(.upstream, .relay, .timeout))
    }

    @Test("no more tunnels than there may be, and room again when one has ended") func cap() async throws {
        let origin = try echo()
        let proxy = try await TestProxy.start { $0.limits.tunnels = 1 }
        let statuses = try await onOwnThread { [port = proxy.port] in
            let first = try RawClient(port: port)
            var statuses = [try first.exchange(connect(origin.authority), method: "CONNECT").status]
            let second = try RawClient(port: port)
            let refused = try second.exchange(connect(origin.authority), method: "CONNECT")
            #expect(refused.value("proxy-status")?.contains("connection_limit_reached") == true)
            #expect(refused.value("retry-after") != nil)
            statuses.append(refused.status)
            first.shutdown()
            _ = try first.readToEnd()
            let third = try RawClient(port: port)
            statuses.append(try third.exchange(connect(origin.authority), method: "CONNECT").status)
            third.shutdown()
            _ = try third.readToEnd()
            return statuses
        }
        #expect(statuses == [200, 503, 200])
        let settled = try await proxy.settle(3)
        #expect(settled.map(\.ending.how) == [.limit, .complete, .complete])
    }
}
