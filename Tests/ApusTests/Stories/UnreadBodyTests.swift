import Apus
import ApusFlow
import ApusTesting
import Testing

@Suite("A final answer in front of a body that is still coming", .timeLimit(.minutes(1)))
struct UnreadBodyTests {
    /// More than what is read behind a last answer and the buffers on both sides take; with `scripts/early-answers` it is as
    /// much as is wanted, as slowly as is wanted.
    private static let size = 16 << 20

    @Test("reaches a client that sends all of its body before it reads", arguments: [true, false])
    func answered(byProxy: Bool) async throws {
        let origin = try ScriptedOrigin { connection in
            guard try connection.readHead() != nil else { return }
            try connection.send("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno")
            _ = try? connection.readToEnd()
        }
        let policy = rules(deny("no uploads") { $0.methods = ["PUT"] }, allow())
        let proxy = try await TestProxy.start(rules: policy) { _ in }
        let status = try await proxy.client { client in
            let size = Self.size
            try client.send(head(byProxy ? "PUT" : "POST", origin.url(), "Content-Length: \(size)"))
            let block = [UInt8](repeating: 0, count: 1 << 16)
            for _ in 0..<size >> 16 { try client.send(block) }
            return try client.readResponse().status
        }
        #expect(status == 403)
        let record = try #require(await proxy.records(count: 1).first)
        #expect(record.status == 403)
        let unread = try #require(record.unread)
        #expect(record.bytes.fromClient > UInt64(Self.size) && record.bytes.fromClient < UInt64(Self.size + 1024))
        #expect(unread > 0 && unread <= UInt64(Self.size) && (!byProxy || unread == UInt64(Self.size)))
        #expect(record.bytes.toUpstream + unread <= UInt64(Self.size + 1024))
        await proxy.stop()
    }
}
