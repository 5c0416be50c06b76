// A proxy in a program: on a port of the system's choice, as one service among others, stopped by Ctrl-C or TERM.
//
//     swift run --package-path Examples Embedded

import Apus
import Logging
import ServiceLifecycle
import UnixSignals

@main
struct Embedded {
    static func main() async throws {
        var configuration = ProxyConfiguration()
        configuration.listeners = [try ListenAddress(parsing: "127.0.0.1:0")]
        configuration.log.format = .off
        configuration.timeouts.drain = .seconds(5)

        let logger = Logger(label: "embedded")
        let server = ProxyServer(configuration: configuration, logger: logger)
        let services = ServiceGroup(
            services: [server],
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await services.run() }
            // Waits until the server listens; throws what `run()` throws if it cannot.
            for address in try await server.addresses {
                print("curl -x http://\(address) http://example.com/")
            }
            try await group.waitForAll()
        }
    }
}
