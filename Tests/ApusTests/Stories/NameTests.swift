import ApusTesting
import Testing

@testable import Apus

/// What the resolver of the system is asked, in a network with name servers of its own.
@Suite(
    "Names as they are written",
    .timeLimit(.minutes(2)),
    .enabled(if: Namespace.isPermitted, "\(Namespace.refusal)")
)
struct NameTests {
    private static let searching = "nameserver 127.0.0.53\nsearch corp.test x.test\noptions ndots:5 timeout:1\n"
    private static let hosts = "127.0.0.1 localhost\n127.0.0.1 inhosts InHosts.Example # not.this.example\n"
    /// What a search list would lead to, and what stands for itself.
    private static let records = [
        "secret.corp.test": "127.0.0.1", "host.corp.corp.test": "127.0.0.1", "real.example": "127.0.0.1",
        "secret": "127.0.0.1", "other.example": "127.0.0.1",
    ]

    /// A proxy, an origin that answers everybody, and the port it listens on.
    private struct Place {
        let server: ProxyServer
        let origin: ScriptedOrigin

        init(_ change: (inout ProxyConfiguration) -> Void = { _ in }) throws {
            origin = try ScriptedOrigin.answering(ok("reached"))
            var configuration = ProxyConfiguration()
            configuration.listeners = [try ListenAddress(parsing: "127.0.0.1:3128")]
            configuration.threads = 1
            configuration.allowPrivate = true
            configuration.log.format = .off
            change(&configuration)
            server = ProxyServer(configuration: configuration)
            _ = try server.start()
        }

        func fetch(_ host: String) throws -> RawResponse {
            let client = try RawClient(port: 3128)
            try client.send(
                "GET http://\(host):\(origin.port)/ HTTP/1.1\r\nHost: \(host)\r\nAccept: text/plain\r\n\r\n"
            )
            return try client.readResponse()
        }
    }

    /// Runs with a name server that completes names if it is let.
    private func run<Value: Sendable>(
        _ body: @escaping @Sendable (Namespace.Places, NameServer) throws -> Value
    ) async throws -> Value {
        let files = ["/etc/resolv.conf": NameTests.searching, "/etc/hosts": NameTests.hosts]
        return try await Namespace.run(files) { places in
            let names = try NameServer("127.0.0.53", records: NameTests.records)
            defer { names.stop() }
            return try body(places, names)
        }
    }

    @Test("no search list completes a name of several labels, whatever ndots says") func several() async throws {
        try await run { _, names in
            let place = try Place()
            defer { place.server.stop() }
            let completed = try place.fetch("host.corp")
            #expect(completed.status == 502)
            #expect(completed.value("proxy-status")?.contains("error=dns_error") == true)
            #expect(try place.fetch("real.example").text == "reached")
            #expect(try place.fetch("real.example.").text == "reached")
            #expect(names.asked == ["host.corp", "real.example"])
        }
    }

    @Test("a name of one label is in the hosts file only, and the answer says what asks DNS too")
    func oneLabel() async throws {
        try await run { _, names in
            let place = try Place()
            defer { place.server.stop() }
            for host in ["secret", "secret.", "SECRET"] {
                let refused = try place.fetch(host)
                #expect(refused.status == 502, "\(host)")
                #expect(refused.text.contains("names.single-label: dns"), "\(refused.text)")
            }
            #expect(try place.fetch("inhosts").text == "reached")
            #expect(try place.fetch("INHOSTS.").text == "reached")
            #expect(names.asked == [])
        }
    }

    @Test("the hosts file answers for names of several labels, and DNS is not asked") func hostsFile() async throws {
        try await run { _, names in
            let place = try Place()
            defer { place.server.stop() }
            #expect(try place.fetch("inhosts.example").text == "reached")
            #expect(names.asked == [])
            #expect(try place.fetch("not.this.example").status == 502)
        }
    }

    @Test("with names.single-label: dns a name of one label is asked of DNS, as it is written")
    func oneLabelByDNS() async throws {
        try await run { _, names in
            let place = try Place { $0.names.singleLabel = .dns }
            defer { place.server.stop() }
            #expect(try place.fetch("secret").text == "reached")
            #expect(try place.fetch("inhosts").text == "reached")
            #expect(names.asked == ["secret"])
        }
    }

    @Test("a resolv.conf that is changed is read, by threads that have looked up before") func changed() async throws {
        try await run { places, names in
            let others = try NameServer("127.0.0.54", records: NameTests.records)
            defer { others.stop() }
            let place = try Place { $0.names.threads = 1 }
            defer { place.server.stop() }
            #expect(try place.fetch("real.example").text == "reached")
            try places.change("/etc/resolv.conf", "search corp.test\nnameserver 127.0.0.54\noptions timeout:1\n")
            #expect(try place.fetch("other.example").text == "reached")
            #expect(try place.fetch("host.corp").status == 502)
            #expect(names.asked == ["real.example"])
            #expect(others.asked == ["other.example", "host.corp"])
        }
    }
}
