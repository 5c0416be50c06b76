import Apus
import ApusFlow
import ApusTesting
import Testing

@Suite("Bytes behind a CONNECT or an Upgrade that is refused", .timeLimit(.minutes(1)))
struct OptimisticTests {
    /// Why it is refused.
    enum Why: CaseIterable { case noCredentials, wrongCredentials, rule, guarded, unreachable, faulty }

    private static let upgrade = "Connection: Upgrade\r\nUpgrade: websocket"

    @Test("are run as no request, and the connection closes", arguments: Why.allCases, [true, false])
    func never(_ why: Why, _ isConnect: Bool) async throws {
        for isTogether in [true, false] { try await refused(why, isConnect, isTogether) }
    }

    private func refused(_ why: Why, _ isConnect: Bool, _ isTogether: Bool) async throws {
        let origin = try ScriptedOrigin.answering(ok("mine"))
        let dead = try PlainSocket.bound(to: "127.0.0.1")
        let isOfUsers = why == .noCredentials || why == .wrongCredentials
        let blocked = rules(
            deny("no") { $0.hosts = [.name("no.example")] },
            allow(tls: .any) { if isOfUsers { $0.users = [.anyone] } }
        )
        let keeper = Doorkeeper()
        let proxy = try await TestProxy.start(
            rules: blocked,
            authenticator: isOfUsers ? keeper : nil,
            lookUp: { $0 == "inner.example" ? ["10.0.0.1"] : ["127.0.0.1"] }
        ) {
            if why == .guarded { $0.allowPrivate = false }
        }
        let host =
            switch why {
            case .rule: "no.example:80"
            case .guarded: "inner.example:80"
            case .unreachable: "127.0.0.1:\(dead.port)"
            default: origin.authority
            }
        var fields = isConnect ? "X: y" : OptimisticTests.upgrade
        if why == .wrongCredentials { fields += "\r\n" + basic("anna", "wrong") }
        if why == .faulty { fields += "\r\nContent-Length: x" }
        let request = isConnect ? connect(host, fields) : head("GET", "http://\(host)/", fields)
        let inner = head("GET", origin.url("/inner"), basic("anna", "sesame"))
        let (response, rest) = try await proxy.client { client in
            try client.send(isTogether ? request + inner : request)
            let response = try client.readResponse(to: isConnect ? "CONNECT" : "GET")
            if !isTogether { try? client.send(inner) }
            client.shutdown()
            return (response, (try? client.readToEnd()) ?? [])
        }
        #expect(response.status >= 400 && response.complete && response.value("connection") == "close")
        #expect(rest.isEmpty && origin.requests.isEmpty)
        let record = try await proxy.settle()[0]
        #expect(record.status == response.status)
    }

    @Test("are still run behind a plain request that is asked for credentials") func plain() async throws {
        let origin = try ScriptedOrigin.answering(ok("mine"))
        let proxy = try await TestProxy.start(authenticator: Doorkeeper()) { _ in }
        let statuses = try await proxy.client { client in
            try client.send(head("GET", origin.url()) + head("GET", origin.url(), basic("anna", "sesame")))
            return [try client.readResponse().status, try client.readResponse().status]
        }
        #expect(statuses == [407, 200])
        _ = try await proxy.settle(2)
    }
}
