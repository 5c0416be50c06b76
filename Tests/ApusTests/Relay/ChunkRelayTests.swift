import Apus
import ApusTesting
import Testing

@Suite("Chunked bodies on their way", .timeLimit(.minutes(15)))
struct ChunkRelayTests {
    private static let body = "5\r\nhello\r\n0\r\nX-T: a\r\nX-U: b\r\n\r\n"
    private static let bare = "5\r\nhello\r\n0\r\n\r\n"

    /// What an origin read of a chunked request, and what the client got of a chunked response.
    private func relayed(fields: String, version: String = "HTTP/1.1") async throws -> (up: String, down: String) {
        let origin = try ScriptedOrigin { connection in
            _ = try connection.readHead()
            let length = fields.isEmpty ? Self.body.utf8.count : Self.bare.utf8.count
            let read = version == "HTTP/1.1" ? try connection.read(length) : []
            let text = String(decoding: read, as: UTF8.self)
            try connection.send(
                "HTTP/1.1 200 OK\r\nX-Read: \(text.replacing("\r\n", with: "|"))\r\n\(fields)"
                    + "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n" + Self.body
            )
            connection.close()
        }
        let proxy = try await TestProxy.start()
        let received = try await onOwnThread { [port = proxy.port] in
            let client = try RawClient(port: port)
            let framing = version == "HTTP/1.1" ? "Transfer-Encoding: chunked\r\n" : ""
            try client.send(
                "POST \(origin.url()) \(version)\r\nHost: h\r\n\(fields)\(framing)Connection: close\r\n\r\n"
                    + (framing.isEmpty ? "" : Self.body)
            )
            let head = try client.readHead()
            return (head, try client.readToEnd())
        }
        await proxy.stop()
        let up = received.0.first { $0.hasPrefix("X-Read: ") }?.dropFirst(8).replacing("|", with: "\r\n") ?? ""
        return (String(up), String(decoding: received.1, as: UTF8.self))
    }

    @Test("trailer fields go on, both ways") func kept() async throws {
        let relayed = try await relayed(fields: "")
        #expect(relayed.up == Self.body)
        #expect(relayed.down == Self.body)
    }

    @Test("no trailer field goes on, either way, when Connection names fields") func dropped() async throws {
        let relayed = try await relayed(fields: "Connection: X-T\r\n")
        #expect(relayed.up == Self.bare)
        #expect(relayed.down == Self.bare)
    }

    @Test("an HTTP/1.0 client gets the content alone") func stripped() async throws {
        let relayed = try await relayed(fields: "", version: "HTTP/1.0")
        #expect(relayed.down == "hello")
    }
}
