internal import NIOCore

/// Closes a connection that has taken nothing for so long that its reader is not there any more, or that nobody has asked anything
/// on: neither may keep a place from others. It stands behind an `IdleStateHandler`.
final class StalledReaders: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case IdleStateHandler.IdleStateEvent.write = event {
            context.close(promise: nil)
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }
}
