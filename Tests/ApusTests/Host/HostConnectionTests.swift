import ApusTesting
import Testing

@testable import Apus

@Suite("a connection of a command", .timeLimit(.minutes(2)))
struct HostConnectionTests {
    @Test("a parent that listens is reached, by its address and by a name; one that does not is told why")
    func parents() async throws {
        let origin = try ScriptedOrigin { _ in }
        defer { origin.stop() }
        let port = origin.port
        func why(_ host: String, _ port: UInt16) async throws -> String? {
            try await onOwnThread { HostConnection.whyNotReached(ParentSettings(name: "p", host: host, port: port)) }
        }
        #expect(try await why("127.0.0.1", port) == nil)
        #expect(try await why("localhost", port) == nil)
        let refused = try await why("127.0.0.1", 0)
        #expect(refused != nil && refused != "it has no address")
        #expect(try await why("nosuch.invalid", port) != nil)
    }
}
