import Apus
import ApusFlow
import ApusTesting
import Testing

@Suite("Credentials", .timeLimit(.minutes(15)))
struct AuthenticationTests {
    private let anna = basic("anna", "sesame")
    private let bo = basic("bo", "abracadabra")
    private let refused = Ending(.proxy, .decide, .refused)

    @Test("are asked for, and the same connection then serves who shows them") func asked() async throws {
        let origin = try ScriptedOrigin.answering(ok("welcome"))
        let keeper = Doorkeeper()
        let proxy = try await TestProxy.start(authenticator: keeper) { _ in }
        let (first, second) = try await proxy.client { [anna] client in
            let first = try client.exchange(head("GET", origin.url()))
            return (first, try client.exchange(head("GET", origin.url(), anna)))
        }
        #expect(first.status == 407 && first.complete && first.value("connection") == "keep-alive")
        #expect(
            first.values("proxy-authenticate") == [#"Basic realm="apus", charset="UTF-8""#, #"Bearer realm="apus""#]
        )
        #expect(first.value("proxy-status")?.contains("error=http_request_denied") == true)
        #expect(first.text.contains("curl -U"))
        #expect(second.status == 200 && second.text == "welcome")
        let records = try await proxy.settle(2)
        #expect(records.map(\.user) == [nil, "anna"] && records.map(\.status) == [407, 200])
        #expect(records[0].ending == refused && records[0].fault == "credentials_missing")
        #expect(first.text.contains(records[0].idText) && records[0].host == "127.0.0.1")
        #expect(keeper.count == 1 && origin.requests.count == 1)
    }

    @Test(
        "that are wrong, of nobody, or not understood are asked for again",
        arguments: [
            (basic("anna", "Sesame"), true), (basic("anna", ""), true), (basic("eve", "sesame"), true),
            ("Proxy-Authorization: Bearer other", true), ("Proxy-Authorization: Basic !", false),
            ("Proxy-Authorization: Digest username=anna", false), ("Proxy-Authorization:", false),
        ]
    )
    func wrong(line: String, isAsked: Bool) async throws {
        let origin = try ScriptedOrigin.answering(ok(""))
        let keeper = Doorkeeper()
        let proxy = try await TestProxy.start(authenticator: keeper) { _ in }
        let (first, second) = try await proxy.client { [bo] client in
            let first = try client.exchange(head("GET", origin.url(), line))
            return (first, try client.exchange(head("GET", origin.url(), bo)))
        }
        #expect(first.status == 407 && first.values("proxy-authenticate").count == 2 && second.status == 200)
        #expect(keeper.count == (isAsked ? 2 : 1))
        let records = try await proxy.settle(2)
        #expect(records[0].fault == "credentials_invalid" && records[0].user == nil && records[0].ending == refused)
    }

    @Test("are verified once, and again when they are to be forgotten") func remembered() async throws {
        let origin = try ScriptedOrigin.answering(ok(""))
        let keeper = Doorkeeper()
        let proxy = try await TestProxy.start(authenticator: keeper) { _ in }
        for _ in 0..<3 { #expect(try await proxy.fetch(head("GET", origin.url(), anna)).status == 200) }
        #expect(keeper.count == 1)
        #expect(try await proxy.fetch(head("GET", origin.url(), "Proxy-Authorization: Bearer t0ken")).status == 200)
        #expect(keeper.count == 2)
        proxy.server.forgetUsers()
        #expect(try await proxy.fetch(head("GET", origin.url(), anna)).status == 200)
        #expect(keeper.count == 3)
        #expect(try await proxy.settle(5).map(\.user) == ["anna", "anna", "anna", "ci", "anna"])
    }

    @Test("are verified each time where nothing, or the proof itself, lasts", arguments: [true, false])
    func unremembered(byProof: Bool) async throws {
        let origin = try ScriptedOrigin.answering(ok(""))
        let keeper = Doorkeeper { _ in .user("anna", lifetime: byProof ? .zero : nil) }
        let proxy = try await TestProxy.start(authenticator: keeper) {
            if !byProof { $0.authentication.lifetime = .zero }
        }
        for _ in 0..<2 { #expect(try await proxy.fetch(head("GET", origin.url(), anna)).status == 200) }
        #expect(keeper.count == 2)
        #expect(try await proxy.settle(2).map(\.user) == ["anna", "anna"])
    }

    @Test("of several users on one connection are judged one by one, and none reaches the origin") func pipelined()
        async throws
    {
        let origin = try ScriptedOrigin { connection in
            while let request = try connection.readRequest() { try connection.send(ok(request.target)) }
        }
        let proxy = try await TestProxy.start(authenticator: Doorkeeper()) { _ in }
        let lines = [anna, bo, "X: y", basic("bo", "sesame"), anna, "Proxy-Authorization: Bearer t0ken"]
        let all = lines.enumerated().map { head("GET", origin.url("/\($0)"), $1) }.joined()
        for _ in 0..<2 {
            let answers = try await proxy.client { client in
                try client.send(all)
                return try lines.map { _ in try client.readResponse() }
            }
            #expect(answers.map(\.status) == [200, 200, 407, 407, 200, 200])
            #expect(answers.filter { $0.status == 200 }.map(\.text) == ["/0", "/1", "/4", "/5"])
        }
        let users = try await proxy.settle(12).map(\.user)
        #expect(users == ["anna", "bo", nil, nil, "anna", "ci", "anna", "bo", nil, nil, "anna", "ci"])
        #expect(origin.requests.count == 8)
        for request in origin.requests { #expect(!request.head.joined().lowercased().contains("proxy-auth")) }
    }

    @Test("of a CONNECT are shown on another connection than the one that was asked for them") func tunnel()
        async throws
    {
        let origin = try ScriptedOrigin { connection in
            while let request = try connection.readRequest() { try connection.send(ok(request.target)) }
        }
        let proxy = try await TestProxy.start(authenticator: Doorkeeper()) { _ in }
        for _ in 0..<2 {
            let (asked, isClosed) = try await proxy.client { client in
                (try client.exchange(connect(origin.authority), method: "CONNECT"), client.isClosed())
            }
            let (opened, inside) = try await proxy.client { [anna] client in
                let opened = try client.exchange(connect(origin.authority, anna), method: "CONNECT")
                return (opened, try client.exchange("GET /in HTTP/1.1\r\nHost: x\r\n\r\n").text)
            }
            #expect(asked.status == 407 && asked.complete && asked.value("connection") == "close" && isClosed)
            #expect(opened.status == 200 && inside == "/in")
        }
        let records = try await proxy.settle(4)
        // A tunnel's record comes when it ends.
        #expect(records.allSatisfy { $0.kind == .tunnel && $0.user == ($0.status == 200 ? "anna" : nil) })
        #expect(records.map(\.status).sorted() == [200, 200, 407, 407])
    }

    @Test("wanting for a request with a body, or of HTTP/1.0, end the connection; shown, the body goes through")
    func bodies() async throws {
        let origin = try ScriptedOrigin { connection in
            while let request = try connection.readRequest() {
                try connection.send(ok(String(decoding: request.body, as: UTF8.self)))
            }
        }
        let proxy = try await TestProxy.start(authenticator: Doorkeeper()) { _ in }
        let length = "Content-Length: 5"
        for request in [head("POST", origin.url(), length) + "hello", head("GET", origin.url(), version: "1.0")] {
            let (response, isClosed) = try await proxy.client { client in
                (try client.exchange(request), client.isClosed())
            }
            #expect(response.status == 407 && response.value("connection") == "close" && isClosed)
        }
        // The first is verified, the second remembered; either way with the body behind the head, and a request behind that.
        for _ in 0..<2 {
            let texts = try await proxy.client { [anna] client in
                try client.send(
                    head("POST", origin.url(), length, anna) + "hello" + head("POST", origin.url(), length, anna)
                )
                let first = try client.readResponse().text
                try client.send("again")
                return [first, try client.readResponse().text]
            }
            #expect(texts == ["hello", "again"])
        }
        _ = try await proxy.settle(6)
    }

    @Test("that come twice are a fault of the request") func twice() async throws {
        let proxy = try await TestProxy.start(authenticator: Doorkeeper()) { _ in }
        let response = try await proxy.fetch(head("GET", "http://127.0.0.1:9/", anna, anna))
        #expect(response.status == 400 && response.value("connection") == "close")
        #expect(try await proxy.settle()[0].fault == "several_credentials")
    }

    @Test("that were wrong too often have to wait, and those who are known do not") func throttled() async throws {
        let origin = try ScriptedOrigin.answering(ok(""))
        let keeper = Doorkeeper()
        let proxy = try await TestProxy.start(authenticator: keeper) { $0.authentication.failures = 2 }
        #expect(try await proxy.fetch(head("GET", origin.url(), anna)).status == 200)
        for guess in ["a", "b"] {
            #expect(try await proxy.fetch(head("GET", origin.url(), basic("anna", guess))).status == 407)
        }
        for line in [basic("anna", "c"), bo] {
            let response = try await proxy.fetch(head("GET", origin.url(), line))
            let seconds = try #require(response.value("retry-after").flatMap { Int($0) })
            #expect(response.status == 429 && 1...6 ~= seconds && response.value("connection") == "close")
        }
        #expect(keeper.count == 3)
        #expect(try await proxy.fetch(head("GET", origin.url(), anna)).status == 200)
        let records = try await proxy.settle(6)
        #expect(records[4].fault == "credentials_throttled" && records[4].ending == Ending(.proxy, .decide, .limit))
    }

    @Test("that are valid are in no log, the user's name is", arguments: ["anna", "b\u{f6}rn"])
    func logged(user: String) async throws {
        let directory = try ScratchDirectory()
        let origin = try ScriptedOrigin.answering(ok(""))
        let path = directory.file("access.log")
        let password = user == "anna" ? "sesame" : "d\u{f6}r"
        var configuration = try TestProxy.configuration()
        configuration.log.format = .json
        configuration.log.file = path
        // Without an observer, so that the log takes its short way.
        let server = ProxyServer(configuration: configuration, authenticator: Doorkeeper())
        let run = Task { try await server.run() }
        let port = try #require(try await server.addresses.first?.port)
        let line = basic(user, password)
        try await onOwnThread {
            let client = try RawClient(port: port)
            for line in [line, "X: y", basic(user, "wrong"), line] {
                _ = try client.exchange(head("GET", origin.url("/a"), line))
            }
            client.close()
        }
        server.drain()
        try await run.value
        let lines = contents(of: path).split(separator: "\n")
        try #require(lines.count == 4)
        for (line, isUser) in zip(lines, [true, false, false, true]) {
            let groups = user == "anna" ? #""groups":"ops","# : ""
            #expect(line.contains(#","user":"\#(user)",\#(groups)"method":"GET""#) == isUser, "\(line)")
            for secret in [password, "wrong", base64("\(user):\(password)"), "Basic"] {
                #expect(!line.contains(secret))
            }
        }
    }

    @Test("that nobody verifies in time end in 503, and the next try is a new one") func silent() async throws {
        let origin = try ScriptedOrigin.answering(ok(""))
        let latch = Latch()
        let keeper = Doorkeeper { _ in
            await latch.wait()
            return .user("late")
        }
        let proxy = try await TestProxy.start(authenticator: keeper) {
            $0.timeouts.authentication = .milliseconds(100)
        }
        for count in 1...2 {
            let response = try await proxy.fetch(head("GET", origin.url(), anna))
            #expect(response.status == 503 && response.value("retry-after") == "5")
            #expect(keeper.count == count)
        }
        latch.open()
        // What comes late is for nobody, unless it is the try that runs; on a busy machine that may take many.
        var status = 503
        while status == 503 { status = try await proxy.fetch(head("GET", origin.url(), anna)).status }
        #expect(status == 200)
        await proxy.stop()
        let records = proxy.records
        #expect(records[0].fault == "authentication_timeout" && records[0].ending == Ending(.proxy, .decide, .timeout))
        #expect(records[0].user == nil && records.allSatisfy { ($0.user == "late") == ($0.status == 200) })
    }

    @Test("that cannot be verified are 503, with the reason in the record alone") func unavailable() async throws {
        let keeper = Doorkeeper { _ in .unavailable(reason: "the directory is down") }
        let proxy = try await TestProxy.start(authenticator: keeper) { _ in }
        let response = try await proxy.fetch(head("GET", "http://127.0.0.1:9/", anna))
        #expect(response.status == 503 && response.value("retry-after") != nil)
        #expect(!response.text.contains("directory"))
        let record = try await proxy.settle()[0]
        #expect(record.fault == "authenticator_unavailable" && record.reason?.contains("the directory is down") == true)
        #expect(record.status == 503 && record.ending == Ending(.proxy, .decide, .failure))
    }

    @Test("that come on several connections at once are verified once") func joined() async throws {
        let origin = try ScriptedOrigin.answering(ok(""))
        let latch = Latch()
        let keeper = Doorkeeper { _ in
            await latch.wait()
            return .user("anna")
        }
        let proxy = try await TestProxy.start(authenticator: keeper) { _ in }
        let statuses = try await onOwnThread { [anna, port = proxy.port] in
            let clients = try (0..<4).map { _ in try RawClient(port: port) }
            for client in clients { try client.send(head("GET", origin.url(), anna)) }
            // One that gives up, and one more connection, whose answer shows that the proxy has read all of them.
            clients[3].reset()
            let other = try RawClient(port: port)
            let status = try other.exchange(head("GET", origin.url())).status
            latch.open()
            return try [status] + clients[..<3].map { try $0.readResponse().status }
        }
        #expect(statuses == [407, 200, 200, 200])
        #expect(keeper.count == 1)
        _ = await proxy.records(count: 5)
        await proxy.stop()
    }

    @Test("may be left out where only rules ask for them, and a policy sees who is there") func policies() async throws
    {
        let origin = try ScriptedOrigin.answering(ok(""))
        let seen = Box<[String]>([])
        let proxy = try await TestProxy.start(
            policy: { ask in
                seen.change { $0.append("\(ask.user ?? "-") \(ask.groups)") }
                return ask.user == "bo" ? .deny(reason: "Not Bo.") : .allow
            },
            authenticator: Doorkeeper()
        ) { $0.authentication.required = .rules }
        let lines = ["X: y", anna, anna, bo, basic("anna", "wrong")]
        let statuses = try await proxy.client { client in
            try lines[..<3].map { try client.exchange(head("GET", origin.url(), $0)).status }
        }
        #expect(statuses == [200, 200, 200])
        for (line, status) in zip(lines[3...], [403, 407]) {
            #expect(try await proxy.fetch(head("GET", origin.url(), line)).status == status)
        }
        #expect(seen.value == ["- []", #"anna ["ops"]"#, #"anna ["ops"]"#, "bo []"])
        #expect(try await proxy.settle(5).map(\.user) == [nil, "anna", "anna", "bo", nil])
    }

    @Test("serve a client that is on no list, but not with what is asked of the proxy itself") func unlisted()
        async throws
    {
        let origin = try ScriptedOrigin.answering(ok(""))
        let proxy = try await TestProxy.start(authenticator: Doorkeeper()) {
            $0.listeners = [(try? ListenAddress(parsing: "0.0.0.0:0")) ?? .standard]
        }
        for (request, status) in [
            (head("GET", origin.url()), 407), (head("GET", origin.url(), bo), 200),
            (head("GET", origin.url(), basic("bo", "x")), 407), ("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 403),
            (head("OPTIONS", origin.url(), "Max-Forwards: 0", bo), 403),
            (head("TRACE", origin.url(), "Max-Forwards: 0", bo), 403),
        ] {
            #expect(try await proxy.fetch(request).status == status, "\(request)")
        }
        _ = try await proxy.settle(6)
    }

    @Test("mean nothing without an authenticator, and are dropped on the way") func unasked() async throws {
        let origin = try ScriptedOrigin.answering(ok(""))
        let proxy = try await TestProxy.start()
        #expect(try await proxy.fetch(head("GET", origin.url(), anna)).status == 200)
        #expect(origin.requests.allSatisfy { !$0.head.joined().contains("Proxy-Auth") })
        #expect(try await proxy.settle()[0].user == nil)
    }

    @Test("are still verified for a client that has sent FIN behind its request") func halfClosed() async throws {
        let origin = try ScriptedOrigin.answering(ok("served"))
        let proxy = try await TestProxy.start(authenticator: Doorkeeper()) { _ in }
        for (line, status) in [(anna, 200), (basic("anna", "x"), 407), ("X: y", 407)] {
            let response = try await proxy.client { client in
                try client.send(head("GET", origin.url(), line))
                client.shutdown()
                return try client.readResponse()
            }
            #expect(response.status == status && response.complete)
        }
        _ = try await proxy.settle(3)
    }
}
