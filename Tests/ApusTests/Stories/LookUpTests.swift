import Apus
import ApusFlow
import ApusPolicy
import ApusTesting
import ApusWire
import Testing

/// A name that is looked up is told to others: what is refused anyway is not.
@Suite("Names that are told to a resolver", .timeLimit(.minutes(15)))
struct LookUpTests {
    /// A resolver that counts what it is asked.
    private final class Resolver: Sendable {
        let asked = Box<[String]>([])
        func answer(_ name: String) -> [String] {
            asked.change { $0.append(name) }
            return ["127.0.0.1"]
        }
    }

    private func network(_ block: String) throws -> HostPattern { .network(try CIDR(block)) }

    @Test("a name of which every address would be refused is never asked for") func denied() async throws {
        let origin = try ScriptedOrigin.answering(ok("in"))
        let resolver = Resolver()
        let (ten, loopback) = (try network("10.0.0.0/8"), try network("127.0.0.0/8"))
        let proxy = try await TestProxy.start(
            rules: rules(
                deny("ten") { $0.hosts = [ten] },
                allow("named") { $0.hosts = [.name("api.example")] },
                allow("posts") { ($0.hosts, $0.methods) = ([loopback], ["POST"]) },
                deny("rest")
            ),
            lookUp: resolver.answer
        ) { _ in }
        for number in 0..<5 {
            let url = "http://secret\(number).evil.example:\(origin.port)/"
            #expect(try await proxy.fetch(head("GET", url)).status == 403)
        }
        #expect(try await proxy.fetch(connect("secret.evil.example:443"), method: "CONNECT").status == 403)
        #expect(resolver.asked.value.isEmpty)
        #expect(try await proxy.fetch(head("GET", "http://api.example:\(origin.port)/")).text == "in")
        let post = head("POST", "http://b.example:\(origin.port)/", "Content-Length: 0")
        #expect(try await proxy.fetch(post).text == "in")
        #expect(resolver.asked.value == ["api.example", "b.example"])
        let records = try await proxy.settle(8)
        #expect(records.map(\.rule) == Array(repeating: "rest", count: 6) + ["named", "posts"])
        #expect(records.prefix(6).allSatisfy { $0.ending.stage == .decide && $0.times.lookUp == nil })
    }

    @Test("a tunnel to a port that is closed, a client beyond its limit: neither has a name looked up")
    func refusedFirst() async throws {
        let origin = try ScriptedOrigin.answering(ok("in"))
        let resolver = Resolver()
        let loopback = try network("127.0.0.0/8")
        var once = UsageLimit()
        once.requests = .init(1, per: 3_600_000_000)
        let proxy = try await TestProxy.start(
            rules: rules(allow("here") { $0.hosts = [loopback] }, Rule(.limit(once), name: "once")),
            lookUp: resolver.answer
        ) { $0.connectPorts = .only([443]) }
        #expect(try await proxy.fetch(connect("a.example:22"), method: "CONNECT").status == 403)
        #expect(resolver.asked.value.isEmpty)
        #expect(try await proxy.fetch(head("GET", "http://b.example:\(origin.port)/")).text == "in")
        #expect(try await proxy.fetch(head("GET", "http://c.example:\(origin.port)/")).status == 429)
        #expect(resolver.asked.value == ["b.example"])
        let records = try await proxy.settle(3)
        #expect(records.map(\.fault) == ["connect_port", nil, "request_rate_limit"])
        #expect(records.map(\.rule) == [nil, "here", "once"])
    }

    @Test("what a look-up turns out to refuse counts in no limit") func refusedCountsNowhere() async throws {
        let origin = try ScriptedOrigin.answering(ok("in"))
        let ten = try network("10.0.0.0/8")
        var once = UsageLimit()
        once.requests = .init(1, per: 3_600_000_000)
        let proxy = try await TestProxy.start(
            rules: rules(deny("ten") { $0.hosts = [ten] }, allow("rest"), Rule(.limit(once), name: "once")),
            lookUp: { $0 == "in.example" ? ["127.0.0.1"] : ["10.0.0.1"] }
        ) { _ in }
        for _ in 0..<3 {
            #expect(try await proxy.fetch(head("GET", "http://ten.example:\(origin.port)/")).status == 403)
        }
        #expect(try await proxy.fetch(head("GET", "http://in.example:\(origin.port)/")).text == "in")
        #expect(try await proxy.fetch(head("GET", "http://in.example:\(origin.port)/")).status == 429)
        #expect(try await proxy.settle(5).map(\.rule) == ["ten", "ten", "ten", "rest", "once"])
    }

    @Test("credentials are asked for before a name is looked up, with those that are shown it is")
    func credentials() async throws {
        let origin = try ScriptedOrigin.answering(ok("in"))
        let resolver = Resolver()
        let loopback = try network("127.0.0.0/8")
        let proxy = try await TestProxy.start(
            rules: rules(
                allow("anna's") { ($0.hosts, $0.users) = ([loopback], [.user("anna")]) },
                allow("open") { $0.hosts = [.name("open.example")] }
            ),
            authenticator: Anybody(),
            lookUp: resolver.answer
        ) { _ in }
        func fetch(_ name: String, _ fields: String...) async throws -> Int {
            try await proxy.fetch(head("GET", "http://\(name):\(origin.port)/", fields.first ?? "X-None: 1")).status
        }
        #expect(try await fetch("a.example") == 407)
        #expect(try await fetch("a.example", basic("bo", "x")) == 403)
        #expect(resolver.asked.value.isEmpty)
        #expect(try await fetch("b.example", basic("anna", "x")) == 200)
        #expect(try await fetch("open.example", basic("bo", "x")) == 200)
        #expect(resolver.asked.value == ["b.example", "open.example"])
        _ = try await proxy.settle(4)
    }
}
