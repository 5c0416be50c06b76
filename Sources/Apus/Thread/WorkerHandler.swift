internal import ApusPolicy
internal import ApusReactor
internal import Logging

/// Joins the reactor's events to the thread's connections: by the socket's role, and nothing else.
final class WorkerHandler: ReactorHandler {
    private var thread: Worker
    private let mail: Mailbox<WorkerMessage>

    init(_ thread: consuming Worker, mail: Mailbox<WorkerMessage>) {
        self.thread = thread
        self.mail = mail
    }

    /// Adds a listener before the loop begins.
    func listen(_ seed: ListenerSeed, _ io: inout ReactorIO) { thread.listen(seed, &io) }

    /// What the thread has counted in all, when its loop is over.
    func lastAnswer() -> WorkerReport { thread.lastAnswer() }

    func accepted(_ token: Token, listener: Int, peer: SocketAddress, _ io: inout ReactorIO) {
        thread.accepted(token, listener: listener, peer: peer, &io)
    }

    func received(
        _ token: Token,
        tag: UInt64,
        _ bytes: Span<UInt8>,
        _ scratch: inout MutableSpan<UInt8>,
        _ io: inout ReactorIO
    ) -> Int {
        thread.received(token, Role(tag: tag), bytes, &scratch, &io)
    }

    func connected(_ token: Token, tag: UInt64, _ io: inout ReactorIO) { thread.connected(token, Role(tag: tag), &io) }
    func ended(_ token: Token, tag: UInt64, _ io: inout ReactorIO) { thread.ended(token, Role(tag: tag), &io) }
    func drained(_ token: Token, tag: UInt64, _ io: inout ReactorIO) { thread.drained(token, Role(tag: tag), &io) }
    func relayed(_ token: Token, tag: UInt64, _ io: inout ReactorIO) { thread.relayed(token, Role(tag: tag), &io) }
    func passed(_ token: Token, tag: UInt64, _ bytes: Span<UInt8>) -> Bool { thread.passed(Role(tag: tag), bytes) }
    func failed(_ token: Token, tag: UInt64, _ error: SocketError, _ io: inout ReactorIO) {
        thread.failed(token, Role(tag: tag), error, &io)
    }
    func expired(_ timer: Timer, _ io: inout ReactorIO) { thread.expired(timer, &io) }

    func rang(_ io: inout ReactorIO) {
        for message in mail.drain() { thread.delivered(message, &io) }
    }

    func exhausted(listener: Int, _ error: SocketError, _ io: inout ReactorIO) {
        // A client is worth more than what is closed for it, whose descriptors wake the listener.
        // Of descriptors the turn's end tells.
        if thread.makeRoom(&io) || error == .descriptorsExhausted { return }
        thread.shared.log.warning("cannot accept clients for now: \(error)")
    }

    func turned(_ io: inout ReactorIO) {
        thread.journal.handOver()
        thread.shortage.turned(io.turnedAway, now: io.now)
        if thread.isDraining, thread.openClients == 0 { io.stop() }
    }
}

/// What other threads tell a reactor thread.
enum WorkerMessage: Sendable {
    /// A look-up has been answered.
    case resolved(ResolverAnswer)
    /// An embedder's policy has decided for a client.
    case decided(WaitID, DecidedVerdict)
    /// Work by these settings from now on; what runs keeps the rules it was decided by. With `users` credentials that were found valid are
    /// to be verified again: how often that was so.
    case settings(WorkerSettings, endsDenied: Bool, users: UInt64?)
    /// An authenticator has judged what these credentials are.
    case authenticated(Verifications.Result)
    /// Credentials that were found valid are to be verified again; how often that was so.
    case forgetUsers(UInt64)
    /// Somebody looks at the traffic.
    case asked(Inquiry)
    /// Prove that the loop turns, by the number of this round.
    case proveTurn(UInt64)
    /// Take no more clients, let what runs come to its end.
    case drain
    /// End now.
    case stop
}
