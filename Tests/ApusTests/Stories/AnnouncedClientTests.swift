import Apus
import ApusFlow
import ApusPolicy
import ApusSamples
import ApusTesting
import ApusWire
import Testing

@Suite("Clients announced by the PROXY protocol", .timeLimit(.minutes(15)))
struct AnnouncedClientTests {
    /// Whom the balancer speaks for.
    private static let line = "PROXY TCP4 192.0.2.7 198.51.100.1 5555 3128\r\n"

    /// The same in version 2.
    private static let binary: [UInt8] =
        signature + [0x21, 0x11, 0, 12, 192, 0, 2, 7, 198, 51, 100, 1, 0x15, 0xb3, 0x0c, 0x38]

    /// LOCAL: the balancer speaks for itself.
    private static let local: [UInt8] = signature + [0x20, 0, 0, 0]

    private static let signature: [UInt8] = [13, 10, 13, 10, 0, 13, 10, 0x51, 0x55, 0x49, 0x54, 10]

    /// A proxy behind a balancer at these networks.
    private func proxy(
        rules: PolicyRules = PolicyRules(),
        _ balancers: [String] = ["127.0.0.1"],
        allowFrom: [String] = ["192.0.2.0/24"],
        _ change: @Sendable (inout ProxyConfiguration) -> Void = { _ in }
    ) async throws -> TestProxy {
        let networks = try balancers.map { try CIDR($0) }
        return try await TestProxy.start(rules: rules) {
            $0.listenerOptions[$0.listeners[0]] = ListenerOptions()
            $0.listenerOptions[$0.listeners[0]]?.proxyProtocol = networks
            $0.allowFrom = allowFrom
            change(&$0)
        }
    }

    @Test(
        "the client of record is who is announced, by either version, and the balancer stands beside it; on every request of the connection"
    )
    func versions() async throws {
        let origin = try ScriptedOrigin.answering(ok("x"))
        let proxy = try await proxy()
        var count = 0
        for header in [Array(Self.line.utf8), Self.binary] {
            let port = try await proxy.client { client in
                try client.send(header + Array(head("GET", origin.url()).utf8))
                #expect(try client.readResponse().text == "x")
                #expect(try client.exchange(head("GET", origin.url())).text == "x")
                return client.localPort
            }
            count += 2
            for record in await proxy.records(count: count).suffix(2) {
                #expect(record.clientAddress == "192.0.2.7" && record.clientPort == 5555)
                #expect(record.peer == "127.0.0.1:\(port)")
            }
        }
    }

    @Test("a header is read at every cut, with the request glued to it", arguments: [false, true])
    func cuts(isBinary: Bool) async throws {
        let origin = try ScriptedOrigin.answering(ok("x"))
        let proxy = try await proxy()
        let header = isBinary ? Self.binary : Array(Self.line.utf8)
        let all = header + Array(head("GET", origin.url()).utf8)
        for cut in 1..<header.count + 3 {
            try await proxy.client { client in
                try client.send(Array(all[..<cut]))
                try client.send(Array(all[cut...]))
                let status = try client.readResponse().status
                #expect(status == 200, "cut at \(cut)")
            }
        }
        // Byte by byte, which no kernel joins into one.
        try await proxy.client { client in
            for byte in all { try client.send([byte]) }
            #expect(try client.readResponse().status == 200)
        }
    }

    @Test("rules see who is announced") func rules() async throws {
        let rules = PolicyRules(.allow { $0.from = [CIDR(IPAddress(v4: 0xc000_0207))] })
        let origin = try ScriptedOrigin.answering(ok("x"))
        let proxy = try await proxy(rules: rules, allowFrom: [])
        try await proxy.client { client in
            try client.send(Self.line + head("GET", origin.url()))
            #expect(try client.readResponse().status == 200)
        }
        try await proxy.client { client in
            try client.send(Self.line.replacing("192.0.2.7", with: "192.0.2.8") + head("GET", origin.url()))
            #expect(try client.readResponse().status == 403)
        }
    }

    @Test("who may announce nobody is answered before a byte of his is read") func stranger() async throws {
        let proxy = try await proxy(["192.0.2.1", "10.0.0.0/8"])
        let answer = try await proxy.client { try $0.readResponse() }
        #expect(answer.status == 403 && !answer.text.contains("proxy-protocol"))
        let record = try #require(await proxy.record())
        #expect(record.fault == "announcer_not_allowed" && record.reason?.contains("proxy-protocol") == true)
        #expect(record.clientAddress == "127.0.0.1" && record.peer == nil && record.ending.how == .refused)
    }

    @Test(
        "a header is compulsory, and has to be right",
        arguments: [
            ("GET http://a.example/ HTTP/1.1\r\nHost: a.example\r\n\r\n", "proxy_header_missing"),
            ("\u{16}\u{3}\u{1}\u{0}", "proxy_header_missing"),
            ("PROXY TCP4 192.0.2.7 198.51.100.1 5555 3128\n", "proxy_header_malformed"),
            ("PROXY TCP4 192.0.2.256 198.51.100.1 5555 3128\r\n", "proxy_header_malformed"),
            ("PROXY UNKNOWN " + String(repeating: "x", count: 100), "proxy_header_malformed"),
        ]
    )
    func faulty(_ bytes: String, _ fault: String) async throws {
        let proxy = try await proxy()
        try await proxy.client { client in
            try client.send(bytes)
            #expect(try client.readResponse().status == 400)
        }
        let record = try #require(await proxy.record())
        #expect(record.fault == fault && record.clientAddress == "127.0.0.1" && record.peer == nil)
    }

    @Test("a listener that wants no header takes none") func plain() async throws {
        let proxy = try await TestProxy.start()
        try await proxy.client { client in
            try client.send(Self.line + "GET http://a.example/ HTTP/1.1\r\nHost: a.example\r\n\r\n")
            #expect(try client.readResponse().status == 400)
        }
        #expect(await proxy.record()?.clientAddress == "127.0.0.1")
    }

    @Test("LOCAL and UNKNOWN leave the balancer what it is", arguments: [true, false])
    func balancer(isLocal: Bool) async throws {
        let origin = try ScriptedOrigin.answering(ok("x"))
        let proxy = try await proxy(allowFrom: ["127.0.0.1"])
        try await proxy.client { client in
            try client.send(isLocal ? Self.local : Array("PROXY UNKNOWN\r\n".utf8))
            #expect(try client.exchange(head("GET", origin.url())).status == 200)
        }
        let record = try #require(await proxy.record())
        #expect(record.clientAddress == "127.0.0.1" && record.peer == nil)
    }

    @Test("an announced address is never local: it is served only where it is named, told no setting, and counted")
    func announcedLoopback() async throws {
        let line = "PROXY TCP4 127.0.0.1 127.0.0.1 5555 3128\r\n"
        let closed = try await proxy()
        let answer = try await closed.client { client in
            try client.send(line + head("GET", "http://a.example/"))
            return try client.readResponse()
        }
        #expect(answer.status == 403 && !answer.text.contains("`allow-from`"))
        #expect(await closed.record()?.reason?.contains("`allow-from`") == true)
        let open = try await proxy(allowFrom: ["127.0.0.1"]) { $0.limits.connectionsPerClient = 1 }
        try await onOwnThread { [port = open.port] in
            let origin = try ScriptedOrigin.answering(ok("x"))
            let first = try RawClient(port: port)
            try first.send(line)
            #expect(try first.exchange(head("GET", origin.url())).status == 200)
            let second = try RawClient(port: port)
            try second.send(line)
            #expect(try second.readResponse().status == 429)
            // Another client of the same balancer has room.
            let third = try RawClient(port: port)
            try third.send(line.replacing("TCP4 127.0.0.1", with: "TCP4 127.0.0.9"))
            #expect(try third.exchange(head("GET", origin.url())).status == 403)
            first.close()
            second.close()
            third.close()
        }
        #expect(await open.records(count: 3).map(\.fault) == [nil, "client_connection_limit", "client_not_allowed"])
    }

    @Test("a header that stops half-way is answered and recorded, one that never comes is not")
    func late() async throws {
        let proxy = try await proxy { $0.timeouts.announcement = .milliseconds(200) }
        try await proxy.client { client in
            try client.send("PROXY TCP4 192.0")
            #expect(try client.readResponse().status == 408)
        }
        let record = try #require(await proxy.record())
        #expect(record.fault == "proxy_header_late" && record.ending == Ending(.client, .read, .fault))
        try await onOwnThread { [port = proxy.port] in
            let silent = try RawClient(port: port)
            #expect(silent.isClosed())
        }
        #expect(proxy.records.count == 1)
    }

    @Test("a tunnel's record has both") func tunnel() async throws {
        let origin = try ScriptedOrigin { try $0.send(try $0.read(1)) }
        let proxy = try await proxy()
        try await proxy.client { client in
            try client.send(Self.binary + Array(connect(origin.authority).utf8) + [7])
            #expect(try client.readResponse(to: "CONNECT").status == 200)
            #expect(try client.read(1) == [7])
        }
        let record = try #require(await proxy.record())
        #expect(record.kind == .tunnel && record.clientAddress == "192.0.2.7")
        #expect(record.peer?.hasPrefix("127.0.0.1:") == true)
    }
}
