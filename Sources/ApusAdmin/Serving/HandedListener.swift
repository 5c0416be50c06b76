internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import NIOPosix
internal import ServiceLifecycle

/// Accepts connections from a socket that was handed over; Hummingbird's own server would bind one.
struct HandedListener: Service {
    let descriptor: Int32
    let group: any EventLoopGroup
    let http: AdminChannel
    let table: PlaceTable
    let logger: Logger
    /// Is told when it listens.
    let began: @Sendable (any Channel) -> Void

    /// Accepts until a graceful shutdown begins; what is asked by then is answered.
    func run() async throws {
        let (http, logger) = (http, logger)
        let server = try await ServerBootstrap(group: group)
            .childChannelOption(ChannelOptions.allowRemoteHalfClosure, value: true)
            .bind(descriptor) { http.setup(channel: $0, logger: logger) }
        began(server.channel)
        await withGracefulShutdownHandler {
            await withDiscardingTaskGroup { group in
                do {
                    try await server.executeThenClose { connections in
                        for try await connection in connections {
                            group.addTask { await http.handle(value: connection, logger: logger) }
                        }
                    }
                } catch {
                    logger.error("the admin listener accepts no more connections: \(error)")
                }
            }
        } onGracefulShutdown: {
            server.channel.close(promise: nil)
            table.quiesce()
        }
    }
}
