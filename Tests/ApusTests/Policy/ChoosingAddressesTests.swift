import Apus
import ApusFlow
import ApusPolicy
import ApusTesting
import ApusWire
import Synchronization
import Testing

/// What a request gets where rules depend on the addresses of a name: only what the rule gives that decided about the address
/// which serves it.
@Suite("Rules by address", .timeLimit(.minutes(2)))
struct ChoosingAddressesTests {
    private static let elsewhere = "127.0.0.9"

    /// A rule that gives its name in a field, and takes `Server` out of the answers.
    private func giving(_ name: String, when condition: (inout Condition) -> Void = { _ in }) -> Rule {
        allow(
            name,
            change: {
                $0.requestFields.set = [FieldEdits.Field(name: "X-Given", value: name)]
                $0.responseFields.drop = ["Server"]
            },
            when: condition
        )
    }

    private func network(_ address: String) throws -> HostPattern { .network(try CIDR(address)) }

    /// A rule in front that asks for addresses and never decides.
    private func asking() throws -> Rule {
        let network = try network(Self.elsewhere)
        return giving("asks") { $0.hosts = [network] }
    }

    // MARK: The rule that only asked

    @Test("a rule that asks for addresses gives nothing: neither its fields, nor its name")
    func onlyAsked() async throws {
        let origins = try SeveralOrigins.telling(["127.0.0.1"])
        let proxy = try await TestProxy.start(
            rules: rules(try asking(), allow("second") { $0.hosts = [.name("api.example")] }),
            lookUp: { _ in ["127.0.0.1"] }
        ) { _ in }
        let answers = try await proxy.client { client in
            try (0..<3).map { _ in try client.exchange(head("GET", "http://api.example:\(origins.port)/")) }
        }
        #expect(answers.map(\.text) == Array(repeating: "127.0.0.1 ", count: 3))
        #expect(answers.allSatisfy { $0.value("server") == "origin" })
        let records = try await proxy.settle(3)
        #expect(records.map(\.rule) == ["second", "second", "second"])
        #expect(records.map(\.reused) == [false, true, true])
    }

    @Test("what a rule behind it reports is reported, and what one refuses is refused by its name")
    func behind() async throws {
        let origins = try SeveralOrigins.telling(["127.0.0.1"])
        var trial = deny("trial") { $0.hosts = [.name("api.example")] }
        trial.isReportOnly = true
        let proxy = try await TestProxy.start(
            rules: rules(try asking(), trial, deny("never") { $0.paths = ["/never"] }, allow("rest")),
            lookUp: { _ in ["127.0.0.1"] }
        ) { _ in }
        let url = "http://api.example:\(origins.port)"
        #expect(try await proxy.fetch(head("GET", "\(url)/")).text == "127.0.0.1 ")
        let refused = try await proxy.fetch(head("GET", "\(url)/never"))
        #expect(refused.status == 403 && refused.text.contains("never") && !refused.text.contains("asks"))
        let records = try await proxy.settle(2)
        #expect(records.map(\.rule) == ["rest", "never"])
        #expect(records[0].wouldDeny == "trial" && records[1].reason?.contains("never") == true)
    }

    @Test(
        "the name inside a tunnel is compared where the rule of its address is by name, whoever asked",
        arguments: [true, false]
    )
    func names(isByName: Bool) async throws {
        let origins = try SeveralOrigins(["127.0.0.1"]) { connection, _ in
            _ = try connection.read()
            try connection.send("through")
        }
        let byName = allow("by name") { $0.hosts = [.name("api.example")] }
        let network = try network("127.0.0.0/8")
        let byAddress = allow("by address") { $0.hosts = [network] }
        let proxy = try await TestProxy.start(
            rules: isByName ? rules(try asking(), byName) : rules(byAddress, byName),
            lookUp: { _ in ["127.0.0.1"] }
        ) { _ in }
        let said = try await proxy.client { client in
            _ = try client.exchange(connect("api.example:\(origins.port)"), method: "CONNECT")
            try client.send(ScriptedHello("other.example").bytes)
            return try client.read(7)
        }
        #expect(said == (isByName ? [21, 3, 3, 0, 2, 2, 112] : Array("through".utf8)))
        #expect(try await proxy.settle().map(\.rule) == [isByName ? "by name" : "by address"])
    }

    @Test("a look-up that fails names no rule") func unresolved() async throws {
        let proxy = try await TestProxy.start(rules: rules(try asking(), allow("rest")), lookUp: { _ in [] }) { _ in }
        #expect(try await proxy.fetch(head("GET", "http://api.example/")).status == 502)
        #expect(try await proxy.settle().map(\.rule) == [nil])
    }

    // MARK: Several addresses

    @Test("the first address that may be dialled decides, and no other one gets what its rule gives")
    func several() async throws {
        let all = ["127.0.0.1", "127.0.0.2", "127.0.0.3"]
        let origins = try SeveralOrigins.telling(all, closed: ["127.0.0.4"])
        let (second, third) = (try network("127.0.0.2"), try network("127.0.0.3"))
        let proxy = try await TestProxy.start(
            rules: rules(
                giving("second") { $0.hosts = [second] },
                deny("third") { $0.hosts = [third] },
                allow("rest")
            ),
            lookUp: { name in name.split(separator: ".").dropLast().map { "127.0.0.\($0.dropFirst())" } }
        ) { _ in }
        func fetch(_ name: String) async throws -> String {
            try await proxy.fetch(head("GET", "http://\(name):\(origins.port)/")).text
        }
        #expect(try await fetch("n1.n2.example") == "127.0.0.1 ")
        #expect(try await fetch("n2.n1.example") == "127.0.0.2 second")
        #expect(try await fetch("n3.n2.n1.example") == "127.0.0.2 second")
        #expect(try await fetch("n3.n1.n2.example") == "127.0.0.1 ")
        // The first refuses connections: what is tried in its place is what the same rule decided about, or nothing.
        #expect(try await proxy.fetch(head("GET", "http://n4.n2.n2.example:\(origins.port)/")).status == 502)
        #expect(try await fetch("n4.n2.n1.example") == "127.0.0.1 ")
        let records = try await proxy.settle(6)
        #expect(records.map(\.rule) == ["rest", "second", "second", "rest", "rest", "rest"])
        #expect(records.map { $0.upstream?.hasPrefix("127.0.0.2") } == [false, true, true, false, false, false])
    }

    @Test(
        "rules that give the same are tried one for the other, and the record names that of the address that answered"
    )
    func alike() async throws {
        let origins = try SeveralOrigins.telling(["127.0.0.2"], closed: ["127.0.0.1"])
        let (first, second) = (try network("127.0.0.1"), try network("127.0.0.2"))
        var trial = deny("trial") { $0.hosts = [second] }
        trial.isReportOnly = true
        let proxy = try await TestProxy.start(
            rules: rules(
                trial,
                allow("one", change: { $0.requestFields.set = [.init(name: "X-Given", value: "x")] }) {
                    $0.hosts = [first]
                },
                allow("two", change: { $0.requestFields.set = [.init(name: "X-Given", value: "x")] }) {
                    $0.hosts = [second]
                }
            ),
            lookUp: { _ in ["127.0.0.1", "127.0.0.2"] }
        ) { _ in }
        #expect(try await proxy.fetch(head("GET", "http://a.example:\(origins.port)/")).text == "127.0.0.2 x")
        let records = try await proxy.settle()
        #expect(records[0].rule == "two" && records[0].wouldDeny == "trial")
    }

    @Test("an address whose limit is used up gives way to one that it does not bound; what it held is given back")
    func limits() async throws {
        let origins = try SeveralOrigins.telling(["127.0.0.1", "127.0.0.2"])
        var two = UsageLimit()
        two.requests = .init(2, per: 3_600_000_000)
        two.key = .rule
        var when = Condition()
        when.hosts = [try network("127.0.0.2")]
        let proxy = try await TestProxy.start(
            rules: rules(Rule(.limit(two), when: when, name: "two an hour"), allow("all")),
            lookUp: { $0 == "both.example" ? ["127.0.0.2", "127.0.0.1"] : ["127.0.0.2"] }
        ) { _ in }
        func fetch(_ name: String) async throws -> RawResponse {
            try await proxy.fetch(head("GET", "http://\(name):\(origins.port)/"))
        }
        #expect(try await fetch("both.example").text == "127.0.0.2 ")
        #expect(try await fetch("one.example").text == "127.0.0.2 ")
        #expect(try await fetch("both.example").text == "127.0.0.1 ")
        #expect(try await fetch("one.example").status == 429)
        #expect(try await fetch("both.example").text == "127.0.0.1 ")
        let records = try await proxy.settle(5)
        #expect(records.map(\.rule) == ["all", "all", "all", "two an hour", "all"])
        #expect(records.map(\.fault) == [nil, nil, nil, "request_rate_limit", nil])
    }

    // MARK: Pooled and stale connections

    @Test("a pooled connection is judged by its own address for each request, and gives what that decision gives")
    func pooled() async throws {
        let origins = try SeveralOrigins.telling(["127.0.0.1"])
        let loopback = try network("127.0.0.1")
        let proxy = try await TestProxy.start(
            rules: rules(
                deny("no") { ($0.hosts, $0.paths) = ([loopback], ["/no"]) },
                giving("x") { ($0.hosts, $0.paths) = ([loopback], ["/x"]) },
                giving("y") { ($0.hosts, $0.paths) = ([loopback], ["/y"]) },
                allow("rest")
            ),
            lookUp: { _ in ["127.0.0.1"] }
        ) { _ in }
        let paths = ["/x", "/y", "/z", "/x"]
        let texts = try await proxy.client { client in
            try paths.map { try client.exchange(head("GET", "http://a.example:\(origins.port)\($0)")).text }
        }
        #expect(texts == ["127.0.0.1 x", "127.0.0.1 y", "127.0.0.1 ", "127.0.0.1 x"])
        #expect(try await proxy.fetch(head("GET", "http://a.example:\(origins.port)/no")).status == 403)
        let records = try await proxy.settle(5)
        #expect(records.map(\.rule) == ["x", "y", "rest", "x", "no"])
        #expect(records.map(\.reused) == [false, true, true, true, false])
    }

    @Test("what is sent again behind a stale connection is changed anew, by the rule of its new address")
    func stale() async throws {
        let origins = try SeveralOrigins.telling(["127.0.0.1", "127.0.0.2"], served: 1)
        let asked = Mutex(0)
        var once = UsageLimit()
        once.requests = .init(2, per: 3_600_000_000)
        once.key = .rule
        var when = Condition()
        when.hosts = [try network("127.0.0.1")]
        let (first, second) = (when.hosts, [try network("127.0.0.2")])
        let proxy = try await TestProxy.start(
            rules: rules(
                giving("first") { $0.hosts = first },
                allow("second", change: { $0.requestFields.set = [.init(name: "X-Other", value: "x")] }) {
                    $0.hosts = second
                },
                Rule(.limit(once), when: when, name: "twice")
            ),
            lookUp: { name in
                guard name == "moves.example" else { return ["127.0.0.1"] }
                return asked.withLock { asked in
                    asked += 1
                    return asked == 1 ? ["127.0.0.1"] : ["127.0.0.2"]
                }
            }
        ) { $0.names.positive = .zero }
        let texts = try await proxy.client { client in
            try (0..<2).map { _ in try client.exchange(head("GET", "http://moves.example:\(origins.port)/")).text }
        }
        #expect(texts == ["127.0.0.1 first", "127.0.0.2 "])
        // The second request counts where it was served: there is room for one more, and no more.
        let statuses = try await proxy.client { client in
            try ["a", "b"].map { try client.exchange(head("GET", "http://\($0).example:\(origins.port)/")).status }
        }
        #expect(statuses == [200, 429])
        let records = try await proxy.settle(4)
        #expect(records.map(\.rule) == ["first", "second", "first", "twice"])
        #expect(records.map(\.status) == [200, 200, 200, 429])
    }

    @Test("a head that a rule changes is changed once, where no rule asks for addresses too")
    func staleWithoutAsking() async throws {
        let origins = try SeveralOrigins.telling(["127.0.0.1"], served: 1)
        let proxy = try await TestProxy.start(rules: rules(giving("all"))) { _ in }
        let url = "http://127.0.0.1:\(origins.port)/"
        let texts = try await proxy.client { client in
            try (0..<3).map { try client.exchange(head("GET", url, "X-Given: mine", "X-N: \($0)")).text }
        }
        #expect(texts == Array(repeating: "127.0.0.1 all", count: 3))
        #expect(try await proxy.settle(3).map(\.rule) == ["all", "all", "all"])
    }

    // MARK: Between the decision and the address

    @Test("a request is decided by the rules it was asked by, though others come in between") func reload() async throws
    {
        let origins = try SeveralOrigins.telling(["127.0.0.1"])
        let loopback = try network("127.0.0.1")
        let (asked, latch) = (Latch(), Latch())
        let proxy = try await TestProxy.start(
            rules: rules(giving("old") { $0.hosts = [loopback] }),
            policy: { ask in
                guard ask.path == "/" else { return .allow }
                asked.open()
                await latch.wait()
                return .allow
            },
            lookUp: { _ in ["127.0.0.1"] }
        ) { _ in }
        let url = "http://a.example:\(origins.port)"
        async let first = proxy.fetch(head("GET", "\(url)/"))
        await asked.wait()
        try proxy.server.reload(
            rules: rules(allow("new"), allow("more"), deny("most")),
            endingDenied: true
        )
        #expect(try await proxy.fetch(head("GET", "\(url)/new")).text == "127.0.0.1 ")
        latch.open()
        #expect(try await first.text == "127.0.0.1 old")
        #expect(try await proxy.settle(2).map(\.rule) == ["new", "old"])
    }

    @Test("an embedder's route is judged by the address that it leads to") func route() async throws {
        let origins = try SeveralOrigins.telling(["127.0.0.1", "127.0.0.2", "127.0.0.3"])
        let (second, third) = (try network("127.0.0.2"), try network("127.0.0.3"))
        let proxy = try await TestProxy.start(
            rules: rules(
                giving("second") { $0.hosts = [second] },
                deny("third") { $0.hosts = [third] },
                allow("rest")
            ),
            policy: { [port = origins.port] ask in
                ask.path == "/" ? .allow : .route(to: .address(host: String(ask.path.dropFirst()), port: port))
            },
            lookUp: { $0 == "two.example" ? ["127.0.0.2"] : ["127.0.0.1"] }
        ) { _ in }
        func fetch(_ path: String) async throws -> RawResponse {
            try await proxy.fetch(head("GET", "http://a.example:\(origins.port)/\(path)"))
        }
        #expect(try await fetch("").text == "127.0.0.1 ")
        #expect(try await fetch("127.0.0.2").text == "127.0.0.2 second")
        #expect(try await fetch("two.example").text == "127.0.0.2 second")
        #expect(try await fetch("127.0.0.3").status == 403)
        #expect(try await proxy.settle(4).map(\.rule) == ["rest", "second", "second", "third"])
    }

    @Test("a host that is an address is decided at once, by its own rule") func literals() async throws {
        let origins = try SeveralOrigins.telling(["127.0.0.1", "127.0.0.2"])
        let second = try network("127.0.0.2")
        let proxy = try await TestProxy.start(
            rules: rules(giving("second") { $0.hosts = [second] }, allow("rest"))
        ) { _ in }
        for host in ["127.0.0.1", "127.0.0.2", "[::ffff:127.0.0.2]", "127.0.0.1"] {
            let text = try await proxy.fetch(head("GET", "http://\(host):\(origins.port)/")).text
            #expect(text == (host.contains("0.0.2") ? "127.0.0.2 second" : "127.0.0.1 "), "\(host)")
        }
        #expect(try await proxy.settle(4).map(\.rule) == ["rest", "second", "second", "rest"])
    }

    @Test("what new rules deny is told by them alone, whatever the old ones reported") func ended() async throws {
        let origins = try SeveralOrigins(["127.0.0.1"]) { connection, _ in
            while try !connection.read().isEmpty {}
        }
        var trial = deny("trial")
        trial.isReportOnly = true
        let proxy = try await TestProxy.start(
            rules: rules(try asking(), trial, giving("old")),
            lookUp: { _ in ["127.0.0.1"] }
        ) { _ in }
        let isClosed = try await proxy.client { [server = proxy.server, port = origins.port] client in
            _ = try client.exchange(connect("a.example:\(port)"), method: "CONNECT")
            try server.reload(rules: rules(deny("new")), endingDenied: true)
            return client.isClosed()
        }
        #expect(isClosed)
        let records = try await proxy.settle()
        #expect(records[0].rule == "new" && records[0].wouldDeny == nil)
    }
}
