import Apus
import ApusAdmin
import ApusTesting
import Glibc
import Logging
import Testing

@Suite("The admin listener on a socket that was handed over", .timeLimit(.minutes(5)))
struct HandedListenerTests {
    /// A socket of TCP that listens, and its port.
    private func listening() throws -> (descriptor: Int32, port: UInt16) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(descriptor, generic, size) == 0 && listen(descriptor, 16) == 0
                    ? getsockname(descriptor, generic, &size) : -1
            }
        }
        try #require(code == 0)
        return (descriptor, UInt16(bigEndian: address.sin_port))
    }

    private func ask(_ port: UInt16, _ path: String) async throws -> RawResponse {
        try await onOwnThread {
            let client = try RawClient(port: port)
            try client.send("GET \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\n\r\n")
            return try client.readResponse()
        }
    }

    @Test("it is served, nobody reaches it through the proxy, and its streams end with it") func served() async throws {
        let (descriptor, port) = try listening()
        let place = try AdminAddress(parsing: "127.0.0.1:\(port)")
        let proxy = try await TestProxy.start { $0.admin.listen = place }
        let admin = AdminServer(
            for: proxy.server,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        )
        admin.adopt(try SocketActivation(handed: [(descriptor, "admin")]).admin)
        let run = Task.detached { try await admin.run() }
        #expect(try await admin.address == place)
        let health = try await ask(port, "/healthz")
        #expect(health.status == 200 && health.value("date")?.hasSuffix(" GMT") == true)
        #expect(try await ask(port, "/metrics").status == 200)
        #expect(try await ask(port, "/nothing").status == 404)
        let refused = try await onOwnThread { [port = proxy.port] in
            let client = try RawClient(port: port)
            let head = "GET http://\(place)/healthz HTTP/1.1\r\nHost: \(place)\r\n\r\n"
            try client.send(head)
            return try client.readResponse().status
        }
        #expect(refused == 403)
        let (stream, idle) = try await onOwnThread {
            let stream = try RawClient(port: port)
            try stream.send("GET /api/events HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n\r\n")
            _ = try stream.readHead()
            return (stream, try RawClient(port: port))
        }
        run.cancel()
        try await run.value
        try await onOwnThread {
            _ = try? stream.readToEnd()
            #expect(idle.isClosed())
        }
        await proxy.stop()
    }
}
