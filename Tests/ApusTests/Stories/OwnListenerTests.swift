import ApusFlow
import ApusTesting
import Testing

@testable import Apus

/// Ways to this process that the start did not know of, in a network of the test's own.
@Suite(
    "The way to the own listeners",
    .timeLimit(.minutes(2)),
    .enabled(if: Namespace.isPermitted, "\(Namespace.refusal)")
)
struct OwnListenerTests {
    /// Runs a proxy on all addresses of 127.0.0.1 and those that come, with everything private allowed.
    private func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await Namespace.run { _ in
            var configuration = ProxyConfiguration()
            configuration.listeners = [try ListenAddress(parsing: "0.0.0.0:3128")]
            configuration.allowFrom = ["0.0.0.0/0"]
            configuration.allowPrivate = true
            configuration.connectPorts = .all
            configuration.threads = 2
            configuration.log.format = .off
            let server = ProxyServer(configuration: configuration, lookUp: { _ in [] })
            _ = try server.start()
            defer { server.stop() }
            return try body()
        }
    }

    private static func exchange(_ head: String, method: String = "GET") throws -> RawResponse {
        let client = try RawClient(port: 3128)
        try client.send(head)
        return try client.readResponse(to: method)
    }

    @Test("an address that came after the start is refused, for requests and tunnels") func laterAddress() async throws
    {
        try await run {
            Namespace.ip("address", "add", "10.9.0.9/32", "dev", "lo")
            let request = try OwnListenerTests.exchange(head("GET", "http://10.9.0.9:3128/"))
            let tunnel = try OwnListenerTests.exchange(connect("10.9.0.9:3128"), method: "CONNECT")
            #expect([request, tunnel].map(\.status) == [403, 403])
            #expect(request.value("proxy-status")?.contains("destination_ip_prohibited") == true)
        }
    }

    @Test("a local route to a whole network is refused") func localRoute() async throws {
        try await run {
            Namespace.ip("route", "add", "local", "10.10.0.0/16", "dev", "lo")
            for host in ["10.10.0.1", "10.10.200.3"] {
                let tunnel = try OwnListenerTests.exchange(connect("\(host):3128"), method: "CONNECT")
                #expect(tunnel.status == 403, "\(host)")
            }
        }
    }

    @Test("a route that gives the connection another source is closed where it arrives, and other clients are served")
    func otherSource() async throws {
        try await run {
            Namespace.ip("address", "add", "10.9.0.9/32", "dev", "lo")
            Namespace.ip("route", "add", "local", "10.11.0.0/16", "dev", "lo", "src", "10.9.0.9")
            let client = try RawClient(port: 3128)
            try client.send(connect("10.11.1.2:3128"))
            let answer = try client.readResponse(to: "CONNECT")
            if answer.status == 200 {
                // Nothing is answered through it.
                try? client.send("GET / HTTP/1.1\r\nHost: 10.11.1.2:3128\r\n\r\n")
                let inside = (try? client.readToEnd()) ?? []
                #expect(!String(decoding: inside, as: UTF8.self).contains("HTTP/1.1"))
            }
            let page = try OwnListenerTests.exchange("GET / HTTP/1.1\r\nHost: 127.0.0.1:3128\r\n\r\n")
            #expect(page.status == 200)
        }
    }
}
