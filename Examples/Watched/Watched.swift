// A proxy whose traffic is shown on a page, and asked for by the program itself.
//
//     swift run --package-path Examples Watched

import Apus
import ApusAdmin
import Logging
import ServiceLifecycle
import UnixSignals

@main
struct Watched {
    static func main() async throws {
        let server = ProxyServer(configuration: ProxyConfiguration())
        // The page is at http://127.0.0.1:9128/. The services end in the opposite order, so that it can tell that the proxy drains.
        let admin = AdminServer(for: server)
        let group = ServiceGroup(
            services: [admin, server, Teller(server: server)],
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: Logger(label: "watched")
        )
        try await group.run()
    }
}

/// Says every ten seconds what has passed.
struct Teller: Service {
    let server: ProxyServer

    func run() async throws {
        for await _ in AsyncTimerSequence(interval: .seconds(10)).cancelOnGracefulShutdown() {
            let traffic = await server.traffic(names: 3)
            let hosts = traffic.hosts.map(\.name).joined(separator: ", ")
            print("\(traffic.counters.requests.total) requests, \(traffic.counters.refused) refused; most to: \(hosts)")
        }
    }
}

/// A moment every so often.
struct AsyncTimerSequence: AsyncSequence, Sendable {
    let interval: Duration

    struct AsyncIterator: AsyncIteratorProtocol {
        let interval: Duration

        mutating func next() async -> Void? {
            (try? await Task.sleep(for: interval)) != nil ? () : nil
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(interval: interval) }
}
