internal import NIOCore
internal import NIOHTTP1

/// Gives a connection its place, and takes it away: its first head comes within seconds, and where no place is left health alone is
/// answered. It stands where heads are still as they were sent, and lets the authority of an absolute form count as Host.
final class PlaceKeeper: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private static let health = ["/healthz", "/readyz"]

    private let table: PlaceTable
    private let patience: TimeAmount
    private var deadline: Scheduled<Void>?
    private var isForHealth = false
    /// Whether it was answered here, and nothing on it is read any more.
    private var isOver = false
    /// How many requests have come that are not answered.
    private var requests = 0

    /// - Parameter patience: how long the first head may take.
    init(_ table: PlaceTable, patience: TimeAmount) {
        self.table = table
        self.patience = patience
    }

    func channelActive(context: ChannelHandlerContext) {
        switch table.enter(context.channel) {
        case .place: break
        case .health: isForHealth = true
        case .none:
            isOver = true
            return context.close(promise: nil)
        }
        let channel = context.channel
        deadline = context.eventLoop.scheduleTask(in: patience) { channel.close(promise: nil) }
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        table.leave(context.channel)
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isOver else { return }
        guard case .head(let head) = unwrapInboundIn(data) else { return context.fireChannelRead(data) }
        deadline?.cancel()
        requests += 1
        table.begins(context.channel)
        let target = AbsoluteTarget(head.uri)
        if isForHealth {
            let path = target?.path ?? head.uri
            guard requests == 1, PlaceKeeper.health.contains(path) else { return refuse(context) }
        }
        guard let target, head.headers["host"].count == 1 else { return context.fireChannelRead(data) }
        var seen = head
        seen.uri = target.path
        seen.headers.replaceOrAdd(name: "host", value: target.authority)
        context.fireChannelRead(wrapInboundOut(.head(seen)))
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .end = unwrapOutboundIn(data) else { return context.write(data, promise: promise) }
        requests -= 1
        if requests == 0 { table.ends(context.channel) }
        guard isForHealth else { return context.write(data, promise: promise) }
        isOver = true
        context.writeAndFlush(data, promise: promise)
        context.close(promise: nil)
    }

    /// All places are at work.
    private func refuse(_ context: ChannelHandlerContext) {
        isOver = true
        var head = HTTPResponseHead(version: .http1_1, status: .serviceUnavailable)
        let text = "All places of the admin listener are at work; only /healthz and /readyz are answered.\n"
        head.headers.add(name: "content-type", value: "text/plain; charset=utf-8")
        head.headers.add(name: "content-length", value: "\(text.utf8.count)")
        head.headers.add(name: "retry-after", value: "1")
        head.headers.add(name: "connection", value: "close")
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: text)))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        context.close(promise: nil)
    }
}
