import ApusFlow
import ApusPolicy
import ApusTesting
import Glibc
import Testing

@testable import Apus

/// Whom the caps and limits count for one client, by IPv6 addresses of a network of the test's own.
@Suite("Counting clients", .timeLimit(.minutes(2)), .enabled(if: Namespace.isPermitted, "\(Namespace.refusal)"))
struct ClientCountTests {
    /// Runs a proxy that clients with addresses of two networks of 64 bits reach.
    private func run<Value: Sendable>(
        _ rules: PolicyRules = PolicyRules(),
        _ change: @escaping @Sendable (inout ProxyConfiguration) -> Void,
        _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await Namespace.run { _ in
            for address in ["2001:db8:0:1::1", "2001:db8:0:1::2", "2001:db8:0:2::1"] {
                Namespace.ip("-6", "address", "add", "\(address)/128", "dev", "lo", "nodad")
            }
            var configuration = ProxyConfiguration()
            configuration.listeners = [try ListenAddress(parsing: "[2001:db8:0:1::1]:3128")]
            configuration.allowFrom = ["2001:db8::/32"]
            configuration.threads = 1
            configuration.log.format = .off
            change(&configuration)
            let server = ProxyServer(configuration: configuration, rules: rules, lookUp: { _ in [] })
            _ = try server.start()
            defer { server.stop() }
            return try body()
        }
    }

    /// The status that a client at an address is answered with; its connection stays open as long as the socket is held.
    private static func ask(from source: String) throws -> (status: String, PlainSocket) {
        let socket = connect(from: source)
        try socket.send("GET http://nobody.example/ HTTP/1.1\r\nHost: nobody.example\r\n\r\n")
        let answer = try socket.read(until: "\r\n\r\n")
        return (String(answer.split(separator: " ")[1]), socket)
    }

    /// Connects, as soon as the kernel has made the addresses its own, which it does on a thread of its own.
    private static func connect(from source: String) -> PlainSocket {
        while true {
            if let socket = try? PlainSocket.connected(to: "2001:db8:0:1::1", port: 3128, from: source) {
                return socket
            }
            sched_yield()
        }
    }

    @Test(
        "the cap on one client's connections counts a network of 64 bits for one, or as many bits as are set",
        arguments: [64, 128]
    )
    func cap(bits: Int) async throws {
        try await run { configuration in
            configuration.limits.connectionsPerClient = 1
            configuration.limits.ipv6Prefix = bits
        } _: {
            let first = try ClientCountTests.ask(from: "2001:db8:0:1::1")
            let neighbour = try ClientCountTests.ask(from: "2001:db8:0:1::2")
            let stranger = try ClientCountTests.ask(from: "2001:db8:0:2::1")
            #expect([first, neighbour, stranger].map(\.status) == ["502", bits == 64 ? "429" : "502", "502"])
        }
    }

    @Test("a limit by client does too", arguments: [64, 128])
    func limit(bits: Int) async throws {
        var limit = UsageLimit()
        limit.key = .client
        limit.requests = UsageLimit.Rate(1, per: 3_600_000_000)
        try await run(rules(Rule(.limit(limit), name: "one"), allow())) {
            $0.limits.ipv6Prefix = bits
        } _: {
            let first = try ClientCountTests.ask(from: "2001:db8:0:1::1")
            let neighbour = try ClientCountTests.ask(from: "2001:db8:0:1::2")
            let stranger = try ClientCountTests.ask(from: "2001:db8:0:2::1")
            #expect([first, neighbour, stranger].map(\.status) == ["502", bits == 64 ? "429" : "502", "502"])
        }
    }
}
