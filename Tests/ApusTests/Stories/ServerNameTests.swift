import Apus
import ApusFlow
import ApusPolicy
import ApusTesting
import Testing

@Suite("The name inside a tunnel", .timeLimit(.minutes(15)))
struct ServerNameTests {
    /// A proxy that looks into every tunnel to a name; all names are this machine.
    private func start(_ change: (inout ProxyConfiguration.ServerNameSettings) -> Void = { _ in }) async throws
        -> TestProxy
    {
        try await TestProxy.start(lookUp: { _ in ["127.0.0.1"] }) { configuration in
            configuration.serverNames.scope = .all
            change(&configuration.serverNames)
        }
    }

    /// An origin that tells how many bytes came, and what they were.
    private func counting(_ seen: Box<[UInt8]>) throws -> ScriptedOrigin {
        try ScriptedOrigin { connection in
            let all = try connection.readToEnd()
            seen.set(all)
            try connection.send("got \(all.count)")
        }
    }

    /// Opens a tunnel to `a.example`, sends these pieces, each its own write, ends, and reads all that comes.
    private func send(_ pieces: [[UInt8]], _ proxy: TestProxy, _ origin: ScriptedOrigin) async throws -> [UInt8] {
        let port = origin.port
        return try await proxy.client { client in
            _ = try client.exchange(connect("a.example:\(port)"), method: "CONNECT")
            for piece in pieces { try client.send(piece) }
            client.shutdown()
            return try client.readToEnd()
        }
    }

    private static let alert: [UInt8] = [21, 3, 3, 0, 2, 2, 112]

    @Test("the host of CONNECT passes byte for byte, whatever the reads and the records", arguments: [0, 1, 2, 3, 4])
    func equal(_ way: Int) async throws {
        var hello = ScriptedHello("A.Example")
        hello.padding = 1500
        hello.isEncrypted = true
        let bytes = way == 3 ? hello.records([3, 200, 2000]) : hello.bytes
        let rest = pattern(1 << 20)
        let pieces: [[UInt8]] =
            switch way {
            case 0: [bytes + rest]
            case 1: [bytes, rest]
            case 2: ScriptedHello("a.example").bytes.map { [$0] } + [rest]
            case 3: [Array(bytes[..<4]), Array(bytes[4..<700]), bytes[700...] + rest]
            default: [Array(bytes.dropLast()), bytes.suffix(1) + rest]
            }
        let seen = Box<[UInt8]>([])
        let origin = try counting(seen)
        let proxy = try await start()
        let all = Array(pieces.joined())
        let answer = try await send(pieces, proxy, origin)
        #expect(String(decoding: answer, as: UTF8.self) == "got \(all.count)")
        #expect(seen.value == all)
        let record = try await proxy.settle()[0]
        #expect(
            record.ending == .complete && record.status == 200 && record.kind == .tunnel && record.host == "a.example"
        )
        #expect(record.fault == nil && record.wouldDeny == nil && record.serverName == nil)
        #expect(record.bytes.toUpstream == UInt64(all.count))
        #expect(record.bytes.fromClient == UInt64(connect("a.example:\(origin.port)").utf8.count + all.count))
    }

    @Test("bytes behind the CONNECT's head count as well", arguments: ["a.example", "b.example"])
    func early(_ name: String) async throws {
        let seen = Box<[UInt8]>([])
        let origin = try counting(seen)
        let proxy = try await start()
        let hello = ScriptedHello(name).bytes
        let answer = try await proxy.client { [port = origin.port] client in
            try client.send(Array(connect("a.example:\(port)").utf8) + hello)
            client.shutdown()
            _ = try client.readResponse(to: "CONNECT")
            return try client.readToEnd()
        }
        let isAllowed = name == "a.example"
        #expect(answer == (isAllowed ? Array("got \(hello.count)".utf8) : Self.alert))
        #expect(seen.value == (isAllowed ? hello : []))
        #expect(try await proxy.settle()[0].ending.isComplete == isAllowed)
    }

    @Test("another name is refused before the host has seen a byte") func other() async throws {
        let seen = Box<[UInt8]>([1])
        let ended = try Gate()
        let origin = try ScriptedOrigin { connection in
            seen.set(try connection.readToEnd())
            ended.open()
        }
        let proxy = try await start()
        let hello = ScriptedHello("b.example").bytes
        let answer = try await proxy.client { [port = origin.port] client in
            _ = try client.exchange(connect("a.example:\(port)"), method: "CONNECT")
            // No end: the proxy closes of itself, once the client has.
            try client.send(hello + pattern(50_000))
            let answer = try client.readToEnd()
            try ended.wait()
            return answer
        }
        #expect(answer == Self.alert)
        let record = try await proxy.settle()[0]
        #expect(seen.value == [])
        #expect(record.ending == Ending(.proxy, .relay, .refused) && record.status == 200)
        #expect(record.fault == "server_name_mismatch" && record.proxyStatus == "http_request_denied")
        #expect(record.serverName == "b.example" && record.host == "a.example" && record.wouldDeny == nil)
        #expect(record.bytes.toUpstream == 0 && record.bytes.fromUpstream == 0)
        #expect(record.bytes.fromClient >= UInt64(connect("a.example:\(origin.port)").utf8.count + hello.count))
    }

    @Test("in report mode it passes, and the record tells") func report() async throws {
        let seen = Box<[UInt8]>([])
        let origin = try counting(seen)
        let proxy = try await start { $0.mode = .report }
        let hello = ScriptedHello("b.example").bytes
        #expect(try await send([hello], proxy, origin) == Array("got \(hello.count)".utf8))
        let record = try await proxy.settle()[0]
        #expect(record.ending == .complete && record.fault == nil)
        #expect(record.wouldDeny == "server_name_mismatch" && record.serverName == "b.example")
        #expect(seen.value == hello && record.bytes.toUpstream == UInt64(hello.count))
    }

    @Test("off, nothing is looked at; and a tunnel to an address never is") func off() async throws {
        let seen = Box<[UInt8]>([])
        let origin = try counting(seen)
        let hello = ScriptedHello("b.example").bytes
        let off = try await start { $0.mode = .off }
        #expect(try await send([hello], off, origin) == Array("got \(hello.count)".utf8))
        #expect(try await off.settle()[0].wouldDeny == nil)
        let proxy = try await start()
        let answer = try await proxy.client { client in
            _ = try client.exchange(connect(origin.authority), method: "CONNECT")
            try client.send(hello)
            client.shutdown()
            return try client.readToEnd()
        }
        #expect(answer == Array("got \(hello.count)".utf8))
        #expect(try await proxy.settle()[0].ending == .complete)
    }

    @Test(
        "what has no right name is refused or passes, as is set",
        arguments: [
            ("missing", "server_name_missing", 109), ("encrypted", "server_name_encrypted", 49),
            ("plain", "tunnel_not_tls", nil),
        ] as [(String, String, UInt8?)]
    )
    func handling(_ what: String, _ label: String, _ alert: UInt8?) async throws {
        var hello = ScriptedHello(what == "missing" ? nil : "a.example")
        hello.isEncrypted = what == "encrypted"
        let bytes = what == "plain" ? Array("GET / HTTP/1.1\r\nHost: b.example\r\n\r\n".utf8) : hello.bytes
        for handling in ServerNameCheck.Handling.allCases {
            let seen = Box<[UInt8]>([])
            let origin = try counting(seen)
            let proxy = try await start {
                $0.missing = handling
                $0.encrypted = handling
                $0.notTLS = handling
            }
            let answer = try await send([bytes], proxy, origin)
            let record = try await proxy.settle()[0]
            if handling == .allow {
                #expect(seen.value == bytes && record.ending == .complete)
            } else {
                if let alert {
                    #expect(answer == [21, 3, 3, 0, 2, 2, alert])
                } else {
                    #expect(String(decoding: answer, as: UTF8.self).hasPrefix("HTTP/1.1 403 "))
                }
                #expect(seen.value == [] && record.fault == label && record.serverName == nil)
            }
        }
    }

    @Test("a hello that is larger than it may be is refused by its first bytes") func large() async throws {
        let origin = try counting(Box([]))
        let proxy = try await start { $0.limit = 1024 }
        var hello = ScriptedHello("a.example")
        hello.padding = 2000
        let bytes = hello.bytes
        let answer = try await proxy.client { [port = origin.port] client in
            _ = try client.exchange(connect("a.example:\(port)"), method: "CONNECT")
            try client.send(Array(bytes[..<9]))
            return try client.readToEnd()
        }
        #expect(answer == [21, 3, 3, 0, 2, 2, 49])
        #expect(try await proxy.settle()[0].fault == "client_hello_too_large")
    }

    @Test("a host that speaks first is heard, and its client is refused without an alert") func serverFirst()
        async throws
    {
        let origin = try ScriptedOrigin { connection in
            try connection.send("220 hello\r\n")
            _ = try connection.readToEnd()
        }
        for handling in ServerNameCheck.Handling.allCases {
            let proxy = try await start { $0.notTLS = handling }
            let rest = try await proxy.client { [port = origin.port] client in
                _ = try client.exchange(connect("a.example:\(port)"), method: "CONNECT")
                #expect(try client.read(11) == Array("220 hello\r\n".utf8))
                // Even what would be an alert is none behind the host's own words.
                try client.send(handling == .allow ? Array("EHLO b\r\n".utf8) : ScriptedHello("b.example").bytes)
                client.shutdown()
                return try client.readToEnd()
            }
            #expect(rest.isEmpty)
            let record = try await proxy.settle()[0]
            #expect(record.ending.isComplete == (handling == .allow))
            #expect(record.bytes.fromUpstream == 11 && record.bytes.toUpstream == (handling == .allow ? 8 : 0))
        }
    }

    @Test("a client that closes in the middle of its hello", arguments: [ServerNameCheck.Mode.enforce, .report])
    func cutShort(_ mode: ServerNameCheck.Mode) async throws {
        let seen = Box<[UInt8]>([])
        let origin = try counting(seen)
        let proxy = try await start { $0.mode = mode }
        let part = Array(ScriptedHello("b.example").bytes[..<60])
        let answer = try await send([part], proxy, origin)
        let record = try await proxy.settle()[0]
        #expect(record.bytes.fromClient == UInt64(connect("a.example:\(origin.port)").utf8.count + 60))
        if mode == .enforce {
            #expect(answer == [] && seen.value == [])
            #expect(record.ending == Ending(.client, .relay, .closed) && record.bytes.toUpstream == 0)
        } else {
            #expect(answer == Array("got 60".utf8) && seen.value == part)
            #expect(record.ending == .complete && record.bytes.toUpstream == 60)
        }
    }

    @Test("a client that says nothing and closes ends as ever") func silent() async throws {
        let origin = try counting(Box([]))
        let proxy = try await start()
        #expect(try await send([], proxy, origin) == Array("got 0".utf8))
        #expect(try await proxy.settle()[0].ending == .complete)
    }

    @Test("a reset of either end in the middle of the hello", arguments: [true, false])
    func resets(ofClient: Bool) async throws {
        let held = try Gate()
        let origin = try ScriptedOrigin { connection in
            if ofClient { return _ = try? connection.readToEnd() }
            try held.wait()
            connection.reset()
        }
        let proxy = try await start()
        try await proxy.client { [port = origin.port] client in
            _ = try client.exchange(connect("a.example:\(port)"), method: "CONNECT")
            try client.send(Array(ScriptedHello("a.example").bytes[..<60]))
            held.open()
            if ofClient { client.reset() } else { #expect(client.isReset()) }
        }
        let record = try await proxy.settle()[0]
        #expect(record.ending == Ending(ofClient ? .client : .upstream, .relay, .reset))
        #expect(record.bytes.toUpstream == 0)
    }

    @Test("a hello that does not become whole in time", arguments: [ServerNameCheck.Mode.enforce, .report])
    func late(_ mode: ServerNameCheck.Mode) async throws {
        let came = try Gate()
        let origin = try ScriptedOrigin { connection in
            if try connection.read(60).count == 60 { came.open() }
            try connection.send("ok")
            _ = try connection.readToEnd()
        }
        let proxy = try await start {
            $0.mode = mode
            $0.time = .milliseconds(100)
        }
        let answer = try await proxy.client { [port = origin.port] client in
            _ = try client.exchange(connect("a.example:\(port)"), method: "CONNECT")
            try client.send(Array(ScriptedHello("a.example").bytes[..<60]))
            if mode == .report {
                try came.wait()
                client.shutdown()
            }
            return try client.readToEnd()
        }
        let record = try await proxy.settle()[0]
        if mode == .enforce {
            #expect(answer == [21, 3, 3, 0, 2, 2, 49])
            #expect(record.fault == "client_hello_late" && record.ending == Ending(.proxy, .relay, .refused))
        } else {
            #expect(answer == Array("ok".utf8))
            #expect(record.wouldDeny == "client_hello_late" && record.bytes.toUpstream == 60)
        }
    }

    @Test("a rule by name has its tunnels looked at, another rule has not") func byRule() async throws {
        let seen = Box<[UInt8]>([])
        let origin = try counting(seen)
        let hello = ScriptedHello("b.example").bytes
        for isByName in [true, false] {
            let proxy = try await TestProxy.start(
                rules: rules(allow { if isByName { $0.hosts = [.under("example")] } }),
                lookUp: { _ in ["127.0.0.1"] }
            ) { _ in }
            let answer = try await send([hello], proxy, origin)
            let record = try await proxy.settle()[0]
            #expect(answer == (isByName ? Self.alert : Array("got \(hello.count)".utf8)))
            #expect(record.fault == (isByName ? "server_name_mismatch" : nil) && record.rule == "rule 1")
        }
    }

    @Test("all is the same where a limit counts the bytes", arguments: ["whole", "other", "part"])
    func counted(_ what: String) async throws {
        let seen = Box<[UInt8]>([])
        let origin = try counting(seen)
        var limit = UsageLimit()
        limit.bandwidth = UsageLimit.Rate(100_000_000, per: 1_000_000)
        limit.volume = UsageLimit.Rate(10_000_000, per: 3_600_000_000)
        let proxy = try await TestProxy.start(
            rules: rules(Rule(.limit(limit)), allow { $0.hosts = [.name("a.example")] }),
            lookUp: { _ in ["127.0.0.1"] }
        ) { if what == "part" { $0.serverNames.mode = .report } }
        let hello = ScriptedHello(what == "other" ? "b.example" : "a.example").bytes
        let pieces = what == "part" ? [Array(hello[..<60])] : [Array(hello[..<60]), hello[60...] + pattern(1 << 20)]
        let all = Array(pieces.joined())
        let answer = try await send(pieces, proxy, origin)
        let record = try await proxy.settle()[0]
        if what == "other" {
            #expect(answer == Self.alert && record.fault == "server_name_mismatch" && record.bytes.toUpstream == 0)
        } else {
            #expect(String(decoding: answer, as: UTF8.self) == "got \(all.count)")
            #expect(seen.value == all && record.ending == .complete && record.bytes.toUpstream == UInt64(all.count))
        }
    }

    @Test("what is held in front of a FIN passes as slowly as a limit wants, and then the FIN") func slowly()
        async throws
    {
        let part = 3000
        let origin = try ScriptedOrigin { connection in
            // What the client may have at once is used up before it speaks.
            try connection.send(pattern(48 << 10))
            try connection.send("got \(try connection.readToEnd().count)")
        }
        var limit = UsageLimit()
        limit.bandwidth = UsageLimit.Rate(5_000, per: 100_000)
        let proxy = try await TestProxy.start(
            rules: rules(Rule(.limit(limit)), allow { $0.hosts = [.name("a.example")] }),
            lookUp: { _ in ["127.0.0.1"] }
        ) { $0.serverNames.mode = .report }
        var hello = ScriptedHello("a.example")
        hello.padding = 4000
        let bytes = hello.bytes
        let answer = try await proxy.client { [port = origin.port] client in
            _ = try client.exchange(connect("a.example:\(port)"), method: "CONNECT")
            _ = try client.read(48 << 10)
            try client.send(Array(bytes[..<part]))
            client.shutdown()
            return try client.readToEnd()
        }
        #expect(String(decoding: answer, as: UTF8.self) == "got \(part)")
        let record = try await proxy.settle()[0]
        #expect(record.ending == .complete && record.bytes.toUpstream == UInt64(part))
    }

    @Test("a drain waits for a tunnel whose hello is held") func drains() async throws {
        let origin = try counting(Box([]))
        let proxy = try await start()
        let hello = ScriptedHello("a.example").bytes
        try await proxy.client { [port = origin.port] client in
            _ = try client.exchange(connect("a.example:\(port)"), method: "CONNECT")
            try client.send(Array(hello[..<60]))
            proxy.server.drain()
            try client.send(Array(hello[60...]))
            client.shutdown()
            #expect(try client.readToEnd() == Array("got \(hello.count)".utf8))
        }
        #expect(try await proxy.settle()[0].ending == .complete)
    }
}
