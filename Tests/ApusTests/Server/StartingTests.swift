import ApusTesting
import Synchronization
import Testing

@testable import Apus

@Suite("A start", .timeLimit(.minutes(2)))
struct StartingTests {
    /// Protects one address after the other, until it is told to stop.
    private final class Protector: Sendable {
        private let isOver = Atomic(false)
        let begun = Latch()

        func stop() { isOver.store(true, ordering: .relaxed) }

        /// - Returns: how many addresses it has protected.
        func run(_ server: ProxyServer) throws -> Int {
            var count = 0
            while !isOver.load(ordering: .relaxed), count < 10_000 {
                count += 1
                server.protect(try ListenAddress(parsing: "192.0.2.1:\(count)"))
                begun.open()
            }
            return count
        }
    }

    @Test("protects what it is told to while it makes its settings, once") func protected() async throws {
        for _ in 0..<10 {
            var configuration = ProxyConfiguration()
            configuration.listeners = [try ListenAddress(parsing: "127.0.0.1:0")]
            configuration.threads = 1
            configuration.log.format = .off
            let server = ProxyServer(configuration: configuration)
            let protector = Protector()
            async let protecting = onOwnThread { try protector.run(server) }
            await protector.begun.wait()
            let shared = try server.start()
            protector.stop()
            let count = try await protecting
            let own = shared.newest.withLock { $0.rules.destinations.ownListeners }.map(\.port)
            #expect(own.dropFirst().sorted() == (1...UInt16(count)).map { $0 })
            server.stop()
            await server.life.ended()
        }
    }
}
