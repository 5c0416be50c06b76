import Apus
import ApusFlow
import ApusPolicy
import ApusTesting
import Testing

@Suite("Clients of SOCKS", .timeLimit(.minutes(15)))
struct SOCKSTests {
    /// Messages of clients.
    private enum Message {
        static func port(_ port: UInt16) -> [UInt8] { [UInt8(port >> 8), UInt8(port & 255)] }
        static func greeting(_ methods: UInt8...) -> [UInt8] { [5, UInt8(methods.count)] + methods }
        static func name(_ name: String, _ port: UInt16, command: UInt8 = 1) -> [UInt8] {
            [5, command, 0, 3, UInt8(name.utf8.count)] + Array(name.utf8) + Self.port(port)
        }
        static func address(_ port: UInt16) -> [UInt8] { [5, 1, 0, 1, 127, 0, 0, 1] + Self.port(port) }
        static func old(_ port: UInt16, user: String = "") -> [UInt8] {
            [4, 1] + Self.port(port) + [127, 0, 0, 1] + Array(user.utf8) + [0]
        }
        static func old(_ name: String, _ port: UInt16) -> [UInt8] {
            [4, 1] + Self.port(port) + [0, 0, 0, 1, 0] + Array(name.utf8) + [0]
        }
        static func credentials(_ user: String, _ password: String) -> [UInt8] {
            [1, UInt8(user.utf8.count)] + Array(user.utf8) + [UInt8(password.utf8.count)] + Array(password.utf8)
        }
    }

    private static func reply(_ code: UInt8) -> [UInt8] { [5, code, 0, 1, 0, 0, 0, 0, 0, 0] }
    private static let granted: [UInt8] = [0, 90, 0, 0, 0, 0, 0, 0]
    private static let rejected: [UInt8] = [0, 91, 0, 0, 0, 0, 0, 0]

    private func start(
        rules: PolicyRules = PolicyRules(),
        authenticator: (any Authenticator)? = nil,
        _ change: (inout ProxyConfiguration) -> Void = { _ in }
    ) async throws -> TestProxy {
        try await TestProxy.start(
            rules: rules,
            authenticator: authenticator,
            lookUp: { $0 == "gone.test" ? [] : ["127.0.0.1"] },
            change
        )
    }

    /// What comes back of a client that says this in pieces, and then ends.
    private func talk(_ proxy: TestProxy, _ pieces: [[UInt8]]) async throws -> [UInt8] {
        try await proxy.client { client in
            for piece in pieces { try client.send(piece) }
            client.shutdown()
            return try client.readToEnd()
        }
    }

    private func echo() throws -> ScriptedOrigin {
        try ScriptedOrigin { connection in
            let bytes = try connection.readToEnd()
            try connection.send("got \(bytes.count)")
        }
    }

    // MARK: Tunnels

    @Test("get a tunnel by each version, cut anywhere and with what is the tunnel's behind it", arguments: 0..<4)
    func tunnels(_ kind: Int) async throws {
        let origin = try echo()
        let proxy = try await start()
        let (bytes, answer, word): ([UInt8], [UInt8], String) =
            switch kind {
            case 0: (Message.greeting(0) + Message.name("Good.test", origin.port), [5, 0] + Self.reply(0), "socks5")
            case 1: (Message.greeting(1, 0) + Message.address(origin.port), [5, 0] + Self.reply(0), "socks5")
            case 2: (Message.old(origin.port, user: "ann"), Self.granted, "socks4")
            default: (Message.old("good.test", origin.port), Self.granted, "socks4a")
            }
        let all = bytes + Array("hello".utf8)
        let expected = answer + Array("got 5".utf8)
        for cut in 1..<all.count {
            let seen = try await talk(proxy, [Array(all[..<cut]), Array(all[cut...])])
            #expect(seen == expected, "cut at \(cut)")
        }
        #expect(try await talk(proxy, [all]) == expected)
        #expect(try await talk(proxy, all.map { [$0] }) == expected)
        let records = try await proxy.settle(all.count + 1)
        for record in records {
            #expect(record.kind == .tunnel && record.method == "CONNECT" && record.path.isEmpty)
            #expect(record.host == (kind == 0 || kind == 3 ? "good.test" : "127.0.0.1") && record.port == origin.port)
            #expect(record.clientProtocol == word && record.httpVersion.isEmpty && record.status == 200)
            #expect(record.ending == .complete && record.user == nil && record.claimedUser == (kind == 2 ? "ann" : nil))
            #expect(record.bytes.fromClient == UInt64(all.count) && record.bytes.toClient == UInt64(expected.count))
        }
    }

    @Test("are told of a tunnel only once it stands, and lose what they have sent to one that does not")
    func refusedDial()
        async throws
    {
        let proxy = try await start()
        // Nobody listens there: other tests are on 127.0.0.1.
        let all = Message.greeting(0) + [5, 1, 0, 1, 127, 77, 0, 1, 0, 9] + Array("secret".utf8)
        #expect(try await talk(proxy, [all]) == [5, 0] + Self.reply(5))
        #expect(try await talk(proxy, [[4, 1, 0, 9, 127, 77, 0, 1, 0]]) == Self.rejected)
        #expect(
            try await talk(proxy, [Message.greeting(0) + Message.name("gone.test", 443)]) == [5, 0] + Self.reply(4)
        )
        let records = try await proxy.settle(3)
        #expect(records.map(\.status) == [502, 502, 502])
        #expect(records.map(\.ending.stage) == [.reach, .reach, .lookUp])
    }

    // MARK: Refusals

    @Test("are held to rules by name as a CONNECT is") func ruled() async throws {
        let origin = try echo()
        let proxy = try await start(
            rules: rules(allow("good", tls: .any) { $0.hosts = [.name("good.test")] }, deny("rest"))
        )
        let start = Message.greeting(0)
        #expect(
            try await talk(proxy, [start + Message.name("good.test", origin.port) + [1, 2]])
                == [5, 0] + Self.reply(0) + Array("got 2".utf8)
        )
        #expect(try await talk(proxy, [start + Message.name("evil.test", origin.port)]) == [5, 0] + Self.reply(2))
        #expect(try await talk(proxy, [start + Message.address(origin.port)]) == [5, 0] + Self.reply(2))
        let records = try await proxy.settle(3)
        #expect(records.map(\.rule) == ["good", "rest", "rest"] && records.map(\.status) == [200, 403, 403])
        // Who looks names up by himself hides them from the rules.
        #expect(records[1].reason?.contains("socks5h") == false && records[2].reason?.contains("socks5h") == true)
    }

    @Test("are held to the name in the ClientHello, and read the alert") func hello() async throws {
        let origin = try echo()
        let proxy = try await start(rules: rules(allow { $0.hosts = [.name("good.test")] }))
        let all = Message.greeting(0) + Message.name("good.test", origin.port)
        let other = try await talk(proxy, [all + ScriptedHello("other.test").bytes])
        #expect(other == [5, 0] + Self.reply(0) + [21, 3, 3, 0, 2, 2, 112])
        let same = try await talk(proxy, [all + ScriptedHello("good.test").bytes])
        #expect(same.starts(with: [5, 0] + Self.reply(0) + Array("got ".utf8)))
        #expect(try await proxy.settle(2).map(\.fault) == ["server_name_mismatch", nil])
    }

    @Test("that want plain HTTP are sent to the HTTP proxy") func plain() async throws {
        let proxy = try await start(rules: rules(allow()))
        #expect(try await talk(proxy, [Message.greeting(0) + Message.name("good.test", 80)]) == [5, 0] + Self.reply(2))
        let record = try await proxy.settle()[0]
        #expect(record.fault == "plain_tunnel" && record.reason?.contains("http_proxy=") == true)
    }

    @Test(
        "that ask for what is not served are told so",
        arguments: [
            (Message.name("a.test", 443, command: 2), 7, "socks_command"),
            (Message.name("a.test", 443, command: 3), 7, "socks_command"),
            ([5, 1, 0, 2, 9, 9], 8, "socks_address_type"),
            ([5, 1, 7, 1], 1, "malformed_socks"), ([4, 1, 0], 1, "malformed_socks"),
            (Message.name("a b", 443), 1, "malformed_host"), (Message.name("a.test", 0), 1, "port_out_of_range"),
            (Message.name("0x7f.1", 443), 1, "legacy_ipv4_spelling"),
        ] as [([UInt8], UInt8, String)]
    )
    func faulty(_ request: [UInt8], _ code: UInt8, _ fault: String) async throws {
        let proxy = try await start()
        #expect(try await talk(proxy, [Message.greeting(0), request + [1, 2, 3]]) == [5, 0] + Self.reply(code))
        let record = try await proxy.settle()[0]
        #expect(record.fault == fault && record.status == 400 && record.clientProtocol == "socks5")
        #expect(record.ending == Ending(.client, .read, .fault) && record.kind == .tunnel)
    }

    @Test("that do not go on are ended when the time of a head is over") func slow() async throws {
        let proxy = try await start { $0.timeouts.head = .milliseconds(200) }
        let (first, second) = try await (
            proxy.client { client in
                try client.send([5])
                return try client.readToEnd()
            },
            proxy.client { client in
                try client.send(Message.greeting(0) + [5, 1])
                return try client.readToEnd()
            }
        )
        #expect(first == [5, 255] && second == [5, 0] + Self.reply(1))
        #expect(try await proxy.settle(2).map(\.fault) == ["request_head_timeout", "request_head_timeout"])
    }

    // MARK: Users

    @Test("who show credentials are known, cut anywhere") func known() async throws {
        let origin = try echo()
        let keeper = Doorkeeper()
        let proxy = try await start(authenticator: keeper)
        let all =
            Message.greeting(0, 2) + Message.credentials("anna", "sesame") + Message.name("good.test", origin.port) + [
                9
            ]
        let expected = [5, 2, 1, 0] + Self.reply(0) + Array("got 1".utf8)
        for cut in 1..<all.count {
            #expect(try await talk(proxy, [Array(all[..<cut]), Array(all[cut...])]) == expected, "cut at \(cut)")
        }
        let records = try await proxy.settle(all.count - 1)
        #expect(records.allSatisfy { $0.user == "anna" && $0.status == 200 && $0.host == "good.test" })
        #expect(keeper.count == 1)
    }

    @Test("whose credentials are wrong read so, and nothing behind them is read") func wrong() async throws {
        let origin = try echo()
        let proxy = try await start(authenticator: Doorkeeper())
        let request = Message.name("good.test", origin.port)
        for (user, password) in [("anna", "Sesame"), ("eve", "x"), ("anna:sesame", "x"), ("an\u{1}na", "x")] {
            let seen = try await talk(proxy, [Message.greeting(2) + Message.credentials(user, password) + request])
            #expect(seen == [5, 2, 1, 1])
        }
        let records = try await proxy.settle(4)
        #expect(
            records.map(\.fault) == [
                "credentials_invalid", "credentials_invalid", "credentials_invalid", "control_in_credentials",
            ]
        )
        #expect(records.allSatisfy { $0.user == nil && $0.host.isEmpty })
    }

    @Test("who need not be known are nobody without credentials, and with an empty password") func nobody() async throws
    {
        let origin = try echo()
        let keeper = Doorkeeper()
        let proxy = try await start(
            rules: rules(
                allow("open", tls: .any) { $0.hosts = [.name("good.test")] },
                allow { $0.users = [.user("anna")] }
            ),
            authenticator: keeper
        )
        let good = Message.name("good.test", origin.port)
        let end = Self.reply(0) + Array("got 0".utf8)
        #expect(try await talk(proxy, [Message.greeting(0) + good]) == [5, 0] + end)
        let java = Message.greeting(0, 2) + Message.credentials("root", "")
        #expect(try await talk(proxy, [java + good]) == [5, 2, 1, 0] + end)
        #expect(try await talk(proxy, [Message.old("good.test", origin.port)]) == Self.granted + Array("got 0".utf8))
        // Where only somebody may, the request is refused, for there is no second word in SOCKS.
        let other = Message.name("other.test", origin.port)
        #expect(try await talk(proxy, [Message.greeting(0) + other]) == [5, 0] + Self.reply(2))
        #expect(try await talk(proxy, [Message.old("other.test", origin.port)]) == Self.rejected)
        let records = try await proxy.settle(5)
        #expect(records.map(\.status) == [200, 200, 200, 407, 407] && records.allSatisfy { $0.user == nil })
        #expect(records[3].fault == "credentials_missing" && records[3].host == "other.test" && keeper.count == 0)
    }

    @Test("who have to be known are served by no other method, nor by SOCKS 4") func required() async throws {
        let origin = try echo()
        let proxy = try await start(authenticator: Doorkeeper()) { $0.authentication.required = .always }
        #expect(try await talk(proxy, [Message.greeting(0) + Message.address(origin.port)]) == [5, 255])
        #expect(
            try await talk(proxy, [Message.greeting(0, 2) + Message.credentials("anna", "")]) == [5, 2, 1, 1]
        )
        #expect(try await talk(proxy, [Message.old(origin.port, user: "anna")]) == Self.rejected)
        let anna = Message.greeting(0, 2) + Message.credentials("anna", "sesame") + Message.address(origin.port)
        #expect(try await talk(proxy, [anna]) == [5, 2, 1, 0] + Self.reply(0) + Array("got 0".utf8))
        let records = try await proxy.settle(4)
        #expect(records.map(\.fault) == ["credentials_missing", "credentials_missing", "credentials_missing", nil])
        #expect(records[3].user == "anna")
    }

    // MARK: Listeners

    @Test("are served where the listener says so, and HTTP where it does") func protocols() async throws {
        let origin = try ScriptedOrigin.answering(ok("welcome"))
        let asked = Message.greeting(0) + Message.address(origin.port)
        for protocols in [.http, .socks] as [ListenerProtocols] {
            let proxy = try await start {
                var options = ListenerOptions()
                options.protocols = protocols
                $0.listenerOptions[$0.listeners[0]] = options
            }
            let socks = try await talk(proxy, [asked])
            let old = try await talk(proxy, [Message.old(origin.port)])
            let http = try await proxy.fetch(head("GET", origin.url()))
            #expect(socks == (protocols == .socks ? [5, 0] + Self.reply(0) : [5, 255]))
            #expect(old == (protocols == .socks ? Self.granted : Self.rejected))
            #expect(http.status == (protocols == .socks ? 403 : 200))
            let faults = try await proxy.settle(3).map(\.fault)
            let no = "protocol_not_served"
            #expect(faults == (protocols == .socks ? [nil, nil, no] : [no, no, nil]))
        }
    }

    @Test("are told apart by the first byte of a connection, and by no later one") func later() async throws {
        let origin = try ScriptedOrigin.answering(ok("welcome"))
        let proxy = try await start()
        let answer = try await proxy.client { client in
            #expect(try client.exchange(head("GET", origin.url())).status == 200)
            try client.send(Message.greeting(0))
            return try client.readResponse()
        }
        #expect(answer.status == 400)
        #expect(try await proxy.settle(2).map(\.fault) == [nil, "malformed_method"])
    }
}
