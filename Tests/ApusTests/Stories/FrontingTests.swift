import Apus
import ApusFlow
import ApusPolicy
import ApusTesting
import Testing

@Suite("A name inside a tunnel that rules deny", .timeLimit(.minutes(15)))
struct FrontingTests {
    private static let alert: [UInt8] = [21, 3, 3, 0, 2, 2, 112]
    private static let bad: [HostPattern] = [.name("bad.test"), .under("bad.test")]

    /// A proxy to whose rules all names are this machine.
    private func start(
        _ rules: PolicyRules,
        authenticator: (any Authenticator)? = nil,
        _ change: @escaping (inout ProxyConfiguration) -> Void = { _ in }
    ) async throws -> TestProxy {
        try await TestProxy.start(rules: rules, authenticator: authenticator, lookUp: { _ in ["127.0.0.1"] }, change)
    }

    private static func denying(_ more: (inout Condition) -> Void = { _ in }) -> PolicyRules {
        rules(
            deny("no bad") {
                $0.hosts = bad
                more(&$0)
            },
            allow("rest", tls: .any)
        )
    }

    /// An origin that tells how many bytes came.
    private func counting(_ seen: Box<[UInt8]> = Box([])) throws -> ScriptedOrigin {
        try ScriptedOrigin { connection in
            let all = try connection.readToEnd()
            seen.set(all)
            try connection.send("got \(all.count)")
        }
    }

    /// Opens a tunnel, sends these pieces, each its own write, ends, and reads all that comes.
    private func send(
        _ pieces: [[UInt8]],
        to host: String = "good.test",
        _ proxy: TestProxy,
        _ origin: ScriptedOrigin,
        _ fields: String = ""
    ) async throws -> [UInt8] {
        let head = fields.isEmpty ? connect("\(host):\(origin.port)") : connect("\(host):\(origin.port)", fields)
        return try await proxy.client { client in
            #expect(try client.exchange(head, method: "CONNECT").status == 200)
            for piece in pieces { try client.send(piece) }
            client.shutdown()
            return try client.readToEnd()
        }
    }

    private func passed(_ bytes: [UInt8]) -> [UInt8] { Array("got \(bytes.count)".utf8) }

    @Test(
        "is refused before the host has seen a byte, by name or by address, in any case, whole or in pieces",
        arguments: ["good.test", "127.0.0.1"],
        [0, 1, 2]
    )
    func refused(_ host: String, _ way: Int) async throws {
        let seen = Box<[UInt8]>([1])
        let origin = try counting(seen)
        let proxy = try await start(Self.denying())
        let bytes = ScriptedHello(way == 0 ? "bad.test" : "WWW.Bad.Test").bytes
        let pieces = way == 2 ? bytes.map { [$0] } : [bytes]
        #expect(try await send(pieces, to: host, proxy, origin) == Self.alert)
        let record = try await proxy.settle()[0]
        #expect(seen.value == [] && record.bytes.toUpstream == 0)
        #expect(record.fault == "server_name_denied" && record.rule == "no bad" && record.host == host)
        #expect(record.serverName == (way == 0 ? "bad.test" : "www.bad.test"))
        #expect(record.ending == Ending(.proxy, .relay, .refused) && record.wouldDeny == nil && record.unjudged == nil)
    }

    @Test("a hello that hides behind the version of its record, or a dot, is refused as well", arguments: 0..<5)
    func spellings(_ way: Int) async throws {
        let seen = Box<[UInt8]>([1])
        let origin = try counting(seen)
        let proxy = try await start(Self.denying())
        var bytes = ScriptedHello(way == 3 ? "bad.test." : "bad.test").bytes
        switch way {
        case 0: bytes[2] = 0
        case 1: bytes[2] = 9
        case 2: bytes[1] = 15
        case 4: bytes = [21, 3, 1, 0, 2, 1, 90] + bytes
        default: break
        }
        let answer = try await send([bytes], proxy, origin)
        let record = try await proxy.settle()[0]
        #expect(seen.value == [] && answer.first == 21)
        #expect(record.fault == (way < 3 ? "server_name_denied" : "client_hello_malformed"))
    }

    @Test("any other name passes, and the record tells it; that of CONNECT needs none") func others() async throws {
        for name in ["fine.test", "good.test"] {
            let seen = Box<[UInt8]>([])
            let origin = try counting(seen)
            let proxy = try await start(Self.denying())
            let bytes = ScriptedHello(name).bytes + pattern(100_000)
            #expect(try await send([bytes], proxy, origin) == passed(bytes))
            let record = try await proxy.settle()[0]
            #expect(seen.value == bytes && record.ending == .complete && record.rule == "rest")
            #expect(record.serverName == (name == "fine.test" ? name : nil) && record.unjudged == nil)
        }
    }

    @Test("a rule with an exception by name no longer allows what is inside") func excepted() async throws {
        let origin = try counting()
        let rules = rules(
            allow("all but bad") {
                var bad = Condition()
                bad.hosts = Self.bad
                $0.exceptions = [bad]
            }
        )
        let proxy = try await start(rules)
        #expect(try await send([ScriptedHello("bad.test").bytes], proxy, origin) == Self.alert)
        let record = try await proxy.settle()[0]
        #expect(record.fault == "server_name_denied" && record.rule == nil)
    }

    @Test(
        "what has no name passes with a word in its record, unless its own settings deny it",
        arguments: ["server_name_missing", "server_name_encrypted", "tunnel_not_tls"]
    )
    func unjudged(_ label: String) async throws {
        var hello = ScriptedHello(label == "server_name_missing" ? nil : "good.test")
        hello.isEncrypted = label == "server_name_encrypted"
        let bytes = label == "tunnel_not_tls" ? Array("GET / HTTP/1.1\r\nHost: bad.test\r\n\r\n".utf8) : hello.bytes
        for handling in ServerNameCheck.Handling.allCases {
            let seen = Box<[UInt8]>([])
            let origin = try counting(seen)
            let proxy = try await start(Self.denying()) {
                // Those of names that must be CONNECT's say nothing here.
                $0.serverNames.missing = .deny
                $0.serverNames.encrypted = .deny
                $0.serverNames.notTLS = .deny
                $0.serverNames.denials.missing = handling
                $0.serverNames.denials.encrypted = handling
                $0.serverNames.denials.notTLS = handling
            }
            let answer = try await send([bytes], proxy, origin)
            let record = try await proxy.settle()[0]
            if handling == .allow {
                #expect(answer == passed(bytes) && seen.value == bytes)
                #expect(record.ending == .complete && record.unjudged == label && record.wouldDeny == nil)
            } else {
                #expect(seen.value == [] && record.fault == label && record.unjudged == nil && record.rule == "rest")
            }
        }
    }

    @Test("a hello that is denied by its outer name is, whatever is encrypted in it") func outer() async throws {
        let origin = try counting()
        let proxy = try await start(Self.denying())
        var hello = ScriptedHello("bad.test")
        hello.isEncrypted = true
        #expect(try await send([hello.bytes], proxy, origin) == Self.alert)
        #expect(try await proxy.settle()[0].rule == "no bad")
    }

    @Test("half a hello does not pass, whether its time is over or its client has ended") func half() async throws {
        for isLate in [true, false] {
            let seen = Box<[UInt8]>([])
            let origin = try counting(seen)
            let proxy = try await start(Self.denying()) { if isLate { $0.serverNames.time = .milliseconds(100) } }
            let part = Array(ScriptedHello("bad.test").bytes[..<60])
            let answer = try await proxy.client { [port = origin.port] client in
                _ = try client.exchange(connect("good.test:\(port)"), method: "CONNECT")
                try client.send(part)
                if !isLate { client.shutdown() }
                return try client.readToEnd()
            }
            let record = try await proxy.settle()[0]
            #expect(seen.value == [] && record.bytes.toUpstream == 0)
            #expect(answer == (isLate ? [21, 3, 3, 0, 2, 2, 49] : []))
            #expect(record.fault == (isLate ? "client_hello_late" : nil))
        }
    }

    @Test(
        "in report mode, of the setting, the policy or the rule, it passes and the record tells the rule",
        arguments: 0..<3
    )
    func reports(_ what: Int) async throws {
        let seen = Box<[UInt8]>([])
        let origin = try counting(seen)
        var policy = Self.denying()
        if what == 1 { policy.isReportOnly = true }
        if what == 2 { policy.rules[0].isReportOnly = true }
        let proxy = try await start(policy) { if what == 0 { $0.serverNames.mode = .report } }
        let hello = ScriptedHello("bad.test").bytes
        #expect(try await send([hello], proxy, origin) == passed(hello))
        let record = try await proxy.settle()[0]
        #expect(seen.value == hello && record.ending == .complete && record.fault == nil && record.rule == "rest")
        #expect(record.wouldDeny == "no bad" && record.serverName == "bad.test")
    }

    @Test("where only reports could come of it, nothing is refused: not half a hello, nor one with a fault")
    func reportingOnly() async throws {
        var policy = Self.denying()
        policy.rules[0].isReportOnly = true
        for bytes in [Array(ScriptedHello("bad.test").bytes[..<60]), ScriptedHello("bad.test.").bytes] {
            let seen = Box<[UInt8]>([])
            let origin = try counting(seen)
            let proxy = try await start(policy)
            #expect(try await send([bytes], proxy, origin) == passed(bytes))
            let record = try await proxy.settle()[0]
            #expect(seen.value == bytes && record.ending == .complete)
            #expect(record.wouldDeny == (bytes.count == 60 ? nil : "client_hello_malformed"))
        }
    }

    @Test("nothing is looked at where no rule by name can take the client or its port, nor when it is off")
    func notLookedAt() async throws {
        let elsewhere = try CIDR("192.0.2.0/24")
        let policies: [PolicyRules] = [
            Self.denying { $0.from = [elsewhere] }, Self.denying { $0.ports = [1...1] },
            Self.denying { $0.schemes = [.http] }, rules(allow("rest", tls: .any)), Self.denying(),
        ]
        for (index, policy) in policies.enumerated() {
            let origin = try counting()
            let proxy = try await start(policy) { if index == 4 { $0.serverNames.mode = .off } }
            let hello = ScriptedHello("bad.test").bytes
            #expect(try await send([hello], proxy, origin) == passed(hello))
            let record = try await proxy.settle()[0]
            #expect(record.ending == .complete && record.serverName == nil && record.unjudged == nil)
        }
    }

    @Test("a user whom a rule denies by name is denied inside, and who shows nobody cannot be asked there")
    func users() async throws {
        let policy = rules(
            deny("not anna") {
                $0.hosts = Self.bad
                $0.users = [.user("anna")]
            },
            allow("rest")
        )
        let cases = [
            (basic("anna", "sesame"), "server_name_denied"), (basic("bo", "abracadabra"), nil),
            ("X-None: 1", "server_name_denied"),
        ]
        for (field, fault) in cases {
            let origin = try counting()
            let proxy = try await start(policy, authenticator: Doorkeeper()) { $0.authentication.required = .auto }
            let hello = ScriptedHello("bad.test").bytes
            let answer = try await send([hello], proxy, origin, field)
            let record = try await proxy.settle()[0]
            #expect(answer == (fault == nil ? passed(hello) : Self.alert))
            #expect(record.fault == fault && record.rule == (fault == nil ? "rest" : "not anna"))
        }
    }

    @Test(
        "a reload between CONNECT and hello leaves the rules that decided; one that ends what is denied does not",
        arguments: [false, true]
    )
    func reload(endingDenied: Bool) async throws {
        let seen = Box<[UInt8]>([])
        let origin = try counting(seen)
        let proxy = try await start(Self.denying())
        let hello = ScriptedHello("other.test").bytes
        let answer = try await proxy.client { [port = origin.port, server = proxy.server] client in
            _ = try client.exchange(connect("good.test:\(port)"), method: "CONNECT")
            try client.send(Array(hello[..<60]))
            try server.reload(
                rules: rules(deny("no other") { $0.hosts = [.name("other.test")] }, allow("new")),
                endingDenied: endingDenied
            )
            // The same thread has taken the rules when it has answered by them.
            let next = try RawClient(port: proxy.port)
            defer { next.close() }
            #expect(try next.exchange(head("GET", "http://other.test:\(port)/")).status == 403)
            try client.send(Array(hello[60...]))
            client.shutdown()
            return try client.readToEnd()
        }
        let records = try await proxy.settle(2)
        let record = try #require(records.first { $0.kind == .tunnel })
        #expect(answer == (endingDenied ? Self.alert : passed(hello)))
        #expect(record.rule == (endingDenied ? "no other" : "rest") && record.serverName == "other.test")
    }

    @Test("what new rules deny is ended by the name that was found inside, when asked") func ended() async throws {
        let origin = try ScriptedOrigin { connection in
            while let bytes = try? connection.read(1) { try connection.send(bytes) }
        }
        let proxy = try await start(Self.denying())
        let hello = ScriptedHello("other.test").bytes
        let isClosed = try await proxy.client { [port = origin.port, server = proxy.server] client in
            _ = try client.exchange(connect("good.test:\(port)"), method: "CONNECT")
            try client.send(hello)
            _ = try client.read(hello.count)
            try server.reload(
                rules: rules(deny("no other") { $0.hosts = [.name("other.test")] }, allow("new")),
                endingDenied: true
            )
            return client.isClosed()
        }
        #expect(isClosed)
        let record = try await proxy.settle()[0]
        #expect(record.rule == "no other" && record.ending == Ending(.proxy, .decide, .refused))
    }

    @Test("a host that speaks first is heard, and what follows is judged") func serverFirst() async throws {
        let origin = try ScriptedOrigin { connection in
            try connection.send("220 hello\r\n")
            _ = try connection.readToEnd()
        }
        let proxy = try await start(Self.denying())
        let rest = try await proxy.client { [port = origin.port] client in
            _ = try client.exchange(connect("good.test:\(port)"), method: "CONNECT")
            #expect(try client.read(11) == Array("220 hello\r\n".utf8))
            try client.send("EHLO b\r\n")
            client.shutdown()
            return try client.readToEnd()
        }
        let record = try await proxy.settle()[0]
        #expect(rest.isEmpty && record.ending == .complete && record.unjudged == "tunnel_not_tls")
    }

    @Test("all is the same where a limit counts the bytes") func counted() async throws {
        var limit = UsageLimit()
        limit.bandwidth = UsageLimit.Rate(100_000_000, per: 1_000_000)
        for name in ["bad.test", "fine.test"] {
            let origin = try counting()
            var policy = Self.denying()
            policy.rules.append(Rule(.limit(limit)))
            let proxy = try await start(policy)
            let bytes = ScriptedHello(name).bytes + pattern(200_000)
            let answer = try await send([Array(bytes[..<60]), Array(bytes[60...])], proxy, origin)
            let record = try await proxy.settle()[0]
            #expect(answer == (name == "bad.test" ? Self.alert : passed(bytes)))
            #expect(record.bytes.toUpstream == (name == "bad.test" ? 0 : UInt64(bytes.count)))
        }
    }
}
