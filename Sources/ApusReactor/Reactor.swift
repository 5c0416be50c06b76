/// Runs a reactor on the calling thread until its handler calls `stop`; then everything it holds is closed.
///
/// - Parameters:
///   - handler: hears of everything, on this thread.
///   - doorbell: wakes this reactor from other threads; its mailboxes were given the same one.
///   - prepare: called once before the first turn, to add listeners or adopt sockets.
/// - Throws: the errno of what the kernel refuses a new reactor.
public func runReactor(
    handler: any ReactorHandler,
    doorbell: Waker,
    prepare: (inout ReactorIO) -> Void = { _ in }
) throws(SocketError) {
    var io = try ReactorIO(doorbell: doorbell)
    prepare(&io)
    while !io.isStopping { io.turn(handler) }
}
