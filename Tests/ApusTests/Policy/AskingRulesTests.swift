import Apus
import ApusFlow
import ApusTesting
import Foundation
import Testing

@Suite("Rules decide", .timeLimit(.minutes(15)))
struct AskingRulesTests {
    @Test("the first rule that matches decides, and the record names it") func first() async throws {
        let origin = try ScriptedOrigin.answering(ok("in"))
        let proxy = try await TestProxy.start(
            rules: rules(
                deny("not here") { $0.paths = ["/secret"] },
                allow("docs") { $0.hosts = [.name("docs.example")] },
                deny()
            ),
            lookUp: { _ in ["127.0.0.1"] }
        ) { _ in }
        let statuses = try await proxy.client { client in
            try client.exchange(head("GET", "http://docs.example:\(origin.port)/open")).status
        }
        #expect(statuses == 200)
        #expect(try await proxy.fetch(head("GET", "http://DOCS.example:\(origin.port)/secret?x")).status == 403)
        #expect(try await proxy.fetch(head("GET", "http://other.example:\(origin.port)/")).status == 403)
        let settled = try await proxy.settle(3)
        #expect(settled.map(\.rule) == ["docs", "not here", "rule 3"])
        #expect(settled.map(\.fault) == [nil, "rule", "rule"])
        #expect(settled[1].ending == Ending(.proxy, .decide, .refused))
        #expect(settled[1].reason?.contains("not here") == true)
    }

    @Test("no rule that matches is a refusal, no rule at all is none") func none() async throws {
        let origin = try ScriptedOrigin.answering(ok("in"))
        let closed = try await TestProxy.start(rules: rules(allow { $0.methods = ["HEAD"] })) { _ in }
        let refused = try await closed.fetch(head("GET", "http://\(origin.authority)/"))
        #expect(refused.status == 403 && refused.text.contains("No rule"))
        #expect(try await closed.settle()[0].rule == nil)
        let open = try await TestProxy.start(rules: rules()) { _ in }
        #expect(try await open.fetch(head("GET", "http://\(origin.authority)/")).text == "in")
    }

    @Test("a refusal tells the rule, the contact and the id, as far as it is told to") func telling() async throws {
        let policy = rules(deny("no games") { $0.hosts = [.under("games.example")] }, allow()) {
            $0.contact = "ask@example.org"
        }
        for telling in PolicyRules.Telling.allCases {
            var policy = policy
            policy.telling = telling
            let proxy = try await TestProxy.start(rules: policy) { _ in }
            let answer = try await proxy.fetch(
                head("GET", "http://chess.games.example/", "Accept: application/json")
            )
            let record = try await proxy.settle()[0]
            #expect(answer.status == 403)
            #expect(answer.value("proxy-status")?.contains("error=http_request_denied") == true)
            #expect(answer.text.contains(record.idText))
            #expect(answer.text.contains("no games") == (telling != .nothing))
            #expect(answer.text.contains("ask@example.org") == (telling != .nothing))
            #expect(answer.text.contains("rule in code") == (telling == .everything))
            #expect(record.rule == "no games")
        }
    }

    @Test("a rule's own status and text are the answer's") func ownAnswer() async throws {
        var rejection = Rejection()
        rejection.status = 451
        rejection.text = "Not from <here>."
        let policy = rules(Rule(.deny(rejection)))
        let proxy = try await TestProxy.start(rules: policy) { _ in }
        let answer = try await proxy.fetch(head("GET", "http://a.example/"))
        #expect(answer.status == 451 && answer.text.contains("Not from <here>."))
        let record = try await proxy.settle()[0]
        #expect(record.status == 451 && record.reason?.contains("Not from") == true)
    }

    @Test("a tunnel is decided by its host; a rule that names ports takes the place of connect-ports")
    func tunnels() async throws {
        let origin = try ScriptedOrigin { connection in try connection.send("hello") }
        let proxy = try await TestProxy.start(
            rules: rules(
                allow("named") {
                    $0.hosts = [.name("a.example")]
                    $0.ports = [origin.port...origin.port]
                },
                allow("plain") { $0.hosts = [.name("b.example")] }
            ),
            lookUp: { _ in ["127.0.0.1"] }
        ) { $0.connectPorts = .only([443]) }
        let hello = try await proxy.client { client in
            try client.send(connect("a.example:\(origin.port)"))
            _ = try client.readHead()
            return try client.read(5)
        }
        #expect(hello == Array("hello".utf8))
        let closed = try await proxy.fetch(connect("b.example:\(origin.port)"), method: "CONNECT")
        #expect(closed.status == 403)
        let other = try await proxy.fetch(connect("c.example:443"), method: "CONNECT")
        #expect(other.status == 403)
        let settled = try await proxy.settle(3)
        #expect(Set(settled.map(\.fault)) == [nil, "connect_port", "rule"])
        #expect(settled.first { $0.fault == nil }?.rule == "named")
    }

    @Test("private opens the guard for its own rule alone, a pooled connection included") func exceptions()
        async throws
    {
        let origin = try ScriptedOrigin.answering(ok("inside"))
        let proxy = try await TestProxy.start(
            rules: rules(
                allow(change: { $0.allowsPrivate = true }) { $0.paths = ["/open"] },
                allow()
            ),
            lookUp: { _ in ["127.0.0.1"] }
        ) { $0.allowPrivate = false }
        let url = "http://inside.example:\(origin.port)"
        #expect(try await proxy.fetch(head("GET", "\(url)/open")).text == "inside")
        let refused = try await proxy.fetch(head("GET", "\(url)/other"))
        #expect(refused.value("proxy-status")?.contains("destination_ip_prohibited") == true)
        #expect(try await proxy.fetch(head("GET", "\(url)/open")).text == "inside")
        #expect(try await proxy.settle(3).map(\.fault) == [nil, "loopback", nil])
    }

    @Test("a network matches a name by its addresses: denied ones are not dialled") func networks() async throws {
        let origin = try ScriptedOrigin.answering(ok("allowed"))
        let trap = try PlainSocket.bound(to: "127.0.0.2", port: origin.port, backlog: 1)
        let block = try CIDR("127.0.0.2/32")
        let proxy = try await TestProxy.start(
            rules: rules(deny("not there") { $0.hosts = [.network(block)] }, allow("rest")),
            lookUp: { $0 == "both.example" ? ["127.0.0.2", "127.0.0.1"] : ["127.0.0.2"] }
        ) { _ in }
        for _ in 0..<2 {
            #expect(try await proxy.fetch(head("GET", "http://both.example:\(origin.port)/")).text == "allowed")
        }
        #expect(try await proxy.fetch(head("GET", "http://one.example:\(origin.port)/")).status == 403)
        #expect(try await proxy.fetch(head("GET", "http://127.0.0.2:\(origin.port)/")).status == 403)
        #expect(!trap.isReadable(within: 0))
        #expect(try await proxy.settle(4).map(\.rule) == ["rest", "rest", "not there", "not there"])
    }

    @Test("fields are set and dropped both ways, after a look-up too", arguments: [false, true])
    func fields(byAddress: Bool) async throws {
        let seen = Box<[String]>([])
        let origin = try ScriptedOrigin { connection in
            guard let request = try connection.readRequest() else { return }
            seen.change { $0 = request.head }
            try connection.send(ok("x", "Server: secret", "X-Keep: 1"))
        }
        let network = try CIDR("127.0.0.0/8")
        let proxy = try await TestProxy.start(
            rules: rules(
                allow(change: {
                    $0.requestFields.drop = ["Cookie"]
                    $0.requestFields.set = [FieldEdits.Field(name: "X-Team", value: "ci")]
                    $0.responseFields.drop = ["server"]
                }) { if byAddress { $0.hosts = [.network(network)] } }
            ),
            lookUp: { _ in ["127.0.0.1"] }
        ) { _ in }
        let answer = try await proxy.fetch(
            head("GET", "http://a.example:\(origin.port)/", "cookie: a=b", "X-Team: mine", "X-Other: 1")
        )
        #expect(answer.text == "x" && answer.value("server") == nil && answer.value("x-keep") == "1")
        #expect(seen.value.contains("X-Team: ci") && seen.value.contains("X-Other: 1"))
        #expect(!seen.value.contains { $0.lowercased().hasPrefix("cookie") || $0.contains("mine") })
    }

    @Test("a rule in report mode records what it would do, and the next decides") func report() async throws {
        let origin = try ScriptedOrigin.answering(ok("in"))
        var trial = deny("trial")
        trial.isReportOnly = true
        let proxy = try await TestProxy.start(rules: rules(trial, allow("all"))) { _ in }
        #expect(try await proxy.fetch(head("GET", "http://\(origin.authority)/")).text == "in")
        let record = try await proxy.settle()[0]
        #expect(record.rule == "all" && record.wouldDeny == "trial")
    }

    @Test("a rule that names users asks who is there; rules in front of it do not") func users() async throws {
        let origin = try ScriptedOrigin.answering(ok("in"))
        let proxy = try await TestProxy.start(
            rules: rules(
                allow("open") { $0.paths = ["/open"] },
                deny("not bo") { $0.users = [.user("bo")] },
                allow("ours") { $0.users = [.group("ops")] }
            ) { $0.groups = ["ops": ["anna", "bo"]] },
            authenticator: Anybody()
        ) { _ in }
        func asked(by user: String, _ path: String = "/") async throws -> Int {
            let proof = Data("\(user):x".utf8).base64EncodedString()
            return try await proxy.fetch(
                head("GET", "http://\(origin.authority)\(path)", "Proxy-Authorization: Basic \(proof)")
            ).status
        }
        #expect(try await proxy.fetch(head("GET", "http://\(origin.authority)/open")).text == "in")
        #expect(try await proxy.fetch(head("GET", "http://\(origin.authority)/")).status == 407)
        for _ in 0..<2 {
            #expect(try await asked(by: "anna") == 200)
            #expect(try await asked(by: "bo") == 403)
            #expect(try await asked(by: "carl") == 403)
        }
        let settled = try await proxy.settle(8)
        #expect(settled.map(\.rule) == ["open", "not bo", "ours", "not bo", nil, "ours", "not bo", nil])
        #expect(settled.map(\.user) == [nil, nil, "anna", "bo", "carl", "anna", "bo", "carl"])
    }

    @Test("on a listener for others a rule's from lets its clients in") func admission() async throws {
        let origin = try ScriptedOrigin.answering(ok("in"))
        let network = try CIDR("127.0.0.0/8")
        let everywhere = try ListenAddress(parsing: "0.0.0.0:0")
        let open = try await TestProxy.start(rules: rules(allow { $0.from = [network] })) {
            $0.listeners = [everywhere]
        }
        #expect(try await open.fetch(head("GET", "http://\(origin.authority)/")).text == "in")
        let closed = try await TestProxy.start(rules: rules(allow())) { $0.listeners = [everywhere] }
        #expect(try await closed.fetch(head("GET", "http://\(origin.authority)/")).status == 403)
        #expect(try await closed.settle()[0].fault == "client_not_allowed")
    }
}
