import Apus
import ApusFlow
import ApusTesting
import Testing

@Suite("Tunnels that are not TLS", .timeLimit(.minutes(15)))
struct PlainTunnelTests {
    private static let secret = "GET /secret HTTP/1.1\r\nHost: good.test\r\n\r\n"

    private func start(_ rules: PolicyRules) async throws -> TestProxy {
        try await TestProxy.start(rules: rules, lookUp: { _ in ["127.0.0.1"] }) { _ in }
    }

    /// What comes back for plain HTTP inside a tunnel, and what the host saw of it.
    private func plain(_ proxy: TestProxy, _ text: String = Self.secret) async throws -> (
        answer: String, seen: [UInt8], record: AccessRecord
    ) {
        let seen = Box<[UInt8]>([])
        let origin = try ScriptedOrigin { connection in
            seen.set(try connection.readToEnd())
            try connection.send(ok("secret"))
        }
        let answer = try await proxy.client { [port = origin.port] client in
            #expect(try client.exchange(connect("good.test:\(port)"), method: "CONNECT").status == 200)
            try client.send(text)
            client.shutdown()
            return try client.readToEnd()
        }
        return (String(decoding: answer, as: UTF8.self), seen.value, try await proxy.settle()[0])
    }

    @Test("a rule by name lets none through") func byName() async throws {
        let proxy = try await start(rules(allow { $0.hosts = [.name("good.test")] }))
        let (_, seen, record) = try await plain(proxy)
        #expect(seen == [] && record.fault == "tunnel_not_tls")
    }

    @Test("where the first bytes are HTTP, the refusal is an HTTP answer inside the tunnel") func answered()
        async throws
    {
        let proxy = try await start(rules(allow { $0.hosts = [.name("good.test")] }))
        let (answer, seen, record) = try await plain(proxy)
        #expect(
            answer.hasPrefix("HTTP/1.1 403 ") && answer.contains("What the client sends through the tunnel is not TLS.")
        )
        #expect(answer.contains("Its rule (rule 1) takes TLS alone; write `tls: any` in it"))
        #expect(seen == [] && record.status == 200 && record.bytes.toClient > UInt64(answer.utf8.count))
    }

    @Test("the answer to HEAD has no content, and other protocols get none at all") func others() async throws {
        for text in ["HEAD / HTTP/1.1\r\nHost: good.test\r\n\r\n", "SSH-2.0-OpenSSH_9.9\r\n"] {
            let proxy = try await start(rules(allow()))
            let (answer, seen, record) = try await plain(proxy, text)
            #expect(seen == [] && record.fault == "tunnel_not_tls" && record.rule == "rule 1")
            #expect(
                text.hasPrefix("SSH")
                    ? answer.isEmpty : answer.hasPrefix("HTTP/1.1 403 ") && answer.hasSuffix("\r\n\r\n")
            )
        }
    }

    @Test("no answer stands behind what the host has said") func spoken() async throws {
        let origin = try ScriptedOrigin { connection in
            try connection.send("220 hello\r\n")
            _ = try connection.readToEnd()
        }
        let proxy = try await start(rules(allow()))
        let rest = try await proxy.client { [port = origin.port] client in
            _ = try client.exchange(connect("good.test:\(port)"), method: "CONNECT")
            #expect(try client.read(11) == Array("220 hello\r\n".utf8))
            try client.send(Self.secret)
            return try client.readToEnd()
        }
        #expect(rest.isEmpty)
        #expect(try await proxy.settle()[0].fault == "tunnel_not_tls")
    }

    @Test("TLS alone is taken where the rule does not say, by name or not; the log says what to write")
    func required() async throws {
        let policies: [PolicyRules] = [
            rules(allow("open")), rules(allow("open", tls: .required)),
            rules(allow("open") { $0.ports = [1...65_535] }),
            rules(allow("open") { $0.schemes = [.https] }),
        ]
        for policy in policies {
            let proxy = try await start(policy)
            let (_, seen, record) = try await plain(proxy)
            #expect(seen == [] && record.fault == "tunnel_not_tls" && record.rule == "open")
            #expect(
                record.reason?.hasSuffix(
                    "Its rule (open) takes TLS alone; write `tls: any` in it to let other protocols pass."
                ) == true
            )
        }
    }

    @Test("TLS passes there byte for byte, whatever name it has") func hello() async throws {
        let origin = try ScriptedOrigin { connection in
            try connection.send("got \(try connection.readToEnd().count)")
        }
        let proxy = try await start(rules(allow("open")))
        let bytes = ScriptedHello("other.test").bytes + pattern(100_000)
        let answer = try await proxy.client { [port = origin.port] client in
            _ = try client.exchange(connect("good.test:\(port)"), method: "CONNECT")
            try client.send(bytes)
            client.shutdown()
            return try client.readToEnd()
        }
        #expect(String(decoding: answer, as: UTF8.self) == "got \(bytes.count)")
        let record = try await proxy.settle()[0]
        #expect(record.ending == .complete && record.unjudged == nil && record.serverName == nil)
    }

    @Test(
        "other protocols pass where the rule says any, where there are no rules, and where the setting allows them",
        arguments: ["any", "any by name", "no rules", "setting", "setting by name", "report"]
    )
    func passes(_ what: String) async throws {
        let policy: PolicyRules =
            switch what {
            case "any": rules(allow(tls: .any))
            case "any by name": rules(allow(tls: .any) { $0.hosts = [.name("good.test")] })
            case "no rules": rules()
            case "setting by name": rules(allow { $0.hosts = [.name("good.test")] })
            default: rules(allow())
            }
        let proxy = try await TestProxy.start(rules: policy, lookUp: { _ in ["127.0.0.1"] }) {
            if what.hasPrefix("setting") { $0.serverNames.notTLS = .allow }
            if what == "report" { $0.serverNames.mode = .report }
        }
        let (answer, seen, record) = try await plain(proxy)
        #expect(answer.hasSuffix("secret") && seen == Array(Self.secret.utf8) && record.ending == .complete)
        #expect(record.fault == nil && record.wouldDeny == (what == "report" ? "tunnel_not_tls" : nil))
    }

    @Test("any says nothing of names: that inside TLS still has to be the one of CONNECT") func named() async throws {
        let proxy = try await start(rules(allow(tls: .any) { $0.hosts = [.name("good.test")] }))
        let origin = try ScriptedOrigin { connection in _ = try connection.readToEnd() }
        let answer = try await proxy.client { [port = origin.port] client in
            _ = try client.exchange(connect("good.test:\(port)"), method: "CONNECT")
            try client.send(ScriptedHello("other.test").bytes)
            client.shutdown()
            return try client.readToEnd()
        }
        #expect(answer == [21, 3, 3, 0, 2, 2, 112])
        #expect(try await proxy.settle()[0].fault == "server_name_mismatch")
    }

    @Test(
        "a rule by path, by method or with edits is not passed by in a tunnel",
        arguments: ["path", "method", "edit"]
    )
    func around(_ what: String) async throws {
        var first = deny("no secrets") {
            if what == "path" { $0.paths = ["/secret"] }
            if what == "method" { $0.methods = ["GET"] }
        }
        if what == "edit" {
            first = allow(
                "edits",
                change: {
                    $0.requestFields.drop = ["Cookie"]
                    $0.tls = .any
                },
                when: { $0.ports = [1...65_535] }
            )
        }
        let proxy = try await start(rules(first, allow("rest", tls: .any) { $0.ports = [1...65_535] }))
        let (_, seen, record) = try await plain(proxy)
        #expect(seen == [] && record.fault == "tunnel_not_tls")
    }

    @Test("CONNECT to port 80 is refused where rules read HTTP there, and the answer says what Node's fetch needs")
    func node() async throws {
        let network = try CIDR("127.0.0.0/8")
        let policies = [
            rules(deny { $0.paths = ["/secret"] }, allow(tls: .any) { $0.ports = [80...80] }), rules(allow()),
            rules(allow { $0.hosts = [.network(network)] }),
        ]
        for policy in policies {
            let proxy = try await start(policy)
            let answer = try await proxy.fetch(connect("good.test:80"), method: "CONNECT")
            #expect(answer.status == 403 && String(decoding: answer.body, as: UTF8.self).contains("proxyTunnel: false"))
            let record = try await proxy.settle()[0]
            #expect(record.fault == "plain_tunnel" && record.upstream == nil)
        }
    }

    @Test(
        "it is not where a rule says any, where there are no rules, and where the setting allows it",
        arguments: 0..<4
    )
    func opened(_ what: Int) async throws {
        // Nobody listens there: an attempt is enough.
        let network = try CIDR("127.0.0.0/8")
        let policies = [
            rules(allow(tls: .any)), rules(), rules(allow()),
            rules(allow(tls: .any) { $0.hosts = [.network(network)] }),
        ]
        let proxy = try await TestProxy.start(rules: policies[what], lookUp: { _ in ["127.63.255.1"] }) {
            if what == 2 { $0.serverNames.notTLS = .allow }
        }
        let answer = try await proxy.fetch(connect("good.test:80"), method: "CONNECT")
        #expect(answer.status != 403)
        #expect(try await proxy.settle()[0].fault != "plain_tunnel")
    }
}
