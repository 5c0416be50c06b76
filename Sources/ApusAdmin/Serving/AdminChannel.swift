internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import NIOHTTP1

/// A connection of the admin listener: HTTP/1.1, with a ``PlaceKeeper`` behind the decoder.
struct AdminChannel: ServerChildChannel {
    private let http: HTTP1Channel
    private let table: PlaceTable
    private let patience: TimeAmount

    /// - Parameter patience: how long the first head may take.
    init(_ http: HTTP1Channel, _ table: PlaceTable, patience: TimeAmount) {
        self.http = http
        self.table = table
        self.patience = patience
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTP1Channel.Value> {
        http.setup(channel: channel, logger: logger).flatMapThrowing { value in
            let pipeline = channel.pipeline.syncOperations
            let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
            try pipeline.addHandler(PlaceKeeper(table, patience: patience), position: .after(decoder))
            return value
        }
    }

    func handle(value: HTTP1Channel.Value, logger: Logger) async { await http.handle(value: value, logger: logger) }
}
