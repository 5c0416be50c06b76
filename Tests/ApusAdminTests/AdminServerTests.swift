import Apus
import ApusAdmin
import ApusFlow
import ApusTesting
import Foundation
import Logging
import Testing

@Suite("The admin listener", .timeLimit(.minutes(15)))
struct AdminServerTests {
    /// A proxy with its admin listener, both on free ports.
    private struct Pair {
        let proxy: TestProxy
        let port: UInt16
        let run: Task<Void, any Error>

        /// An answer of the admin listener.
        func ask(_ method: String, _ path: String, _ fields: String...) async throws -> RawResponse {
            let port = port
            let head =
                ["\(method) \(path) HTTP/1.1"]
                + (fields.contains { $0.hasPrefix("Host:") } ? [] : ["Host: 127.0.0.1:\(port)"])
            let text = (head + fields + ["Connection: close"]).joined(separator: "\r\n") + "\r\n\r\n"
            return try await onOwnThread {
                let client = try RawClient(port: port)
                try client.send(text)
                return try client.readResponse(to: method)
            }
        }

        /// A response by way of the proxy.
        func fetch(_ url: String, _ fields: String...) async throws -> RawResponse {
            let port = proxy.port
            let authority = url.split(separator: "/").dropFirst().first ?? ""
            let head = (["GET \(url) HTTP/1.1", "Host: \(authority)"] + fields).joined(separator: "\r\n") + "\r\n\r\n"
            return try await onOwnThread {
                let client = try RawClient(port: port)
                try client.send(head)
                return try client.readResponse()
            }
        }

        /// The client's end of a tunnel.
        func tunnel(to origin: ScriptedOrigin) async throws -> RawClient {
            let port = proxy.port
            return try await onOwnThread {
                let client = try RawClient(port: port)
                try client.send("CONNECT \(origin.authority) HTTP/1.1\r\nHost: \(origin.authority)\r\n\r\n")
                _ = try client.readHead()
                return client
            }
        }

        func json(_ path: String, _ field: String = "Accept: */*") async throws -> [String: Any] {
            let answer = try await ask("GET", path, field)
            #expect(answer.status == 200)
            return try #require(try JSONSerialization.jsonObject(with: Data(answer.body)) as? [String: Any])
        }
    }

    private func start(
        rules: PolicyRules = PolicyRules(),
        _ change: (inout ProxyConfiguration) -> Void = { _ in }
    ) async throws -> Pair {
        let anyPort = try AdminAddress(parsing: "127.0.0.1:0")
        let proxy = try await TestProxy.start(rules: rules) { configuration in
            configuration.admin.listen = anyPort
            change(&configuration)
        }
        let admin = AdminServer(
            for: proxy.server,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        )
        let run = Task.detached { try await admin.run() }
        guard case .address(let address) = try await admin.address else { throw CancellationError() }
        return Pair(proxy: proxy, port: address.port, run: run)
    }

    private static func read(_ client: RawClient, until text: String) throws -> String {
        var seen = ""
        while !seen.contains(text) { seen += String(decoding: try client.read(1), as: UTF8.self) }
        return seen
    }

    @Test("health, readiness and metrics are told, and readiness ends with the drain") func health() async throws {
        let pair = try await start()
        #expect(try await pair.ask("GET", "/healthz").status == 200)
        #expect(try await pair.ask("GET", "/readyz").status == 200)
        #expect(try await pair.ask("HEAD", "/readyz").status == 200)
        let metrics = try await pair.ask("GET", "/metrics")
        #expect(metrics.value("content-type") == "text/plain; version=0.0.4; charset=utf-8")
        #expect(metrics.text.contains("\napus_ready 1\n"))
        // Something runs, so that the drain does not end at once.
        let origin = try ScriptedOrigin { connection in _ = try connection.readToEnd() }
        let client = try await pair.tunnel(to: origin)
        pair.proxy.server.drain()
        #expect(try await pair.ask("GET", "/readyz").status == 503)
        #expect(try await pair.ask("GET", "/healthz").status == 200)
        #expect(try await pair.ask("GET", "/metrics").text.contains("\napus_tunnels_active 1\n"))
        client.close()
        pair.run.cancel()
    }

    @Test("nobody reaches it through the proxy") func guarded() async throws {
        let pair = try await start()
        #expect(try await pair.fetch("http://127.0.0.1:\(pair.port)/metrics").status == 403)
        #expect(await pair.proxy.record()?.fault == "own_listener")
        pair.run.cancel()
    }

    @Test("a request is listed, shown and filtered") func requests() async throws {
        let pair = try await start()
        let origin = try ScriptedOrigin.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        #expect(try await pair.fetch(origin.url("/a"), "Cookie: a=b").status == 200)
        let record = try #require(await pair.proxy.record())
        let listed = try await pair.json("/api/requests?limit=5")["requests"] as? [[String: Any]]
        #expect(listed?.first?["id"] as? String == record.idText)
        #expect(listed?.first?["path"] as? String == "/a")
        #expect((try await pair.json("/api/requests?status=5xx")["requests"] as? [Any])?.isEmpty == true)
        let shown = try await pair.json("/api/requests/\(record.idText)")
        let request = try #require(shown["request"] as? [String: Any])
        #expect(request["line"] as? String == "GET \(origin.url("/a")) HTTP/1.1")
        #expect((request["fields"] as? [[String]])?.contains(["Cookie", "(redacted)"]) == true)
        #expect(try await pair.ask("GET", "/api/requests/0123").status == 404)
        #expect(try await pair.ask("GET", "/api/requests/xyz").status == 400)
        let archive = try await pair.json("/api/recording.har")
        #expect(((archive["log"] as? [String: Any])?["entries"] as? [Any])?.count == 1)
        pair.run.cancel()
    }

    @Test("recorded bodies are shown as text or base64, in the archive too") func bodies() async throws {
        let pair = try await start { $0.recorder.bodies = 4 }
        let origin = try ScriptedOrigin { connection in
            _ = try connection.readRequest()
            try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nlonger")
        }
        let binary = try ScriptedOrigin { connection in
            _ = try connection.readRequest()
            try connection.send(Array("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n".utf8) + [0xff, 0, 1, 2])
        }
        var shown: [[String: Any]] = []
        for (number, url) in [origin.url(), binary.url()].enumerated() {
            #expect(try await pair.fetch(url).status == 200)
            let record = await pair.proxy.records(count: number + 1)[number]
            let found = try await pair.json("/api/requests/\(record.idText)")
            #expect((found["request"] as? [String: Any])?["body"] is NSNull)
            shown.append(try #require((found["response"] as? [String: Any])?["body"] as? [String: Any]))
        }
        #expect(shown[0]["bytes"] as? Int == 6 && shown[0]["truncated"] as? Bool == true)
        #expect(shown[0]["text"] as? String == "long" && shown[0]["base64"] == nil)
        #expect(shown[1]["bytes"] as? Int == 4 && shown[1]["truncated"] as? Bool == false)
        #expect(shown[1]["base64"] as? String == "/wABAg==" && shown[1]["text"] == nil)
        let archive = try await pair.json("/api/recording.har")
        let entries = (archive["log"] as? [String: Any])?["entries"] as? [[String: Any]] ?? []
        let contents = entries.compactMap { ($0["response"] as? [String: Any])?["content"] as? [String: Any] }
        #expect(contents.map { $0["text"] as? String } == ["long", "/wABAg=="])
        #expect(contents.map { $0["encoding"] as? String } == [nil, "base64"])
        #expect(contents.map { $0["size"] as? Int } == [6, 4])
        let recorder = try await pair.json("/api/status")["recorder"] as? [String: Any]
        #expect(recorder?["bodies"] as? Int == 4)
        pair.run.cancel()
    }

    @Test("who uses it is ranked, a question for credentials is no refusal, and rules tell what they did") func top()
        async throws
    {
        let origin = try ScriptedOrigin.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        var trial = Rule(.deny(Rejection()), name: "trial", isReportOnly: true)
        trial.condition.methods = ["GET"]
        var deny = Rule(.deny(Rejection()), name: "no deletes")
        deny.condition.methods = ["DELETE"]
        var rules = PolicyRules()
        rules.rules = [trial, deny, Rule(.allow(Permission()), name: "all")]
        let pair = try await start(rules: rules)
        for _ in 0..<2 { _ = try await pair.fetch(origin.url("/a")) }
        let port = pair.proxy.port
        let authority = origin.authority
        _ = try await onOwnThread {
            let client = try RawClient(port: port)
            try client.send("DELETE http://\(authority)/ HTTP/1.1\r\nHost: \(authority)\r\n\r\n")
            return try client.readHead()
        }
        _ = await pair.proxy.records(count: 3)
        // The threads hand over what they have counted when the counters are asked for.
        let policy = try await pair.json("/api/policy")
        let rows = try #require(policy["rules"] as? [[String: Any]])
        #expect(rows.map { $0["action"] as? String } == ["deny", "deny", "allow"])
        #expect(rows.map { ($0["counts"] as? [String: Any])?["would_refuse"] as? Int } == [2, 0, 0])
        #expect(rows.map { ($0["counts"] as? [String: Any])?["refused"] as? Int } == [0, 1, 0])
        #expect(rows.map { $0["matches"] as? Int } == [2, 1, 2])
        #expect(rows.allSatisfy { ($0["counts"] as? [String: Any])?["last"] is String })
        let hosts = try await pair.json("/api/top?list=hosts&window=start&by=refused")
        let first = try #require((hosts["rows"] as? [[String: Any]])?.first)
        #expect(
            first["name"] as? String == "127.0.0.1" && first["requests"] as? Int == 3 && first["refused"] as? Int == 1
        )
        let named = try await pair.json("/api/top?list=rules&window=1m")
        #expect((named["rows"] as? [[String: Any]])?.count == 3)
        #expect(try await pair.json("/api/history")["step_seconds"] as? Int == 1)
        for query in ["list=pages", "window=2m", "by=name", "limit=all"] {
            #expect(try await pair.ask("GET", "/api/top?\(query)").status == 400, "\(query)")
        }
        #expect(try await pair.ask("GET", "/api/explain?url=http://a.example/").status == 404)
        pair.run.cancel()
    }

    @Test("a refusal is explained") func explained() async throws {
        var policy = PolicyRules()
        policy.rules = [Rule(.deny(Rejection()), name: "nothing")]
        let pair = try await start(rules: policy)
        #expect(try await pair.fetch("http://example.org/").status == 403)
        let record = try #require(await pair.proxy.record())
        let refused = try await pair.json("/api/requests?refused=1")["requests"] as? [[String: Any]]
        #expect(refused?.count == 1 && refused?.first?["rule"] as? String == "nothing")
        let shown = try await pair.json("/api/requests/\(record.idText)")
        #expect(shown["explanation"] is [String: Any])
        #expect((shown["suggestion"] as? String)?.hasPrefix("- allow: {") == true)
        let rules = try await pair.json("/api/policy")["rules"] as? [[String: Any]]
        #expect(rules?.first?["matches"] as? Int == 1)
        pair.run.cancel()
    }

    @Test("a tunnel is listed, and closed on demand by who shows the token") func closed() async throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("apus-token-\(UUID())")
        try Data("s3cret\n".utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let pair = try await start { $0.admin.tokenFile = file.path }
        let token = "Authorization: Bearer s3cret"
        let origin = try ScriptedOrigin { connection in _ = try connection.readToEnd() }
        let client = try await pair.tunnel(to: origin)
        let open = try #require(try await pair.json("/api/open", token)["open"] as? [[String: Any]])
        let id = try #require(open.first?["id"] as? String)
        #expect(open.first?["phase"] as? String == "tunnel")
        #expect(try await pair.json("/api/status", token)["closes"] as? Bool == true)
        // A page of another site cannot.
        #expect(try await pair.ask("DELETE", "/api/open/\(id)", "Origin: http://evil.example", token).status == 403)
        #expect(try await pair.ask("DELETE", "/api/open/\(id)").status == 401)
        #expect(try await pair.ask("DELETE", "/api/open/\(id)", token).status == 204)
        #expect(try await onOwnThread { client.isClosed() })
        #expect(try await pair.ask("DELETE", "/api/open/\(id)", token).status == 404)
        pair.run.cancel()
    }

    @Test("without a token it only reads: a tunnel stays, and it is said what closes it") func readsOnly() async throws
    {
        let pair = try await start()
        let origin = try ScriptedOrigin { connection in _ = try connection.readToEnd() }
        let client = try await pair.tunnel(to: origin)
        let open = try #require(try await pair.json("/api/open")["open"] as? [[String: Any]])
        let id = try #require(open.first?["id"] as? String)
        #expect(try await pair.json("/api/status")["closes"] as? Bool == false)
        let answer = try await pair.ask("DELETE", "/api/open/\(id)")
        #expect(answer.status == 403)
        #expect(answer.text.contains("apus end \(id)"))
        #expect(try await pair.json("/api/open")["total"] as? Int == 1)
        client.close()
        pair.run.cancel()
    }

    @Test("events begin with what is, and tell what passes") func events() async throws {
        let pair = try await start()
        let origin = try ScriptedOrigin.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        let port = pair.port
        let (events, first) = try await onOwnThread {
            let events = try RawClient(port: port)
            try events.send("GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(try events.readHead().first == "HTTP/1.1 200 OK")
            return (events, try Self.read(events, until: "event: traffic"))
        }
        #expect(first.contains("event: hello\ndata: {\"version\":"))
        _ = try await pair.fetch(origin.url("/seen"))
        // It may be told among what is open first.
        let told = "event: requests\ndata: {\"total\":1,\"shown\":1,"
        let seen = try await onOwnThread { try Self.read(events, until: told) }
        #expect(seen.contains(told))
        pair.run.cancel()
    }

    @Test("names that are not this machine's, and what is not there, are refused with a hint") func refused()
        async throws
    {
        let pair = try await start()
        let rebound = try await pair.ask("GET", "/api/status", "Host: evil.example")
        #expect(rebound.status == 421 && rebound.text.contains("--admin-names"))
        let missing = try await pair.ask("GET", "/nothing")
        #expect(missing.status == 404 && missing.text.contains("openapi.json"))
        #expect(missing.value("x-content-type-options") == "nosniff")
        #expect(missing.value("access-control-allow-origin") == nil)
        pair.run.cancel()
    }

    @Test("a method that a path does not know, and a query that means nothing, are told") func meaningless()
        async throws
    {
        let pair = try await start()
        let other = try await pair.ask("POST", "/api/status")
        #expect(other.status == 405 && other.text.contains("POST means nothing"))
        #expect(other.value("allow") == "GET, HEAD" && other.value("x-content-type-options") == "nosniff")
        #expect(try await pair.ask("QUERY", "/api/open/0000000000000001").status == 405)
        for query in ["limit=-1", "limit=all", "status=4x", "refused=yes"] {
            #expect(try await pair.ask("GET", "/api/requests?\(query)").status == 400, "\(query)")
        }
        #expect(try await pair.ask("GET", "/api/recording.har?limit=1.5").status == 400)
        pair.run.cancel()
    }

    @Test("where a token is set everybody shows it") func token() async throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("apus-token-\(UUID())")
        try Data("s3cret\nnot this\n".utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let pair = try await start { $0.admin.tokenFile = file.path }
        let refused = try await pair.ask("GET", "/api/status")
        #expect(refused.status == 401)
        #expect(refused.value("www-authenticate")?.hasPrefix("Basic ") == true)
        #expect(!refused.text.contains("s3cret"))
        #expect(try await pair.ask("GET", "/api/status", "Authorization: Bearer s3cret").status == 200)
        #expect(try await pair.ask("GET", "/readyz").status == 200)
        pair.run.cancel()
    }

    @Test("what cannot be had is a fault that says what to do") func faults() async throws {
        let pair = try await start()
        var configuration = ProxyConfiguration()
        configuration.admin.listen = try AdminAddress(parsing: "127.0.0.1:\(pair.port)")
        let busy = AdminServer(for: ProxyServer(configuration: configuration))
        await #expect(throws: AdminFault.addressInUse(configuration.admin.listen)) { try await busy.run() }
        await #expect(throws: AdminFault.addressInUse(configuration.admin.listen)) { try await busy.address }
        configuration.admin.listen = .standard
        configuration.admin.tokenFile = "/nonexistent/token"
        let blind = AdminServer(for: ProxyServer(configuration: configuration))
        await #expect(throws: AdminFault.self) { try await blind.run() }
        pair.run.cancel()
    }

    @Test("a UNIX socket is for its owner alone") func socket() async throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(
            "apus-\(UUID().uuidString.prefix(8)).sock"
        ).path
        let proxy = try await TestProxy.start { $0.admin.listen = .socket(path: path) }
        let admin = AdminServer(for: proxy.server)
        let run = Task.detached { try await admin.run() }
        #expect(try await admin.address == .socket(path: path))
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        // Nobody takes it away while it is in use.
        await #expect(throws: AdminFault.addressInUse(.socket(path: path))) {
            try await AdminServer(for: proxy.server).run()
        }
        run.cancel()
        _ = await run.result
    }
}
