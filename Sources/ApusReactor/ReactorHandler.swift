/// What one reactor tells the one object that owns its connections. All calls come on the reactor's thread.
///
/// A call on `io` never calls the handler: what follows from it is an event of a later step. Any socket, also the one
/// the event is about, may be closed in any of these. An event of a socket comes with its `tag`: what the handler set by
/// ``ReactorIO/setTag(_:_:)``, or 0.
public protocol ReactorHandler: AnyObject {
    /// A client connected. `listener` is what `addListener` answered.
    func accepted(_ token: Token, listener: Int, peer: SocketAddress, _ io: inout ReactorIO)

    /// An own `connect` or `adopt` is through. Exactly once, unless `failed` or `close` came first.
    func connected(_ token: Token, tag: UInt64, _ io: inout ReactorIO)

    /// The handshake of a seal is through. Exactly once, unless `failed` or `close` came first; what came behind it is shown next.
    func secured(_ token: Token, tag: UInt64, _ io: inout ReactorIO)

    /// Bytes came, in the thread's one buffer: valid until this returns, as is the scratch.
    ///
    /// - Returns: how many of them were consumed, from the front. The rest is kept (128 KiB at most) and shown again in
    ///   front of what comes next, on `resume`, or moved first by a `relay`.
    func received(
        _ token: Token,
        tag: UInt64,
        _ bytes: Span<UInt8>,
        _ scratch: inout MutableSpan<UInt8>,
        _ io: inout ReactorIO
    ) -> Int

    /// The peer sent FIN, or said by its seal that nothing more comes. It comes after all its bytes were shown or, in a relay, taken by the other socket's kernel
    /// buffer; not while paused.
    func ended(_ token: Token, tag: UInt64, _ io: inout ReactorIO)

    /// Output that a `send` had to let wait has all gone to the kernel.
    func drained(_ token: Token, tag: UInt64, _ io: inout ReactorIO)

    /// The bounded relay from this socket has moved its last byte into the other socket's kernel buffer.
    func relayed(_ token: Token, tag: UInt64, _ io: inout ReactorIO)

    /// A relay that shows moves these bytes of this socket now; the other one's kernel buffer may have to wait for some of them. Valid
    /// until this returns, and nothing can be done with any socket here.
    ///
    /// - Returns: whether the next ones are to be shown too; else the relay goes on unseen.
    func passed(_ token: Token, tag: UInt64, _ bytes: Span<UInt8>) -> Bool

    /// The socket is dead; the handler must close it. At most once, and nothing comes after it.
    func failed(_ token: Token, tag: UInt64, _ error: SocketError, _ io: inout ReactorIO)

    /// A deadline has passed: never early, at most two ticks late. It is no longer armed. What it was of may have gone, and something
    /// else may have its place: the serial tells.
    func expired(_ timer: Timer, _ io: inout ReactorIO)

    /// The doorbell rang: drain the mailboxes.
    func rang(_ io: inout ReactorIO)

    /// A listener could not accept for want of descriptors or memory, and sleeps until one is closed or some time has
    /// passed. Once an episode.
    func exhausted(listener: Int, _ error: SocketError, _ io: inout ReactorIO)

    /// A batch of events has been handled. Comes once a turn of the loop, so it must be cheap.
    func turned(_ io: inout ReactorIO)
}

extension ReactorHandler {
    /// Nothing was sealed.
    public func secured(_ token: Token, tag: UInt64, _ io: inout ReactorIO) {}

    /// Nothing that a relay moves is wanted.
    public func passed(_ token: Token, tag: UInt64, _ bytes: Span<UInt8>) -> Bool { false }
}
