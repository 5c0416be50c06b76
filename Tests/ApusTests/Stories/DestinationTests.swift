import Apus
import ApusFlow
import ApusTesting
import Testing

@Suite("Destinations and names", .timeLimit(.minutes(15)))
struct DestinationTests {
    private let prohibited = Ending(.proxy, .decide, .refused)

    @Test("an address that is not global is refused", arguments: ["127.0.0.1", "10.0.0.1", "[::1]", "169.254.169.254"])
    func literal(host: String) async throws {
        let proxy = try await TestProxy.start { $0.allowPrivate = false }
        let response = try await proxy.fetch(head("GET", "http://\(host)/"))
        #expect(response.status == 403)
        #expect(response.value("proxy-status")?.contains("error=destination_ip_prohibited") == true)
        let record = try await proxy.settle()[0]
        #expect(record.ending == prohibited && record.proxyStatus == "destination_ip_prohibited")
    }

    @Test(
        "a name that leads into a private network is refused",
        arguments: ["192.168.1.1", "fd00::1", "::ffff:10.0.0.1"]
    )
    func name(address: String) async throws {
        let proxy = try await TestProxy.start(lookUp: { _ in [address] }) { $0.allowPrivate = false }
        let response = try await proxy.fetch(head("GET", "http://inside.example/"))
        #expect(response.status == 403)
        let record = try await proxy.settle()[0]
        #expect(record.ending == prohibited && record.host == "inside.example")
        #expect(record.upstream?.hasPrefix(address.contains(":") ? "[" : address) == true)
    }

    @Test("of several addresses the prohibited ones are not tried") func mixed() async throws {
        let origin = try ScriptedOrigin.answering(ok("allowed"))
        let trap = try PlainSocket.bound(to: "127.0.0.2", port: origin.port, backlog: 1)
        let proxy = try await TestProxy.start(lookUp: { _ in ["127.0.0.2", "10.0.0.1", "127.0.0.1"] }) {
            $0.allowPrivate = false
            $0.allowTo = ["127.0.0.1/32"]
        }
        let response = try await proxy.fetch(head("GET", "http://mixed.example:\(origin.port)/"))
        #expect(response.text == "allowed")
        #expect(!trap.isReadable(within: 0))
        #expect(try await proxy.settle()[0].upstream == origin.authority)
    }

    @Test("a name that changes to a private address is judged again") func rebinding() async throws {
        let origin = try ScriptedOrigin { connection in
            _ = try connection.readRequest()
            try connection.send(ok("once", "Connection: close"))
        }
        let lookUps = Box(0)
        let proxy = try await TestProxy.start(
            lookUp: { _ in
                lookUps.change { $0 += 1 }
                return lookUps.value == 1 ? ["127.0.0.1"] : ["127.0.0.2"]
            },
            {
                $0.allowPrivate = false
                $0.allowTo = ["127.0.0.1/32"]
                $0.names.positive = .zero
            }
        )
        let statuses = try await proxy.client { client in
            try (0..<2).map { _ in try client.exchange(head("GET", "http://a.example:\(origin.port)/")).status }
        }
        #expect(statuses == [200, 403])
        let settled = try await proxy.settle(2)
        #expect(settled.map(\.upstream) == [origin.authority, "127.0.0.2:\(origin.port)"])
    }

    @Test("a pooled connection goes to the address that was judged, whatever the name says now") func pooled()
        async throws
    {
        let origin = try ScriptedOrigin.answering(ok("same"))
        let lookUps = Box(0)
        let proxy = try await TestProxy.start(
            lookUp: { _ in
                lookUps.change { $0 += 1 }
                return lookUps.value == 1 ? ["127.0.0.1"] : ["10.0.0.1"]
            },
            { $0.names.positive = .zero }
        )
        for _ in 0..<2 {
            #expect(try await proxy.fetch(head("GET", "http://a.example:\(origin.port)/")).text == "same")
        }
        #expect(lookUps.value == 1)
        let settled = try await proxy.settle(2)
        #expect(settled.map(\.upstream) == [origin.authority, origin.authority])
    }

    @Test("localhost needs no look-up, and is judged", arguments: [true, false])
    func localhost(isAllowed: Bool) async throws {
        let origin = try ScriptedOrigin.answering(ok("here"))
        let proxy = try await TestProxy.start(lookUp: { _ in ["192.0.2.1"] }) { $0.allowPrivate = isAllowed }
        for host in ["localhost", "LOCALHOST.", "x.localhost"] {
            let response = try await proxy.fetch(head("GET", "http://\(host):\(origin.port)/"))
            #expect(response.status == (isAllowed ? 200 : 403))
        }
        let settled = try await proxy.settle(3)
        #expect(settled.allSatisfy { $0.times.lookUp == nil })
    }

    @Test("names under .invalid are never looked up") func invalid() async throws {
        let lookUps = Box(0)
        let proxy = try await TestProxy.start(
            lookUp: { _ in
                lookUps.change { $0 += 1 }
                return ["127.0.0.1"]
            },
            { _ in }
        )
        let response = try await proxy.fetch(head("GET", "http://x.invalid/"))
        #expect(response.status == 502 && response.value("proxy-status")?.contains("dns_error") == true)
        #expect(lookUps.value == 0)
        let record = try await proxy.settle()[0]
        #expect(record.fault == "invalid_name" && record.ending.stage == .lookUp)
    }

    @Test("a name that is not known is a 502, and is asked for once") func unknown() async throws {
        let lookUps = Box(0)
        let proxy = try await TestProxy.start(
            lookUp: { _ in
                lookUps.change { $0 += 1 }
                return []
            },
            { _ in }
        )
        for method in ["GET", "CONNECT"] {
            let request = method == "GET" ? head("GET", "http://no.example/") : connect("no.example:443")
            let response = try await proxy.fetch(request, method: method)
            #expect(response.status == 502)
            #expect(response.value("proxy-status")?.contains("error=dns_error") == true)
        }
        #expect(lookUps.value == 1)
        let settled = try await proxy.settle(2)
        #expect(settled.allSatisfy { $0.ending == Ending(.upstream, .lookUp, .unreachable) })
    }

    @Test("a resolver that does not answer is a 504 in time") func timeout() async throws {
        let over = try Gate()
        let proxy = try await TestProxy.start(
            lookUp: { _ in
                try? over.wait()
                return ["127.0.0.1"]
            },
            { $0.timeouts.lookUp = .milliseconds(100) }
        )
        let response = try await proxy.fetch(head("GET", "http://slow.example/"))
        #expect(response.status == 504)
        #expect(response.value("proxy-status")?.contains("error=dns_timeout") == true)
        over.open()
        #expect(try await proxy.settle()[0].ending == Ending(.upstream, .lookUp, .timeout))
    }

    @Test("one look-up serves all that wait for the name") func joined() async throws {
        let origin = try ScriptedOrigin.answering(ok("x"))
        let lookUps = Box(0)
        let asked = try Gate()
        let answer = try Gate()
        let proxy = try await TestProxy.start(
            lookUp: { _ in
                lookUps.change { $0 += 1 }
                asked.open()
                try? answer.wait()
                return ["127.0.0.1"]
            },
            { _ in }
        )
        try await onOwnThread { [port = proxy.port] in
            let clients = try (0..<5).map { _ in try RawClient(port: port) }
            for client in clients { try client.send(head("GET", "http://shared.example:\(origin.port)/")) }
            try asked.wait()
            answer.open()
            for client in clients {
                let text = try client.readResponse().text
                #expect(text == "x")
            }
        }
        #expect(lookUps.value == 1)
        let settled = try await proxy.settle(5)
        #expect(settled.allSatisfy { $0.ending == .complete })
    }

    @Test("the next address is tried when the first one refuses") func refusedFirst() async throws {
        let origin = try ScriptedOrigin.answering(ok("second"))
        let dead = try PlainSocket.bound(to: "127.0.0.2", port: origin.port)
        let proxy = try await TestProxy.start(lookUp: { _ in ["127.0.0.2", "127.0.0.1"] }) { _ in }
        let response = try await proxy.fetch(head("GET", "http://two.example:\(dead.port)/"))
        #expect(response.text == "second")
        let record = try await proxy.settle()[0]
        #expect(record.upstream == origin.authority && record.ending == .complete)
    }

    @Test("the next address is tried beside the first one that does not answer") func silentFirst() async throws {
        let origin = try ScriptedOrigin.answering(ok("second"))
        // Its queue is full, so that further handshakes get no answer.
        let silent = try PlainSocket.bound(to: "127.0.0.2", port: origin.port, backlog: 0)
        let fillers = try (0..<3).map { _ in
            try PlainSocket.connected(to: "127.0.0.2", port: silent.port, waits: false)
        }
        let proxy = try await TestProxy.start(lookUp: { _ in ["127.0.0.2", "127.0.0.1"] }) {
            $0.timeouts.nextAddress = .milliseconds(100)
        }
        let response = try await proxy.fetch(head("GET", "http://two.example:\(origin.port)/"))
        #expect(response.text == "second")
        #expect(try await proxy.settle()[0].upstream == origin.authority)
        _ = fillers
    }

    @Test("when no address answers in time it is a 504") func allSilent() async throws {
        let silent = try PlainSocket.bound(to: "127.0.0.2", backlog: 0)
        let fillers = try (0..<3).map { _ in
            try PlainSocket.connected(to: "127.0.0.2", port: silent.port, waits: false)
        }
        let proxy = try await TestProxy.start { $0.timeouts.connect = .milliseconds(200) }
        let response = try await proxy.fetch(head("GET", "http://127.0.0.2:\(silent.port)/"))
        #expect(response.status == 504)
        #expect(response.value("proxy-status")?.contains("error=connection_timeout") == true)
        #expect(try await proxy.settle()[0].ending == Ending(.upstream, .reach, .timeout))
        _ = fillers
    }
}
