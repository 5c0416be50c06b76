import ApusFlow
import ApusReactor
import ApusWire
import Testing

@testable import Apus

@Suite struct RouteTests {
    @Test(
        "a route to the host of a request says its port, and its address where it is one",
        arguments: [
            ("example.com:8080", 8080, nil), ("192.0.2.1:80", 80, "192.0.2.1"),
            ("[2001:db8::1]:443", 443, "2001:db8::1"),
        ] as [(String, UInt16, String?)]
    )
    func direct(host: String, port: UInt16, literal: String?) throws {
        let bytes = Array(host.utf8)
        let authority = Authority.host(bytes.span, ByteRange(0, bytes.count))
        let route = Route(to: try #require(authority))
        #expect(route.hop == .direct)
        #expect(route.transport == .plain)
        #expect(route.port == port)
        #expect(route.literal == literal.flatMap { IPAddress($0) })
        // Which connections serve it is not asked before it may go.
        #expect(route.origin == .absent)
    }

    @Test("what goes by a route is recorded with its port")
    func noted() {
        var client = ClientConnection(
            .absent,
            ClientAddress(SocketAddress(v4: 0x7f00_0001, port: 4000)),
            listener: 0,
            draining: false
        )
        client.notes.port = 80
        client.go(by: Route(.elsewhere, port: 3128, literal: nil))
        #expect(client.notes.port == 80)
        #expect(client.notes.dialPort == 3128)
        #expect(client.context(now: 0).dialPort == 3128)
    }

    @Test("it holds no reference, and is no larger than what it stands for")
    func size() { #expect(MemoryLayout<Route>.size <= 40) }
}
