import Apus
import ApusFlow
import ApusPolicy
import ApusTesting
import Testing

@Suite("A parent", .timeLimit(.minutes(15))) struct ParentTests {
    /// A parent on this machine.
    private static func parent(
        _ port: UInt16,
        _ name: String = "office",
        _ scheme: ParentSettings.Scheme = .http,
        _ credentials: ParentCredentials? = nil
    ) -> ParentSettings {
        var parent = ParentSettings(name: name, scheme, host: "127.0.0.1", port: port)
        parent.credentials = credentials
        parent.timeout = .seconds(60)
        return parent
    }

    /// A proxy behind which these stand, in this order; the direct way follows them only where it is named.
    private static func proxy(
        by parents: [ParentSettings],
        then hops: [String] = [],
        rules: PolicyRules = PolicyRules(),
        lookUp: @escaping ProxyServer.LookUp = { _ in [] },
        change: (inout ProxyConfiguration) -> Void = { _ in }
    ) async throws -> TestProxy {
        try await TestProxy.start(rules: rules, lookUp: lookUp) { configuration in
            configuration.parents = parents
            configuration.route = NamedRoute(parents.map(\.name) + hops)
            change(&configuration)
        }
    }

    /// A parent that reads a CONNECT, and answers it with these bytes.
    private static func answering(_ answer: [UInt8], ends: Bool = true) throws -> ScriptedOrigin {
        try ScriptedOrigin { connection in
            guard try connection.readRequest() != nil else { return }
            try connection.send(answer)
            if !ends { _ = try connection.readToEnd() }
        }
    }

    private static let stands = "HTTP/1.1 200 Connection established\r\nContent-Length: 5\r\n\r\n"

    // MARK: Tunnels

    @Test(
        "a tunnel goes by CONNECT, with credentials of this proxy and none of its client; what is behind the answer is the tunnel's"
    )
    func tunnel() async throws {
        let office = try ScriptedOrigin { connection in
            guard try connection.readRequest() != nil else { return }
            try connection.send(Self.stands + "hello")
            try connection.send(connection.read(4))
        }
        let credentials = ParentCredentials(user: "me", password: "secret")
        let proxy = try await Self.proxy(by: [Self.parent(office.port, "office", .http, credentials)])
        let said = try await proxy.client { client in
            try client.send(connect("far.example:443", "Proxy-Authorization: Basic Y2xpZW50OnNlY3JldA=="))
            let answer = try client.readResponse(to: "CONNECT")
            let first = try client.read(5)
            try client.send("ping")
            return try (answer.status, first + client.read(4))
        }
        #expect(said.0 == 200 && said.1 == Array("helloping".utf8))
        let request = try #require(office.requests.first)
        #expect(request.head.first == "CONNECT far.example:443 HTTP/1.1")
        #expect(request.values("host") == ["far.example:443"] && request.values("via").count == 1)
        #expect(request.values("proxy-authorization") == ["Basic bWU6c2VjcmV0"])
        let record = try await proxy.settle()[0]
        #expect(record.host == "far.example" && record.status == 200 && record.parent == "office")
    }

    @Test(
        "a refusal of a parent keeps the status that a client can act on, and shows nothing of its own",
        arguments: [
            (403, 403), (404, 404), (429, 429), (451, 451), (502, 502), (503, 503), (401, 502), (407, 502), (302, 502),
        ]
    )
    func refused(status: Int, told: Int) async throws {
        let answer =
            "HTTP/1.1 \(status) No\r\nProxy-Authenticate: Basic realm=\"x\"\r\nLocation: http://evil.example/\r\n"
            + "Content-Length: 6\r\n\r\nsecret"
        let office = try Self.answering(Array(answer.utf8))
        let proxy = try await Self.proxy(by: [Self.parent(office.port)])
        let response = try await proxy.fetch(connect("far.example:443"), method: "CONNECT")
        #expect(response.status == told && !response.text.contains("secret"))
        #expect(response.value("proxy-authenticate") == nil && response.value("location") == nil)
        let status407 = response.value("proxy-status")?.contains("proxy_configuration_error")
        if status == 407 { #expect(status407 == true) }
        // RFC 9209 §2.1.4
        if status != 407 { #expect(response.value("proxy-status")?.hasSuffix("; received-status=\(status)") == true) }
        #expect(office.connectionCount == 1)
        #expect(try await proxy.settle()[0].ending.who == .upstream)
    }

    @Test("a parent that dies at any byte of its answer refuses the tunnel", arguments: 0..<stands.utf8.count)
    func dies(at byte: Int) async throws {
        let office = try Self.answering(Array(Self.stands.utf8.prefix(byte)))
        let proxy = try await Self.proxy(by: [Self.parent(office.port)])
        #expect(try await proxy.fetch(connect("far.example:443"), method: "CONNECT").status == 502)
        #expect(try await proxy.settle()[0].fault == "parent_closed")
    }

    @Test("one that hangs at any byte costs its timeout", arguments: [0, 1, 12, stands.utf8.count - 1])
    func hangs(at byte: Int) async throws {
        let office = try Self.answering(Array(Self.stands.utf8.prefix(byte)), ends: false)
        var parent = Self.parent(office.port)
        parent.timeout = .milliseconds(200)
        let proxy = try await Self.proxy(by: [parent])
        #expect(try await proxy.fetch(connect("far.example:443"), method: "CONNECT").status == 504)
        #expect(try await proxy.settle()[0].fault == "parent_timeout")
    }

    @Test("one that speaks another protocol is none") func garbage() async throws {
        let office = try Self.answering(Array("SSH-2.0-OpenSSH_9.6\r\n".utf8))
        let proxy = try await Self.proxy(by: [Self.parent(office.port)])
        #expect(try await proxy.fetch(connect("far.example:443"), method: "CONNECT").status == 502)
        #expect(try await proxy.settle()[0].fault == "parent_malformed_answer")
    }

    // MARK: Plain requests

    @Test("plain requests go in absolute form with this proxy's credentials, one after another on one connection")
    func plain() async throws {
        let office = try ScriptedOrigin.answering(ok("by the office", "Proxy-Authenticate: Basic realm=\"x\""))
        let credentials = ParentCredentials(user: "me", password: "secret")
        let proxy = try await Self.proxy(by: [Self.parent(office.port, "office", .http, credentials)])
        for path in ["/a?b=c", "/d"] {
            let url = "http://far.example:8080\(path)"
            let response = try await proxy.fetch(head("GET", url, "Proxy-Authorization: Basic Y2xpZW50OnNlY3JldA=="))
            #expect(response.text == "by the office" && response.value("proxy-authenticate") == nil)
        }
        #expect(
            office.requests.map(\.head.first) == [
                "GET http://far.example:8080/a?b=c HTTP/1.1", "GET http://far.example:8080/d HTTP/1.1",
            ]
        )
        #expect(office.requests.allSatisfy { $0.values("proxy-authorization") == ["Basic bWU6c2VjcmV0"] })
        #expect(office.requests.allSatisfy { $0.values("host") == ["far.example:8080"] && $0.values("via").count == 1 })
        #expect(office.connectionCount == 1)
        let records = try await proxy.settle(2)
        #expect(records.map(\.path) == ["/a?b=c", "/d"] && records.map(\.reused) == [false, true])
        #expect(records.allSatisfy { $0.parent == "office" && $0.upstream == "127.0.0.1:\(office.port)" })
    }

    @Test("a body goes to the parent, chunked or not") func body() async throws {
        let office = try ScriptedOrigin.answering(ok("taken"))
        let proxy = try await Self.proxy(by: [Self.parent(office.port)])
        let chunked = head("POST", "http://far.example/", "Transfer-Encoding: chunked") + "5\r\nhello\r\n0\r\n\r\n"
        let counted = head("POST", "http://far.example/", "Content-Length: 5") + "hello"
        for request in [chunked, counted] {
            #expect(try await proxy.fetch(request, method: "POST").text == "taken")
        }
        #expect(office.requests.map(\.body) == [Array("hello".utf8), Array("hello".utf8)])
        _ = try await proxy.settle(2)
    }

    @Test(
        "a parent's question for credentials reaches no client, whatever the method",
        arguments: ["GET", "HEAD", "POST"]
    )
    func asked(_ method: String) async throws {
        let office = try ScriptedOrigin { connection in
            while try connection.readRequest() != nil {
                try connection.send(
                    "HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n"
                )
            }
        }
        let proxy = try await Self.proxy(by: [Self.parent(office.port)])
        let response = try await proxy.fetch(head(method, "http://far.example/", "Content-Length: 0"), method: method)
        #expect(response.status == 502 && response.value("proxy-authenticate") == nil)
        #expect(response.value("proxy-status")?.contains("proxy_configuration_error") == true)
        #expect(office.requests.count == 1)
        _ = try await proxy.settle()
    }

    // MARK: Ways

    /// A port on which nobody listens.
    private static let deadPort: UInt16 = 1

    @Test("without the parent there is no way, and the host is not asked", arguments: ["GET", "CONNECT"])
    func closed(_ method: String) async throws {
        let origin = try ScriptedOrigin.answering(ok("direct"))
        let proxy = try await Self.proxy(by: [Self.parent(Self.deadPort)])
        let request = method == "GET" ? head("GET", origin.url()) : connect(origin.authority)
        #expect(try await proxy.fetch(request, method: method).status == 502)
        #expect(origin.connectionCount == 0)
        #expect(try await proxy.settle()[0].fault == "parent_unreachable")
    }

    @Test("the next parent takes what the first cannot, and then the host itself where the route names it")
    func nextWay() async throws {
        let (office, origin) = try (ScriptedOrigin.answering(ok("second")), ScriptedOrigin.answering(ok("direct")))
        let dead = Self.parent(Self.deadPort, "dead")
        let proxy = try await Self.proxy(by: [dead, Self.parent(office.port)])
        #expect(try await proxy.fetch(head("GET", origin.url())).text == "second")
        #expect(try await proxy.settle()[0].parent == "office")
        let direct = try await Self.proxy(by: [dead], then: ["direct"])
        #expect(try await direct.fetch(head("GET", origin.url())).text == "direct")
        let record = try await direct.settle()[0]
        #expect(record.parent == nil && record.upstream == origin.authority)
    }

    @Test("what a parent refuses goes no other way") func final() async throws {
        let (strict, origin) = try (
            Self.answering(Array("HTTP/1.1 403 No\r\n\r\n".utf8)), ScriptedOrigin.answering(ok("direct"))
        )
        let proxy = try await Self.proxy(by: [Self.parent(strict.port)], then: ["direct"])
        #expect(try await proxy.fetch(connect(origin.authority), method: "CONNECT").status == 403)
        #expect(origin.connectionCount == 0)
        _ = try await proxy.settle()
    }

    @Test("a parent that fails is left alone, and who asks meanwhile is told so at once") func outOfService()
        async throws
    {
        let broken = try ScriptedOrigin { connection in _ = try connection.readRequest() }
        var parent = Self.parent(broken.port)
        parent.health.failures = 2
        parent.health.backOff = .seconds(60)
        let proxy = try await Self.proxy(by: [parent])
        for status in [502, 502, 503] {
            #expect(try await proxy.fetch(connect("far.example:443"), method: "CONNECT").status == status)
        }
        #expect(broken.connectionCount == 2)
        #expect(try await proxy.settle(3).map(\.fault) == ["parent_closed", "parent_closed", "parent_unavailable"])
    }

    @Test("two proxies, one behind the other, and a loop of them ends") func chain() async throws {
        let origin = try ScriptedOrigin.answering(ok("far"))
        let inner = try await TestProxy.start { $0.viaPseudonym = "inner" }
        let outer = try await Self.proxy(by: [Self.parent(inner.port)], change: { $0.viaPseudonym = "outer" })
        #expect(try await outer.fetch(head("GET", origin.url())).text == "far")
        #expect(origin.requests[0].values("via").joined(separator: ", ") == "1.1 outer, 1.1 inner")
        let text = try await outer.client { client in
            try client.send(connect(origin.authority))
            _ = try client.readResponse(to: "CONNECT")
            return try client.exchange("GET / HTTP/1.1\r\nHost: x\r\n\r\n").text
        }
        #expect(text == "far")
        // A parent that is told to go on by its own name knows itself.
        let back = try await Self.proxy(by: [Self.parent(inner.port)], change: { $0.viaPseudonym = "inner" })
        #expect(try await back.fetch(connect(origin.authority), method: "CONNECT").status == 502)
        _ = try await (outer.settle(2), back.settle(), inner.settle(3))
    }

    // MARK: What comes first

    @Test(
        "the guard is asked before the parent: names of this machine and its network, and of private addresses, do not go there"
    )
    func guarded() async throws {
        let office = try ScriptedOrigin.answering(ok("told"))
        let known = ["inside.example": ["192.0.2.1", "10.0.0.1"], "out.example": ["9.9.9.9"]]
        let proxy = try await Self.proxy(
            by: [Self.parent(office.port)],
            lookUp: { known[$0] ?? [] },
            change: { $0.allowPrivate = false }
        )
        for host in ["localhost", "intranet", "metadata.google.internal", "inside.example", "10.0.0.1"] {
            #expect(try await proxy.fetch(head("GET", "http://\(host)/")).status == 403, "\(host)")
        }
        #expect(office.connectionCount == 0)
        // Public ones do, and those that nobody here knows.
        for host in ["out.example", "unknown.example"] {
            #expect(try await proxy.fetch(head("GET", "http://\(host)/")).text == "told")
        }
        let records = try await proxy.settle(7)
        #expect(records.suffix(2).map(\.judged) == ["address", "name"])
    }

    @Test("rules that ask for addresses open no name: none of its addresses may be forbidden, however good another is")
    func guardedBehindRules() async throws {
        let office = try ScriptedOrigin.answering(ok("told"))
        let known = [
            "inside.example": ["9.9.9.9", "10.0.0.1"], "intranet": ["9.9.9.9"], "metadata.google.internal": ["9.9.9.9"],
            "out.example": ["9.9.9.9"],
        ]
        let elsewhere = try CIDR("198.51.100.0/24")
        let proxy = try await Self.proxy(
            by: [Self.parent(office.port)],
            rules: rules(deny("elsewhere") { $0.hosts = [.network(elsewhere)] }, allow("rest")),
            lookUp: { known[$0] ?? [] },
            change: { $0.allowPrivate = false }
        )
        for host in ["inside.example", "intranet", "metadata.google.internal"] {
            #expect(try await proxy.fetch(head("GET", "http://\(host)/")).status == 403, "\(host)")
        }
        #expect(office.connectionCount == 0)
        #expect(try await proxy.fetch(head("GET", "http://out.example/")).text == "told")
        #expect(try await proxy.settle(4).last?.judged == "address")
    }

    // MARK: SOCKS

    /// A SOCKS parent that takes one request, notes it, and leads to nowhere but itself: it answers what comes then.
    private static func socks(_ requests: Box<[[UInt8]]>, credentials: [UInt8]? = nil) throws -> ScriptedOrigin {
        try ScriptedOrigin { connection in
            let offered = try connection.read(2)
            _ = try connection.read(Int(offered[1]))
            try connection.send([5, credentials == nil ? 0 : 2])
            if let credentials {
                let shown = try connection.read(credentials.count)
                try connection.send([1, shown == credentials ? 0 : 1])
            }
            var request = try connection.read(5)
            request += try connection.read(request[3] == 1 ? 5 : Int(request[4]) + 2)
            requests.change { $0.append(request) }
            try connection.send([5, 0, 0, 1, 0, 0, 0, 0, 0, 0])
            while try connection.readRequest() != nil { try connection.send(ok("by socks")) }
        }
    }

    @Test("SOCKS: names to socks5h, addresses to socks5, and then the request as to its host") func bySOCKS()
        async throws
    {
        let requests = Box<[[UInt8]]>([])
        let office = try Self.socks(requests)
        for scheme in [ParentSettings.Scheme.socks5h, .socks5] {
            let proxy = try await Self.proxy(
                by: [Self.parent(office.port, "office", scheme)],
                lookUp: { _ in ["9.8.7.6"] }
            )
            #expect(try await proxy.fetch(head("GET", "http://far.example:81/x")).text == "by socks")
            #expect(try await proxy.settle()[0].parent == "office")
        }
        #expect(
            requests.value == [
                [5, 1, 0, 3, 11] + Array("far.example".utf8) + [0, 81], [5, 1, 0, 1, 9, 8, 7, 6, 0, 81],
            ]
        )
        #expect(office.requests.map(\.head.first) == ["GET /x HTTP/1.1", "GET /x HTTP/1.1"])
    }

    @Test("SOCKS: credentials are shown, and wrong ones are a fault of the settings") func socksCredentials()
        async throws
    {
        let requests = Box<[[UInt8]]>([])
        let office = try Self.socks(requests, credentials: [1, 2] + Array("me".utf8) + [6] + Array("secret".utf8))
        for (password, status) in [("secret", 200), ("wrong!", 502)] {
            let credentials = ParentCredentials(user: "me", password: password)
            let proxy = try await Self.proxy(by: [
                Self.parent(office.port, "office", .socks5h, credentials)
            ])
            let response = try await proxy.fetch(connect("far.example:443"), method: "CONNECT")
            #expect(response.status == status)
            _ = try await proxy.settle()
        }
        #expect(requests.value.count == 1)
    }
}
