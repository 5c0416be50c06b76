import Apus
import ApusFlow
import ApusPolicy
import ApusTesting
import Testing

@Suite("Own answers", .timeLimit(.minutes(15)))
struct LocalReplyTests {
    static let forms: [(accept: String?, type: String)] = [
        (nil, "text/plain"), ("*/*", "text/plain"), ("application/json", "application/problem+json"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "text/html"), ("text/plain", "text/plain"),
    ]

    @Test("their form follows Accept, and their id is the record's", arguments: forms)
    func form(accept: String?, type: String) async throws {
        let proxy = try await TestProxy.start { $0.allowPrivate = false }
        let request =
            accept.map { head("GET", "http://127.0.0.1/", "Accept: \($0)") } ?? head("GET", "http://127.0.0.1/")
        let response = try await proxy.fetch(request)
        #expect(response.status == 403)
        #expect(response.value("content-type")?.hasPrefix(type) == true)
        #expect(response.value("date") != nil && response.value("connection") == "close")
        #expect(response.complete)
        let record = try await proxy.settle()[0]
        #expect(response.text.contains(record.idText))
        // A client of this machine is told what would lift the rule.
        #expect(response.text.contains("`allow-private`"))
        #expect(record.bytes.fromClient == UInt64(request.utf8.count))
        #expect(record.bytes.toClient > UInt64(response.body.count))
    }

    @Test("to HEAD they are a head with the length of what GET would get") func headOnly() async throws {
        let proxy = try await TestProxy.start { $0.allowPrivate = false }
        let get = try await proxy.fetch(head("GET", "http://127.0.0.1/"))
        let (headers, rest) = try await proxy.client { client in
            let response = try client.exchange(head("HEAD", "http://127.0.0.1/"), method: "HEAD")
            return (response, try client.readToEnd())
        }
        #expect(headers.value("content-length") == "\(get.body.count)")
        #expect(rest.isEmpty)
        _ = try await proxy.settle(2)
    }

    @Test(
        "a fault of the head is answered, then the connection ends",
        arguments: [
            ("GET http://o.example/ HTTP/1.1\r\n\r\n", 400), ("GET / HTTP/9.1\r\nHost: o\r\n\r\n", 505),
            ("GET https://o.example/ HTTP/1.1\r\nHost: o.example\r\n\r\n", 501),
            ("GET http://u:p@o.example/ HTTP/1.1\r\nHost: o.example\r\n\r\n", 400),
            (
                "POST http://o.example/ HTTP/1.1\r\nHost: o.example\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
                400
            ),
            ("GET http://o.example/\(String(repeating: "a", count: 20_000)) HTTP/1.1\r\nHost: o.example\r\n\r\n", 414),
            (
                "GET http://o.example/ HTTP/1.1\r\nHost: o.example\r\nX: \(String(repeating: "a", count: 70_000))\r\n\r\n",
                431
            ),
        ]
    )
    func faults(request: String, status: Int) async throws {
        let proxy = try await TestProxy.start()
        let response = try await proxy.client { client in
            try client.send(request)
            let response = try client.readResponse()
            #expect(client.isClosed())
            return response
        }
        #expect(response.status == status)
        let record = try await proxy.settle()[0]
        #expect(record.ending == Ending(.client, .read, .fault) && record.status == UInt16(status))
        #expect(!"\(record)".contains("u:p@"))
    }

    @Test("a head that is too large is answered with its largest field and the option, and recorded with its target")
    func tooLarge() async throws {
        let proxy = try await TestProxy.start { $0.limits.fieldLine = 1000 }
        let cookie = String(repeating: "c", count: 1200)
        let response = try await proxy.client { client in
            try client.send(head("PUT", "http://o.example:81/a?b", "X-Small: 1", "Cookie: \(cookie)"))
            return try client.readResponse()
        }
        #expect(response.status == 431)
        for part in ["Cookie has 1208 bytes or more", "may have 1000", "`limits.field-line`"] {
            #expect(response.text.contains(part), "\(part)")
        }
        let record = try await proxy.settle()[0]
        #expect(record.method == "PUT" && record.host == "o.example" && record.port == 81 && record.path == "/a?b")
        #expect(record.fault == "field_line_too_long" && record.reason?.contains("Cookie has 1208 bytes") == true)
        #expect(record.httpVersion.isEmpty && record.status == 431)
    }

    @Test(
        "of a malformed head the record holds method and target, without a password, and no more than is bounded",
        arguments: [
            ("GET http://h.example/x y HTTP/1.1\r\n\r\n", "GET", "http://h.example/x"),
            ("GET /a HTTP/9.9\r\n\r\n", "GET", "/a"), ("FETCH http:/x\r\n", "FETCH", "http:/x"),
            ("GET http://h.example/ HTTP/1.1\r\nA : b\r\n\r\n", "GET", "http://h.example/"),
            ("GET http://h.example/\u{e9} HTTP/1.1\r\nA : b\r\n\r\n", "GET", "http://h.example/%C3%A9"),
            ("\u{1}\u{3}\u{1}\r\n\r\n", "", ""),
        ]
    )
    func malformed(request: String, method: String, target: String) async throws {
        let proxy = try await TestProxy.start()
        let response = try await proxy.client { client in
            try client.send(request)
            return try client.readResponse()
        }
        #expect(response.status == 400 || response.status == 505)
        let record = try await proxy.settle()[0]
        #expect(record.method == method && record.path == target)
        #expect(record.host.isEmpty && record.httpVersion.isEmpty)
    }

    @Test("the proxy asked as an origin shows its help page, and only that") func helpPage() async throws {
        let proxy = try await TestProxy.start()
        let page = try await proxy.fetch("GET / HTTP/1.1\r\nHost: \(proxy.address)\r\nAccept: text/html\r\n\r\n")
        #expect(page.status == 200 && page.text.contains(proxy.address))
        let other = try await proxy.fetch("GET /x HTTP/1.1\r\nHost: \(proxy.address)\r\n\r\n")
        #expect(other.status == 404)
        let elsewhere = try await proxy.fetch("GET / HTTP/1.1\r\nHost: o.example\r\n\r\n")
        #expect(elsewhere.status == 400)
        let options = try await proxy.fetch("OPTIONS * HTTP/1.1\r\nHost: \(proxy.address)\r\n\r\n")
        #expect(options.status == 200 && options.value("allow") != nil)
        let records = try await proxy.settle(4)
        #expect(records.map(\.status) == [200, 404, 400, 200])
        #expect(records.map(\.ending.isComplete) == [true, false, false, true])
    }
}

@Suite("The policy closure", .timeLimit(.minutes(15)))
struct PolicyTests {
    @Test("it is asked what the client asked for") func ask() async throws {
        let origin = try ScriptedOrigin.answering(ok("x"))
        let asks = Box<[Ask]>([])
        let proxy = try await TestProxy.start(policy: { ask in
            asks.change { $0.append(ask) }
            return .allow
        }) { _ in }
        _ = try await proxy.fetch(head("GET", "http://127.0.0.1:\(origin.port)/a?b"))
        _ = try await proxy.fetch(connect("LOCALHOST:\(origin.port)"), method: "CONNECT")
        let client = asks.value[0].client
        #expect(client.description == "127.0.0.1")
        #expect(
            asks.value == [
                Ask(client: client, method: "GET", scheme: "http", host: "127.0.0.1", port: origin.port, path: "/a?b"),
                Ask(client: client, method: "CONNECT", scheme: "", host: "localhost", port: origin.port, path: ""),
            ]
        )
        _ = try await proxy.settle(2)
    }

    @Test(
        "a denial's reason and status reach the client and the record",
        arguments: [("Not <here>.", 451), ("No.", 200)]
    )
    func deny(reason: String, status: Int) async throws {
        let proxy = try await TestProxy.start(policy: { _ in .deny(reason: reason, status: UInt16(status)) }) { _ in }
        let expected = status == 451 ? 451 : 403
        let request = try await proxy.fetch(head("GET", "http://o.example/", "Accept: text/html"))
        let tunnel = try await proxy.fetch(connect("o.example:443"), method: "CONNECT")
        #expect(request.status == expected && tunnel.status == expected)
        #expect(tunnel.text.contains(reason))
        #expect(!request.text.contains("<here>"))
        #expect(request.value("proxy-status")?.contains("error=http_request_denied") == true)
        for record in try await proxy.settle(2) {
            #expect(record.status == UInt16(expected) && record.reason == reason)
            #expect(record.ending == Ending(.proxy, .decide, .refused) && record.host == "o.example")
        }
    }

    @Test("a route changes where it goes, not what is asked", arguments: ["127.0.0.1", "there.example"])
    func route(host: String) async throws {
        let origin = try ScriptedOrigin.answering(ok("routed"))
        let proxy = try await TestProxy.start(
            policy: { _ in .route(to: .address(host: host, port: origin.port)) },
            lookUp: { _ in ["127.0.0.1"] }
        ) { _ in }
        try await proxy.client { client in
            for _ in 0..<2 {
                let text = try client.exchange(head("GET", "http://asked.example:8080/p")).text
                #expect(text == "routed")
            }
        }
        #expect(origin.requests.map { $0.value("host") } == ["asked.example:8080", "asked.example:8080"])
        #expect(origin.connectionCount == 1)
        for record in try await proxy.settle(2) {
            #expect(record.host == "asked.example" && record.port == 8080 && record.path == "/p")
            #expect(record.upstream == origin.authority && record.ending == .complete)
        }
    }

    @Test("what it allows or routes to is judged all the same") func judged() async throws {
        let proxy = try await TestProxy.start(policy: { ask in
            ask.path == "/route" ? .route(to: .address(host: "10.0.0.1", port: 80)) : .allow
        }) { $0.allowPrivate = false }
        for path in ["route", "allow"] {
            #expect(try await proxy.fetch(head("GET", "http://127.0.0.1/\(path)")).status == 403)
        }
        let settled = try await proxy.settle(2)
        #expect(settled.allSatisfy { $0.proxyStatus == "destination_ip_prohibited" })
    }

    @Test("one that takes too long is a refusal, and its late verdict nobody's") func slow() async throws {
        let late = AsyncStream<Void>.makeStream()
        let proxy = try await TestProxy.start(policy: { _ in
            for await _ in late.stream { break }
            return .allow
        }) { $0.timeouts.policy = .milliseconds(100) }
        let response = try await proxy.fetch(head("GET", "http://o.example/"))
        #expect(response.status == 503)
        late.continuation.finish()
        let record = try await proxy.settle()[0]
        #expect(record.ending.who == .proxy && record.ending.stage == .decide)
    }

    @Test("a client that leaves meanwhile leaves one record, and nothing is dialled") func leaves() async throws {
        let origin = try ScriptedOrigin.answering(ok("x"))
        let asked = try Gate()
        let verdict = AsyncStream<Void>.makeStream()
        let proxy = try await TestProxy.start(policy: { _ in
            asked.open()
            for await _ in verdict.stream { break }
            return .allow
        }) { _ in }
        try await proxy.client { client in
            try client.send(head("GET", origin.url()))
            try asked.wait()
            client.reset()
        }
        let record = try #require(await proxy.record())
        verdict.continuation.finish()
        #expect(record.ending.who == .client && record.status == 0)
        #expect(try await proxy.settle().count == 1)
        #expect(origin.connectionCount == 0)
    }

    @Test("a body waits for the verdict", arguments: [true, false])
    func body(isAllowed: Bool) async throws {
        let origin = try ScriptedOrigin.answering(ok("taken"))
        let proxy = try await TestProxy.start(policy: { _ in
            isAllowed ? .allow : .deny(reason: "No.")
        }) { _ in }
        let body = pattern(500_000)
        let response = try await proxy.client { client in
            try client.send(head("POST", origin.url(), "Content-Length: \(body.count)"))
            try client.send(body)
            return try client.readResponse()
        }
        #expect(response.status == (isAllowed ? 200 : 403))
        #expect(origin.requests.map(\.body) == (isAllowed ? [body] : []))
        _ = try await proxy.settle()
    }
}
