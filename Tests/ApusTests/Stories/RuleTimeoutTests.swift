import Apus
import ApusFlow
import ApusPolicy
import ApusTesting
import ApusWire
import Testing

/// How long an origin may be silent by the rule that allowed the request. No peer has to be quicker than a time: what is to wait for
/// longer than one goes on when that has passed for another request, which came later.
@Suite("The times of a rule", .timeLimit(.minutes(1)))
struct RuleTimeoutTests {
    private static let short = Duration.milliseconds(200)

    /// A rule for a path, with its own times.
    private func rule(_ path: String, _ name: String? = nil, _ change: (inout RuleTimeouts) -> Void) -> Rule {
        allow(name, change: { change(&$0.timeouts) }, when: { $0.paths = [path] })
    }

    /// Answers `/slow` when the gate opens, `/quick` at once, and all else never.
    private func origin(_ opens: Gate, _ arrived: Gate? = nil) throws -> ScriptedOrigin {
        try ScriptedOrigin { connection in
            while let request = try connection.readRequest() {
                switch request.target {
                case "/slow":
                    arrived?.open()
                    try opens.wait()
                    try connection.send(ok("late"))
                case "/quick": try connection.send(ok("soon"))
                default: _ = try connection.readToEnd()
                }
            }
        }
    }

    /// Asks for `/slow`, and then by another connection for `/mute`: the origin goes on with the first when the second is over.
    private static func outlast(
        _ client: RawClient,
        _ port: UInt16,
        _ origin: ScriptedOrigin,
        _ opens: Gate,
        _ arrived: Gate
    ) throws -> (slow: RawResponse, mute: RawResponse) {
        try client.send(head("GET", origin.url("/slow")))
        try arrived.wait()
        let other = try RawClient(port: port)
        defer { other.close() }
        let mute = try other.exchange(head("GET", origin.url("/mute")))
        opens.open()
        return (try client.readResponse(), mute)
    }

    @Test("one that is shorter than the setting ends the wait for the first byte, and the record has the rule's name")
    func shorter() async throws {
        let origin = try origin(try Gate())
        let proxy = try await TestProxy.start(
            rules: rules(rule("/mute", "impatient") { $0.firstByte = Self.short }, allow("rest"))
        ) { _ in }
        let response = try await proxy.fetch(head("GET", origin.url("/mute")))
        #expect(response.status == 504 && response.text.contains("`timeouts` in the rule"))
        #expect(response.value("proxy-status")?.contains("error=http_response_timeout") == true)
        let record = try await proxy.settle()[0]
        #expect(record.rule == "impatient" && record.fault == "response_timeout" && record.status == 504)
        #expect(record.ending == Ending(.upstream, .relay, .timeout))
    }

    @Test("one that is longer than the setting is waited for, while the setting holds for what no rule gives a time")
    func longer() async throws {
        let (opens, arrived) = (try Gate(), try Gate())
        let origin = try origin(opens, arrived)
        let proxy = try await TestProxy.start(
            rules: rules(rule("/slow", "patient") { $0.firstByte = Patience.limit }, allow("rest"))
        ) { $0.timeouts.firstByte = Self.short }
        let texts = try await proxy.client { [port = proxy.port] client in
            let (late, mute) = try Self.outlast(client, port, origin, opens, arrived)
            #expect(mute.status == 504)
            return late.text
        }
        #expect(texts == "late")
        let records = try await proxy.settle(2)
        #expect(records.map(\.rule) == ["rest", "patient"] && records.map(\.status) == [504, 200])
    }

    @Test("a request has nothing of the times of the one before it on its connection") func keptApart() async throws {
        let (opens, arrived) = (try Gate(), try Gate())
        let origin = try origin(opens, arrived)
        let impatient = ["/quick", "/mute"].map { rule($0, "impatient") { $0.firstByte = Self.short } }
        let proxy = try await TestProxy.start(rules: rules(impatient[0], impatient[1], allow("rest"))) { _ in }
        let (text, attempts) = try await onOwnThread { [port = proxy.port] in
            // A busy machine may be slower than the rule lets it be: then it is asked again.
            var (client, attempts) = (try RawClient(port: port), 1)
            while try client.exchange(head("GET", origin.url("/quick"))).text != "soon" {
                client.close()
                client = try RawClient(port: port)
                attempts += 1
            }
            let (late, mute) = try Self.outlast(client, port, origin, opens, arrived)
            #expect(mute.status == 504)
            client.close()
            return (late.text, attempts)
        }
        #expect(text == "late")
        let deciders = try await proxy.settle(attempts + 2).map(\.rule)
        #expect(deciders.suffix(3) == ["impatient", "impatient", "rest"] && deciders.count == attempts + 2)
    }

    @Test("a body that pauses for longer than its rule lets it is cut short, and one that may is not")
    func bodies() async throws {
        let (opens, arrived) = (try Gate(), try Gate())
        let origin = try ScriptedOrigin { connection in
            let request = try connection.readRequest()
            try connection.send("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nhalf")
            guard request?.target == "/slow" else { return _ = try connection.readToEnd() }
            arrived.open()
            try opens.wait()
            try connection.send("full")
        }
        let proxy = try await TestProxy.start(
            rules: rules(
                rule("/slow", "patient") { $0.responseBody = Patience.limit },
                rule("/mute", "impatient") { $0.responseBody = Self.short }
            )
        ) { $0.timeouts.responseBody = Self.short }
        let (whole, cut) = try await proxy.client { [port = proxy.port] client in
            try Self.outlast(client, port, origin, opens, arrived)
        }
        #expect(whole.complete && whole.text == "halffull")
        #expect(!cut.complete && cut.text == "half")
        let records = try await proxy.settle(2)
        #expect(records.map(\.rule) == ["impatient", "patient"])
        #expect(records.map(\.fault) == ["response_body_timeout", nil])
    }

    @Test("of rules by address it is that of the address that answers, and not of one that only asked")
    func addresses() async throws {
        let origins = try SeveralOrigins(["127.0.0.1"]) { connection, _ in
            while try !connection.read().isEmpty {}
        }
        let (elsewhere, here) = (try CIDR("127.0.0.9"), try CIDR("127.0.0.1"))
        let proxy = try await TestProxy.start(
            rules: rules(
                allow("asks", change: { $0.timeouts.firstByte = Patience.limit }) { $0.hosts = [.network(elsewhere)] },
                allow("decides", change: { $0.timeouts.firstByte = Self.short }) { $0.hosts = [.network(here)] }
            ),
            lookUp: { _ in ["127.0.0.1"] }
        ) { _ in }
        #expect(try await proxy.fetch(head("GET", "http://a.example:\(origins.port)/")).status == 504)
        #expect(try await proxy.settle().map(\.rule) == ["decides"])
    }
}
