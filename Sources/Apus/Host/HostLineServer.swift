internal import ApusReactor
internal import ApusReport
internal import Synchronization

/// Answers lines on a socket in the file system, by a thread of its own: one line in, lines out, and the connection closes.
///
/// Served are this process's user and root alone, whatever the mode of the file (SO_PEERCRED). A client that sends nothing, or takes
/// nothing, is closed; none waits for another.
package final class HostLineServer: Sendable {
    /// What a line is answered by; it may be kept, and called from any thread.
    package final class Reply: Sendable {
        fileprivate let token: Token
        private let mail: Mailbox<LineMail>

        fileprivate init(_ token: Token, _ mail: Mailbox<LineMail>) {
            self.token = token
            self.mail = mail
        }

        /// Sends a line, of which more follow.
        package func say(_ line: [UInt8]) { mail.post(.line(token, line + [0x0a], isLast: false)) }

        /// Sends the last line. Nothing follows it, whoever else says or ends something, and to a client that has gone nothing is sent.
        package func end(_ line: [UInt8]) { mail.post(.line(token, line + [0x0a], isLast: true)) }
    }

    /// What is done with a line, without its end, on the thread of the server: it must not block.
    package typealias Handler = @Sendable (_ line: [UInt8], _ reply: Reply) -> Void

    /// What is told to whom no line is read from: the last line, as ``Handler`` would send it.
    package struct Refusals: Sendable {
        /// To another user, by number.
        package var stranger: @Sendable (UInt32) -> [UInt8]
        /// Where there are too many at a time.
        package var crowd: [UInt8]
        /// Where no whole line came, or one that is too long.
        package var noLine: [UInt8]
        /// To whom has no answer when the server ends.
        package var ended: [UInt8]

        package init(
            stranger: @escaping @Sendable (UInt32) -> [UInt8],
            crowd: [UInt8],
            noLine: [UInt8],
            ended: [UInt8]
        ) {
            self.stranger = stranger
            self.crowd = crowd
            self.noLine = noLine
            self.ended = ended
        }
    }

    /// How many may be connected at a time.
    package static let most = 16

    /// Why it cannot be had.
    package enum Fault: Error, Sendable, Equatable {
        /// Another process serves there; 0 where its number is not known.
        case taken(process: Int32)
        /// The system's words.
        case failed(String)
    }

    /// Where it is; nil for a socket that was given.
    package let path: String?
    private let file: LocalSocketFile?
    private let mail: Mailbox<LineMail>
    private let life: LineServerLife

    /// Serves a place in the file system, which nobody else serves.
    ///
    /// - Parameter path: an absolute one.
    package convenience init(path: String, refusals: Refusals, _ handler: @escaping Handler) throws(Fault) {
        let claimed: (file: LocalSocketFile, socket: Int32)
        do throws(LocalSocketFile.Fault) { claimed = try LocalSocketFile.claim(path) } catch {
            switch error {
            case .taken(let process): throw .taken(process: process)
            case .notSocket: throw .failed("a file that is no socket is there")
            case .failed(let error): throw .failed("\(error)")
            }
        }
        do throws(Fault) {
            try self.init(claimed.socket, claimed.file, path, refusals, handler)
        } catch {
            claimed.file.remove()
            throw error
        }
    }

    /// Takes away a socket that a killed process has left behind.
    package static func sweep(_ path: String) { LocalSocketFile.sweep(path) }

    /// Serves a socket that listens already, as one that a service manager has passed on.
    package convenience init(adopting socket: Int32, refusals: Refusals, _ handler: @escaping Handler) throws(Fault) {
        try self.init(socket, nil, nil, refusals, handler)
    }

    private init(
        _ socket: Int32,
        _ file: LocalSocketFile?,
        _ path: String?,
        _ refusals: Refusals,
        _ handler: @escaping Handler
    ) throws(Fault) {
        do throws(SocketError) {
            let doorbell = try Waker()
            let (mail, life) = (Mailbox<LineMail>(doorbell), LineServerLife())
            try ReactorThread.start(name: "apus-control") {
                let thread = LineThread(mail, refusals, handler)
                do throws(SocketError) {
                    try runReactor(handler: thread, doorbell: doorbell) { io in
                        _ = io.addListener(Listener(adopting: socket))
                    }
                } catch { _ = Listener(adopting: socket) }
                life.end()
            }
            (self.mail, self.life, self.file, self.path) = (mail, life, file, path)
        } catch {
            _ = Listener(adopting: socket)
            throw .failed("\(error)")
        }
    }

    /// Takes no more clients, tells those without an answer that it ends, sends what is still to be sent for two seconds at most,
    /// and ends.
    package func finish() async {
        file?.remove()
        mail.post(.finish)
        await life.ended()
    }

    fileprivate static func reply(_ token: Token, _ mail: Mailbox<LineMail>) -> Reply { Reply(token, mail) }
}

/// What other threads have for the thread of lines.
private enum LineMail: Sendable {
    case line(Token, [UInt8], isLast: Bool)
    case finish
}

/// Whether the thread has ended, for who waits for it.
private final class LineServerLife: Sendable {
    private struct State {
        var isOver = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    func end() {
        let waiting = state.withLock { state in
            state.isOver = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    func ended() async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if !state.isOver { state.waiting.append(continuation) }
                return state.isOver
            }
            if isOver { continuation.resume() }
        }
    }
}

/// The connections of a server of lines.
private final class LineThread: ReactorHandler {
    private enum Phase {
        case reading
        case answering
        /// The last line has been sent.
        case ending
    }

    /// How long a line may take, and how long its answer may wait for the client, in ticks of 100 ms.
    private static let patience: UInt32 = 50
    /// How long a client may take to close, and the end of all for what is still to be sent.
    private static let linger: UInt32 = 20
    /// A client that lets so many bytes wait is not there any more.
    private static let mostWaiting = 4 << 20

    private let mail: Mailbox<LineMail>
    private let refusals: HostLineServer.Refusals
    private let handler: HostLineServer.Handler
    private var phases: [Token: Phase] = [:]
    private var isFinishing = false

    init(
        _ mail: Mailbox<LineMail>,
        _ refusals: HostLineServer.Refusals,
        _ handler: @escaping HostLineServer.Handler
    ) {
        self.mail = mail
        self.refusals = refusals
        self.handler = handler
    }

    func accepted(_ token: Token, listener: Int, peer: SocketAddress, _ io: inout ReactorIO) {
        guard !isFinishing, let peer = io.peer(token) else { return io.close(token) }
        guard peer.user == 0 || peer.user == OwnFolder.user else {
            phases[token] = .answering
            return send(token, refusals.stranger(peer.user) + [0x0a], isLast: true, &io)
        }
        guard phases.count < HostLineServer.most else {
            // It is told so and closed, without a place of its own.
            _ = io.send(token, (refusals.crowd + [0x0a]).span)
            return io.close(token)
        }
        phases[token] = .reading
        io.arm(Timer(kind: 0, token), ticks: LineThread.patience)
    }

    func received(
        _ token: Token,
        tag: UInt64,
        _ bytes: Span<UInt8>,
        _ scratch: inout MutableSpan<UInt8>,
        _ io: inout ReactorIO
    ) -> Int {
        guard phases[token] == .reading else { return bytes.count }
        switch ControlLine.find(bytes) {
        case .incomplete: return 0
        case .tooLong: send(token, refusals.noLine + [0x0a], isLast: true, &io)
        case .line(let count):
            phases[token] = .answering
            io.disarm(Timer(kind: 0, token))
            // What follows is nobody's, and is not read.
            io.pause(token)
            var line: [UInt8] = []
            line.reserveCapacity(count)
            for index in 0..<count { line.append(bytes[index]) }
            handler(line, HostLineServer.reply(token, mail))
        }
        return bytes.count
    }

    private func send(_ token: Token, _ bytes: [UInt8], isLast: Bool, _ io: inout ReactorIO) {
        guard let phase = phases[token], phase != .ending else { return }
        guard io.send(token, bytes.span) != .stale, io.waiting(token) <= LineThread.mostWaiting else {
            return close(token, &io)
        }
        if io.waiting(token) > 0 { io.arm(Timer(kind: 0, token), ticks: LineThread.patience) }
        guard isLast else { return }
        phases[token] = .ending
        // What the client still says is dropped until it closes: to close with it unread would be a reset.
        io.shutdown(token)
        io.discard(token, limit: 64 << 10)
        io.arm(Timer(kind: 0, token), ticks: io.waiting(token) > 0 ? LineThread.patience : LineThread.linger)
    }

    private func close(_ token: Token, _ io: inout ReactorIO) {
        phases[token] = nil
        io.close(token)
        if isFinishing, phases.isEmpty { io.stop() }
    }

    func ended(_ token: Token, tag: UInt64, _ io: inout ReactorIO) {
        switch phases[token] {
        // Half a line: nobody waits for an answer of it, unless somebody does.
        case .reading?: send(token, refusals.noLine + [0x0a], isLast: true, &io)
        // It may read on.
        case .answering?: break
        case .ending?, nil: if io.waiting(token) == 0 { close(token, &io) }
        }
    }

    func drained(_ token: Token, tag: UInt64, _ io: inout ReactorIO) {
        if phases[token] == .ending {
            io.arm(Timer(kind: 0, token), ticks: LineThread.linger)
        } else {
            io.disarm(Timer(kind: 0, token))
        }
    }

    func failed(_ token: Token, tag: UInt64, _ error: SocketError, _ io: inout ReactorIO) { close(token, &io) }

    func expired(_ timer: Timer, _ io: inout ReactorIO) {
        let token = timer.token
        // A harmless race: the client has gone.
        guard let phase = phases[token] else { return }
        if phase == .reading {
            send(token, refusals.noLine + [0x0a], isLast: true, &io)
        } else {
            close(token, &io)
        }
    }

    func rang(_ io: inout ReactorIO) {
        for message in mail.drain() {
            switch message {
            case .line(let token, let bytes, let isLast): send(token, bytes, isLast: isLast, &io)
            case .finish:
                isFinishing = true
                io.closeListener(0)
                for token in phases.keys {
                    send(token, refusals.ended + [0x0a], isLast: true, &io)
                    if phases[token] != nil { io.arm(Timer(kind: 0, token), ticks: LineThread.linger) }
                }
                if phases.isEmpty { io.stop() }
            }
        }
    }

    func connected(_ token: Token, tag: UInt64, _ io: inout ReactorIO) {}
    func relayed(_ token: Token, tag: UInt64, _ io: inout ReactorIO) {}
    func exhausted(listener: Int, _ error: SocketError, _ io: inout ReactorIO) {}
    func turned(_ io: inout ReactorIO) {}
}
