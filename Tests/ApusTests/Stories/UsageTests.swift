import Apus
import ApusFlow
import ApusTesting
import Testing

@Suite("Limit rules", .timeLimit(.minutes(15)))
struct UsageTests {
    /// Everything is allowed, and bounded.
    private func proxy(
        rules others: [Rule] = [],
        _ change: (inout UsageLimit) -> Void
    ) async throws -> TestProxy {
        var limit = UsageLimit()
        change(&limit)
        var policy = PolicyRules()
        policy.rules = [Rule(.limit(limit), name: "fair share")] + others + [allow("all", tls: .any)]
        return try await TestProxy.start(rules: policy) { _ in }
    }

    private func echo() throws -> ScriptedOrigin {
        try ScriptedOrigin { connection in
            while true { try connection.send(try connection.read(1)) }
        }
    }

    private func rate(_ amount: Int, _ seconds: UInt64 = 1) -> UsageLimit.Rate {
        UsageLimit.Rate(UInt64(amount), per: seconds * 1_000_000)
    }

    // MARK: Requests, connections, tunnels

    @Test("beyond so many requests there is a 429 with the time to wait") func requests() async throws {
        let origin = try ScriptedOrigin.answering(ok("x"))
        let proxy = try await proxy { $0.requests = rate(5, 36_000) }
        for _ in 0..<5 { #expect(try await proxy.fetch(head("GET", origin.url())).status == 200) }
        let refused = try await proxy.fetch(head("GET", origin.url(), "Accept: application/json"))
        #expect(refused.status == 429)
        // A fifth of the period, less what has passed.
        let seconds = try #require(refused.value("retry-after").flatMap { Int($0) })
        #expect((3_600...7_200).contains(seconds))
        #expect(refused.value("proxy-status")?.contains("error=http_request_denied") == true)
        #expect(refused.text.contains("fair share") && refused.text.contains("The limit is 5/10h; try again in "))
        #expect(origin.connectionCount == 1 || origin.requests.count == 5)
        let records = try await proxy.settle(6)
        #expect(records[5].status == 429 && records[5].fault == "request_rate_limit" && records[5].rule == "fair share")
        #expect(records[5].ending == Ending(.proxy, .decide, .limit))
        #expect(records[4].rule == "all" && records[4].fault == nil)
    }

    @Test("pipelined requests are counted one by one") func pipelined() async throws {
        let origin = try ScriptedOrigin.answering(ok("x"))
        let proxy = try await proxy { $0.requests = rate(2, 3600) }
        let statuses = try await proxy.client { client in
            try client.send(String(repeating: head("GET", origin.url()), count: 4))
            return try (0..<3).map { _ in try client.readResponse().status }
        }
        #expect(statuses == [200, 200, 429])
    }

    @Test("no more tunnels than a limit allows, and room again when one has ended") func tunnels() async throws {
        let origin = try echo()
        let proxy = try await proxy { $0.tunnels = 2 }
        let statuses = try await onOwnThread { [port = proxy.port] in
            var statuses: [Int] = []
            let clients = try (0..<2).map { _ in try RawClient(port: port) }
            for client in clients {
                statuses.append(try client.exchange(connect(origin.authority), method: "CONNECT").status)
            }
            let third = try RawClient(port: port)
            let refused = try third.exchange(connect(origin.authority), method: "CONNECT")
            #expect(refused.value("proxy-status")?.contains("connection_limit_reached") == true)
            #expect(refused.value("retry-after") != nil)
            statuses.append(refused.status)
            clients[0].shutdown()
            _ = try clients[0].readToEnd()
            let fourth = try RawClient(port: port)
            statuses.append(try fourth.exchange(connect(origin.authority), method: "CONNECT").status)
            for client in [clients[1], fourth] { client.close() }
            return statuses
        }
        #expect(statuses == [200, 200, 429, 200])
        let records = try await proxy.settle(4)
        #expect(records[0].fault == "user_tunnel_limit" && records[0].rule == "fair share")
    }

    @Test("a request that becomes a tunnel counts as one from then on") func upgrades() async throws {
        let origin = try ScriptedOrigin { connection in
            guard try connection.readRequest() != nil else { return }
            try connection.send("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n")
            while true { try connection.send(try connection.read(1)) }
        }
        let proxy = try await proxy { $0.tunnels = 1 }
        let upgrade = head("GET", origin.url(), "Connection: upgrade", "Upgrade: echo")
        let statuses = try await onOwnThread { [port = proxy.port] in
            let first = try RawClient(port: port)
            var statuses = [try first.exchange(upgrade).status]
            let second = try RawClient(port: port)
            statuses.append(try second.exchange(upgrade).status)
            first.shutdown()
            first.close()
            return statuses
        }
        #expect(statuses == [101, 429])
        _ = try await proxy.settle(2)
    }

    @Test("a request counts until its response has ended, however it ends") func connections() async throws {
        let asked = try Gate()
        let open = try Gate()
        let origin = try ScriptedOrigin { connection in
            guard let request = try connection.readRequest() else { return }
            if request.target.hasSuffix("/slow") {
                asked.open()
                try open.wait()
            }
            try connection.send(ok("x", "Connection: close"))
        }
        let proxy = try await proxy { $0.connections = 1 }
        let dead = try PlainSocket.bound(to: "127.0.0.1")
        let statuses = try await onOwnThread { [port = proxy.port] in
            let slow = try RawClient(port: port)
            try slow.send(head("GET", origin.url("/slow")))
            try asked.wait()
            let second = try RawClient(port: port)
            var statuses = [try second.exchange(head("GET", origin.url())).status]
            open.open()
            statuses.append(try slow.readResponse().status)
            // One that fails, one that the guard refuses and one that is malformed leave nothing behind.
            for url in ["http://127.0.0.1:\(dead.port)/", "http://169.254.169.254/", origin.url()] {
                statuses.append(try RawClient(port: port).exchange(head("GET", url)).status)
            }
            return statuses
        }
        #expect(statuses == [429, 200, 502, 403, 200])
        _ = try await proxy.settle(5)
    }

    @Test("a client has a count of its own, by rule all share one", arguments: [UsageLimit.Key.client, .user, .rule])
    func keys(key: UsageLimit.Key) async throws {
        let origin = try ScriptedOrigin.answering(ok("x"))
        var limit = UsageLimit()
        limit.key = key
        limit.requests = rate(1, 3600)
        var policy = PolicyRules()
        policy.rules = [Rule(.limit(limit)), Rule(.allow(Permission()))]
        let other = try ListenAddress(parsing: "[::1]:0")
        let proxy = try await TestProxy.start(rules: policy) { $0.listeners.append(other) }
        let v6 = try #require(try await proxy.server.addresses.last?.port)
        #expect(try await proxy.fetch(head("GET", origin.url())).status == 200)
        #expect(try await proxy.fetch(head("GET", origin.url())).status == 429)
        let second = try await onOwnThread {
            let socket = try PlainSocket.connected(to: "::1", port: v6)
            try socket.send(head("GET", origin.url()))
            return try socket.read(until: "\r\n")
        }
        #expect(second.hasPrefix(key == .rule ? "HTTP/1.1 429" : "HTTP/1.1 200"))
    }

    @Test("by user: each name has a count of its own, from wherever it comes and whether it was proved before or not")
    func users() async throws {
        let origin = try ScriptedOrigin.answering(ok("x"))
        var limit = UsageLimit()
        limit.requests = rate(2, 3600)
        var policy = PolicyRules()
        var known = Condition()
        known.users = [.anyone]
        policy.rules = [Rule(.limit(limit), when: known), Rule(.allow(Permission()), when: known)]
        let proxy = try await TestProxy.start(rules: policy, authenticator: Doorkeeper()) { _ in }
        var statuses: [String: [Int]] = [:]
        for _ in 0..<3 {
            for (name, password) in [("anna", "sesame"), ("bo", "abracadabra")] {
                let status = try await proxy.fetch(head("GET", origin.url(), basic(name, password))).status
                statuses[name, default: []].append(status)
            }
        }
        #expect(statuses == ["anna": [200, 200, 429], "bo": [200, 200, 429]])
    }

    @Test("a limit that depends on the address of a name holds as well") func lookedUp() async throws {
        let origin = try ScriptedOrigin.answering(ok("x"))
        var limit = UsageLimit()
        limit.requests = rate(2, 3600)
        var condition = Condition()
        condition.hosts = [.network(try CIDR("127.0.0.0/8"))]
        var policy = PolicyRules()
        policy.rules = [
            Rule(.limit(limit), when: condition, name: "near"), Rule(.allow(Permission()), when: condition),
        ]
        let proxy = try await TestProxy.start(rules: policy, lookUp: { _ in ["127.0.0.1"] }) { _ in }
        let url = "http://name.example:\(origin.port)/"
        var statuses: [Int] = []
        for _ in 0..<3 { statuses.append(try await proxy.fetch(head("GET", url)).status) }
        #expect(statuses == [200, 200, 429])
        let records = try await proxy.settle(3)
        #expect(records[2].rule == "near" && records[2].fault == "request_rate_limit")
    }

    @Test("counts go on when the rules are loaded anew") func reload() async throws {
        let origin = try ScriptedOrigin.answering(ok("x"))
        let proxy = try await proxy { $0.requests = rate(2, 3600) }
        #expect(try await proxy.fetch(head("GET", origin.url())).status == 200)
        var policy = proxy.server.rules
        policy.rules.insert(Rule(.deny(Rejection()), when: Condition(paths: ["/never"])), at: 0)
        try proxy.server.reload(rules: policy)
        let statuses = try await proxy.client { client in
            try (0..<2).map { _ in try client.exchange(head("GET", origin.url())).status }
        }
        #expect(statuses == [200, 429])
    }
}

extension Condition {
    fileprivate init(paths: [String]) {
        self.init()
        self.paths = paths
    }
}
