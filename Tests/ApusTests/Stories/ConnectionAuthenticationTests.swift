import Apus
import ApusFlow
import ApusTesting
import Testing

@Suite("A connection that an origin authenticates", .timeLimit(.minutes(1)))
struct ConnectionAuthenticationTests {
    /// An origin that takes everything on a connection for that of the one who proved himself there, as NTLM has it: a first message
    /// is answered with a challenge, the next one proves the user named in it.
    private static func mailboxes(_ grant: String = "X: y") throws -> ScriptedOrigin {
        try ScriptedOrigin { connection in
            var user: String?
            while let request = try connection.readRequest() {
                let words = (request.value("authorization") ?? "").split(separator: " ")
                if words.count == 2, words[1] == "hello" {
                    try connection.send(refusal("WWW-Authenticate: \(words[0]) challenge"))
                    continue
                }
                if words.count == 2 { user = String(words[1]) }
                guard let user else {
                    try connection.send(refusal("WWW-Authenticate: Negotiate", "WWW-Authenticate: NTLM"))
                    continue
                }
                try connection.send(ok("mailbox of \(user)", grant))
            }
        }
    }

    private static func refusal(_ fields: String...) -> String {
        (["HTTP/1.1 401 Unauthorized", "Content-Length: 0"] + fields).joined(separator: "\r\n") + "\r\n\r\n"
    }

    @Test(
        "is its client's to the end, and nobody else's",
        arguments: ["NTLM alice", "Negotiate alice", "ntlm alice", "Kerberos alice"]
    )
    func proved(_ credentials: String) async throws {
        let origin = try Self.mailboxes()
        let proxy = try await TestProxy.start()
        let (mine, status) = try await proxy.client { [port = proxy.port] client in
            let first = try client.exchange(head("GET", origin.url(), "Authorization: \(credentials)")).text
            let other = try RawClient(port: port)
            defer { other.close() }
            let status = try other.exchange(head("GET", origin.url())).status
            return ([first, try client.exchange(head("GET", origin.url())).text], status)
        }
        #expect(mine == ["mailbox of alice", "mailbox of alice"] && status == 401)
        #expect(origin.connectionCount == 2)
        #expect(try await proxy.settle(3).map(\.reused) == [false, false, true])
    }

    @Test(
        "is kept from others by what the origin says, too",
        arguments: ["Persistent-Auth: true", "WWW-Authenticate: NTLM x"]
    )
    func granted(_ field: String) async throws {
        // Its own scheme is none that is known.
        let origin = try Self.mailboxes(field)
        let proxy = try await TestProxy.start()
        let request = head("GET", origin.url(), "Authorization: Magic alice")
        #expect(try await proxy.fetch(request).text == "mailbox of alice")
        #expect(try await proxy.fetch(head("GET", origin.url())).status == 401)
        _ = try await proxy.settle(2)
    }

    @Test("is made anew for such credentials, and they are sent once") func unrepeated() async throws {
        let origin = try ScriptedOrigin { connection in
            while let request = try connection.readRequest() {
                if request.value("authorization") != nil { return connection.reset() }
                try connection.send(ok("plain"))
            }
        }
        let proxy = try await TestProxy.start()
        let statuses = try await proxy.client { client in
            [
                try client.exchange(head("GET", origin.url())).status,
                try client.exchange(head("GET", origin.url(), "Authorization: NTLM alice")).status,
            ]
        }
        #expect(statuses == [200, 502] && origin.requests.count == 2 && origin.connectionCount == 2)
        _ = try await proxy.settle(2)
    }

    @Test("of other schemes goes into the pool as before", arguments: ["Basic YWxpY2U6eA==", "Bearer NTLM"])
    func others(_ credentials: String) async throws {
        let origin = try ScriptedOrigin.answering(ok("x"))
        let proxy = try await TestProxy.start()
        for _ in 0..<3 { _ = try await proxy.fetch(head("GET", origin.url(), "Authorization: \(credentials)")) }
        #expect(origin.connectionCount == 1)
        _ = try await proxy.settle(3)
    }

    @Test("serves all that an authentication of several steps takes, and the client is told that it will") func steps()
        async throws
    {
        let origin = try Self.mailboxes()
        let proxy = try await TestProxy.start()
        let (first, texts) = try await proxy.client { client in
            let first = try client.exchange(head("GET", origin.url()))
            _ = try client.exchange(head("GET", origin.url(), "Authorization: NTLM hello"))
            let third = try client.exchange(head("GET", origin.url(), "Authorization: NTLM alice")).text
            return (first, [third, try client.exchange(head("GET", origin.url())).text])
        }
        #expect(first.value("proxy-support") == "Session-Based-Authentication")
        #expect(texts == ["mailbox of alice", "mailbox of alice"])
        #expect(origin.connectionCount == 1)
        #expect(try await proxy.fetch(head("GET", origin.url())).status == 401)
        #expect(origin.connectionCount == 2)
        _ = try await proxy.settle(5)
    }

    @Test("serves requests that are there all at once, with bodies as well") func pipelined() async throws {
        let origin = try Self.mailboxes()
        let proxy = try await TestProxy.start()
        let texts = try await proxy.client { client in
            let post = head("POST", origin.url(), "Content-Length: 2") + "ab"
            let get = head("GET", origin.url())
            try client.send(head("GET", origin.url(), "Authorization: NTLM alice") + get + post + get)
            return try (0..<4).map { _ in try client.readResponse().text }
        }
        #expect(texts == Array(repeating: "mailbox of alice", count: 4) && origin.connectionCount == 1)
        _ = try await proxy.settle(4)
    }

    @Test("is closed as soon as another user asks by the same client connection") func users() async throws {
        let origin = try Self.mailboxes()
        let proxy = try await TestProxy.start(authenticator: Doorkeeper()) { _ in }
        let (anna, bo) = (basic("anna", "sesame"), basic("bo", "abracadabra"))
        let texts = try await proxy.client { client in
            let mine = head("GET", origin.url(), "Authorization: NTLM alice", anna)
            return try [
                mine, head("GET", origin.url(), anna), head("GET", origin.url(), bo), head("GET", origin.url(), anna),
            ]
            .map { try client.exchange($0).text }
        }
        #expect(texts == ["mailbox of alice", "mailbox of alice", "", ""] && origin.connectionCount == 3)
        _ = try await proxy.settle(4)
    }

    @Test("is left alone by requests to other origins, of which the next one takes its place") func origins()
        async throws
    {
        let ended = try Gate()
        let first = try ScriptedOrigin { connection in
            while try connection.readRequest() != nil { try connection.send(ok("first", "Persistent-Auth: true")) }
            ended.open()
        }
        let (plain, second) = (try ScriptedOrigin.answering(ok("plain")), try Self.mailboxes())
        let proxy = try await TestProxy.start()
        let texts = try await proxy.client { client in
            let urls = [first.url(), plain.url(), first.url(), second.url()]
            var texts = try urls.map { try client.exchange(head("GET", $0)).text }
            try ended.wait()
            texts.append(try client.exchange(head("GET", second.url(), "Authorization: NTLM alice")).text)
            return texts
        }
        #expect(texts == ["first", "plain", "first", "", "mailbox of alice"])
        #expect([first, plain, second].map(\.connectionCount) == [1, 1, 1])
        _ = try await proxy.settle(5)
    }

    @Test("is nobody's who forwards the requests of others, and nothing is promised to him") func forwarded()
        async throws
    {
        let origin = try Self.mailboxes()
        let proxy = try await TestProxy.start()
        let via = "Via: 1.1 child"
        let (refused, texts) = try await proxy.client { client in
            let refused = try client.exchange(head("GET", origin.url(), via))
            let requests = [
                head("GET", origin.url(), via, "Authorization: NTLM alice"), head("GET", origin.url()),
                head("GET", origin.url(), "Authorization: NTLM bo"), head("GET", origin.url(), via),
            ]
            return (refused, try requests.map { try client.exchange($0).text })
        }
        #expect(refused.status == 401 && refused.value("proxy-support") == nil)
        #expect(texts == ["mailbox of alice", "", "mailbox of bo", ""])
        #expect(origin.connectionCount == 4)
        _ = try await proxy.settle(5)
    }

    @Test("that its origin ends with a request is the end of that request, which is sent nowhere else") func broken()
        async throws
    {
        let origin = try ScriptedOrigin { connection in
            _ = try connection.readRequest()
            try connection.send(ok("mailbox", "Persistent-Auth: true"))
            _ = try connection.readRequest()
        }
        let proxy = try await TestProxy.start()
        let statuses = try await proxy.client { client in
            try (0..<2).map { _ in try client.exchange(head("GET", origin.url())).status }
        }
        #expect(statuses == [200, 502] && origin.connectionCount == 1)
        _ = try await proxy.settle(2)
    }

    /// Who ends an idle connection.
    enum End: CaseIterable { case origin, originSpeaks, time, client, tunnel, drain }

    @Test("is closed with its client, by its origin, after its idle time, in a drain", arguments: End.allCases)
    func ends(_ end: End) async throws {
        let ended = try Gate()
        let origin = try ScriptedOrigin { connection in
            while try connection.readRequest() != nil {
                try connection.send(ok("\(connection.number)", "Persistent-Auth: true"))
                guard connection.number == 1 else { continue }
                if end == .origin { connection.shutdown() }
                if end == .originSpeaks { try connection.send(ok("smuggled")) }
                _ = try? connection.readToEnd()
                ended.open()
                return
            }
        }
        let proxy = try await TestProxy.start {
            if end == .time { $0.timeouts.upstreamIdle = .milliseconds(100) }
        }
        let texts = try await proxy.client { [server = proxy.server] client in
            let first = try client.exchange(head("GET", origin.url())).text
            switch end {
            case .origin, .originSpeaks, .time: try ended.wait()
            case .client:
                client.close()
                try ended.wait()
                return [first]
            case .tunnel:
                try client.send(connect(origin.authority))
                _ = try client.readHead()
                try ended.wait()
                return [first]
            case .drain:
                server.drain()
                try ended.wait()
                return [first]
            }
            return [first, try client.exchange(head("GET", origin.url())).text]
        }
        #expect(texts == (texts.count == 1 ? ["1"] : ["1", "2"]))
        _ = try await proxy.settle(end == .client || end == .drain ? 1 : 2)
    }

    @Test("is not used for what other rules deny meanwhile") func reloaded() async throws {
        let origin = try Self.mailboxes()
        let proxy = try await TestProxy.start(rules: rules(allow("old"))) { _ in }
        let statuses = try await proxy.client { [server = proxy.server] client in
            let request = head("GET", origin.url(), "Authorization: NTLM alice")
            let first = try client.exchange(request).status
            try server.reload(rules: rules(deny("new")))
            return [first, try client.exchange(head("GET", origin.url())).status]
        }
        #expect(statuses == [200, 403] && origin.requests.count == 1)
        _ = try await proxy.settle(2)
    }
}
