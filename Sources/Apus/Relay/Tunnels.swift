internal import ApusFlow
internal import ApusPolicy
internal import ApusReactor
internal import ApusWire

/// The tunnels of a thread: their sockets, what a client said first and how it was judged, and the words of their records.
///
/// It holds no rules, no limits, no pool and no journal. An event answers with the machine's `Step`: what of it concerns others is the
/// thread's (the record, the counts, the origin, whose it was), the sockets are served by ``perform(_:_:lingerLimit:ticks:_:)`` behind that.
struct Tunnels: ~Copyable {
    private var rows = Slab<TunnelConnection>()
    private var words = TunnelTextTable()

    /// How many there are, those included that linger behind their record.
    var count: Int { rows.count }

    /// How many tunnels and cells of words are held.
    var counts: (tunnels: Int, cells: Int) { (rows.count, words.count) }

    /// Those that there are.
    var indices: [UInt32] { rows.indices }

    /// Whether it still stands, or lingers.
    func contains(_ index: UInt32) -> Bool { rows.contains(index) }

    /// A look at one.
    subscript(index: UInt32) -> TunnelConnection {
        @inline(__always) _read { yield rows[index] }
    }

    /// What is noted of one, for those who note something.
    subscript(notes index: UInt32) -> StreamInfo {
        @inline(__always) _read { yield rows[index].notes }
        @inline(__always) _modify { yield &rows[index].notes }
    }

    /// What others hold for one, for those who give it back.
    subscript(holds index: UInt32) -> TunnelHolds {
        @inline(__always) _read { yield rows[index].holds }
        @inline(__always) _modify { yield &rows[index].holds }
    }

    /// Its words, as of a request; nil where none are kept.
    func words(of index: UInt32) -> BufferedRequest? { words[rows[index].words] }

    /// What is noted of it, with what its relays have moved so far.
    func notes(of index: UInt32, _ io: borrowing ReactorIO) -> StreamInfo {
        var notes = rows[index].notes
        notes.add(up: io.relayMoved(from: rows[index].client), down: io.relayMoved(from: rows[index].upstream))
        return notes
    }
}

// MARK: - What happens to a tunnel

extension Tunnels {
    /// A client's connection has become one. Its relays are begun by ``relay(_:_:_:_:)``, or as its limits say.
    ///
    /// - Parameters:
    ///   - request: the words that are to be kept.
    ///   - idle: how long nothing may pass, in ticks.
    mutating func open(
        _ tunnel: TunnelConnection,
        _ request: BufferedRequest?,
        idle: UInt32,
        _ io: inout ReactorIO
    ) -> UInt32 {
        let index = rows.insert(tunnel)
        if let request { rows[index].words = words.keep(request, isConnect: tunnel.isConnect) }
        io.setRole(tunnel.client, Role(kind: .tunnelClient, index: index))
        io.setRole(tunnel.upstream, Role(kind: .tunnelUpstream, index: index))
        io.resume(tunnel.client)
        io.resume(tunnel.upstream)
        io.arm(rows.timer(.tunnel, index), ticks: idle)
        return index
    }

    /// Whether a deadline is of a tunnel that still stands, or lingers.
    func holds(_ timer: Timer) -> Bool { rows.holds(timer) }

    /// What passes is counted again in so many ticks.
    func counts(_ index: UInt32, in ticks: UInt32, _ io: inout ReactorIO) {
        io.arm(rows.timer(.tunnelCount, index), ticks: ticks)
    }

    /// An end has sent FIN. Where bytes of the client are held and nothing is refused for it, they still pass, and then the FIN.
    ///
    /// - Parameters:
    ///   - isEnforced: whether a client may be refused for what it says first.
    ///   - keepsWords: whether the words are kept to the end.
    mutating func ended(_ index: UInt32, _ end: Tunnel.End, isEnforced: Bool, keepsWords: Bool) -> Step {
        let isRefused = isEnforced && rows[index].inside != .reportingRules
        guard end == .client, rows[index].tunnel.phase == .holdingHello, !isRefused else {
            return rows[index].tunnel.ended(end)
        }
        rows[index].settle()
        rows[index].last = rows[index].held
        return passHello(index, keepsWords: keepsWords)
    }

    /// A socket broke.
    mutating func failed(_ index: UInt32, _ end: Tunnel.End) -> Step { rows[index].tunnel.failed(end) }

    /// A policy that is now in force denies it.
    mutating func refused(_ index: UInt32) -> Step { rows[index].tunnel.refused() }

    /// What a limit lets pass has passed.
    mutating func usedUp(_ index: UInt32) -> Step { rows[index].tunnel.usedUp() }

    /// The proxy stops, or somebody ends it.
    mutating func stopped(_ index: UInt32) -> Step { rows[index].tunnel.stopped() }

    /// The deadline of one has passed.
    mutating func expired(_ index: UInt32, _ progress: TransferProgress, _ times: DeadlineTimes) -> Step {
        rows[index].tunnel.expired(progress, times)
    }

    /// Serves the sockets as a step says, and forgets the tunnel with its client's.
    ///
    /// - Parameters:
    ///   - lingerLimit: how many bytes a client may still send that is told why it ends.
    ///   - ticks: how long the step's deadline is.
    mutating func perform(
        _ step: Step,
        _ index: UInt32,
        lingerLimit: Int,
        ticks: UInt32,
        _ io: inout ReactorIO
    ) {
        let (client, upstream) = (rows[index].client, rows[index].upstream)
        if step.ending != nil {
            words.release(&rows[index].words)
        } else {
            // With the FIN the relay ends, and its count with it.
            if step.upstream == .shutdown { rows[index].notes.add(up: io.stopRelay(from: client), down: 0) }
            if step.client == .shutdown { rows[index].notes.add(up: 0, down: io.stopRelay(from: upstream)) }
        }
        switch step.client {
        case .shutdown: io.shutdown(client)
        case .reset:
            rows.remove(index)
            io.reset(client)
        case .close:
            rows.remove(index)
            io.close(client)
        case .linger: io.linger(client, limit: lingerLimit)
        // A tunnel has no heads and no answers.
        case .none, .judgeHello, .forwardHead, .forwardInterim, .establish, .next, .finish, .givesWay, .flush: break
        }
        switch step.upstream {
        case .shutdown: io.shutdown(upstream)
        case .reset: io.reset(upstream)
        case .close: io.close(upstream)
        // Its relay is begun by whoever knows its limits.
        case .tunnel: break
        case .none, .reach, .reachFresh, .giveUp, .sendHead, .stopBody, .pool, .keep: break
        }
        if step.deadline != .keep, step.deadline != .none { io.arm(rows.timer(.tunnel, index), ticks: ticks) }
    }
}

// MARK: - Its bytes

extension Tunnels {
    /// How much of the client's bytes is to be relayed: what is held in front of a FIN, or all that comes.
    func upward(_ index: UInt32) -> UInt64 { rows[index].last > 0 ? UInt64(rows[index].last) : .max }

    /// Relays one way. `.max`: until its source ends.
    func relay(_ index: UInt32, _ way: Way, _ count: UInt64, _ io: inout ReactorIO) {
        io.relay(from: rows[index].source(way), to: rows[index].sink(way), count: count)
    }

    /// Does what a limit says of the bytes of one way; its pauses end by a deadline of their own.
    ///
    /// - Returns: false where nothing more may pass.
    func pace(_ index: UInt32, _ way: Way, _ step: PaceStep, _ io: inout ReactorIO) -> Bool {
        switch step {
        case .nothing: break
        case .move(let count): relay(index, way, count, &io)
        case .pause(let ticks):
            io.pause(rows[index].source(way))
            io.arm(rows.timer(.tunnelCount, index), ticks: ticks)
        case .usedUp: return false
        }
        return true
    }

    /// A bounded relay has moved its bytes. Behind the last of those in front of a FIN it follows.
    ///
    /// - Returns: what follows; nil where the way goes on.
    mutating func relayed(_ index: UInt32, _ way: Way, _ count: UInt64) -> Step? {
        rows[index].notes.count(way, came: count, went: count)
        guard way == .up, rows[index].last > 0 else { return nil }
        rows[index].last -= min(rows[index].last, UInt32(clamping: count))
        return rows[index].last == 0 ? rows[index].tunnel.ended(.client) : nil
    }
}

// MARK: - What a client says first

extension Tunnels {
    /// What comes of the first bytes of a client.
    enum FirstBytes {
        /// Nothing is held any more.
        case passed
        /// They are held until more of them has come.
        case held(Step)
        /// They are whole, and to be judged; what they look like, where they are not TLS.
        case whole(ClientHello.Reading, OpeningGuess)
    }

    /// Bytes of a client that are not relayed. The reactor keeps what is held and shows it again with what comes.
    ///
    /// - Parameter limit: how long a ClientHello may be.
    mutating func received(_ index: UInt32, _ bytes: Span<UInt8>, limit: Int) -> FirstBytes {
        guard rows[index].tunnel.isHolding else { return .passed }
        rows[index].held = UInt32(clamping: bytes.count)
        let reading = ClientHello.read(bytes, limit: limit)
        switch reading {
        case .incomplete: return .held(rows[index].tunnel.helloBegan())
        case .notTLS: return .whole(reading, OpeningGuess(bytes))
        case .hello, .malformed: return .whole(reading, .other)
        }
    }

    /// The name inside is held against something else: the rules have changed.
    mutating func begin(_ index: UInt32, _ measure: ServerNameCheck.Measure, askedAt: UInt32) {
        rows[index].begin(measure, askedAt: askedAt)
    }

    /// What the check says by itself of what a client said first; nil where the rules have to be asked.
    func outcome(
        _ index: UInt32,
        _ reading: ClientHello.Reading,
        _ check: ServerNameCheck
    ) -> ServerNameCheck.Outcome? {
        switch rows[index].inside {
        case .host, .hostOrPlain:
            // Without words no name is right.
            let words = words(of: index) ?? BufferedRequest()
            let host = words.bytes.span.extracting(words.hostRange)
            return check.judge(reading, host: host, takesPlain: rows[index].inside == .hostOrPlain)
        case .rules, .reportingRules, .rulesInTLS: return nil
        case .nothingInTLS: return check.judge(reading, isDenied: false, by: .nothingInTLS)
        // Other rules have come, which do not ask.
        case .settled, .unjudged, .request, .headRequest: return .pass
        }
    }

    /// What a client said first has been judged: it passes, or the client is told why it does not.
    mutating func judged(
        _ index: UInt32,
        _ outcome: ServerNameCheck.Outcome,
        _ reading: ClientHello.Reading,
        _ opening: OpeningGuess,
        keepsWords: Bool
    ) -> Step {
        switch outcome {
        case .pass: rows[index].settle()
        case .report(let refusal):
            rows[index].reported = refusal
            if refusal == .serverNameMismatch, keepsWords { noteName(index, reading) }
            rows[index].settle()
        case .unjudged(let reason):
            rows[index].reported = reason
            rows[index].settle(.unjudged)
        case .refuse(let refusal):
            if refusal == .serverNameMismatch, keepsWords { noteName(index, reading) }
            if refusal == .tunnelNotTLS { rows[index].refused(opening) }
            return rows[index].tunnel.helloRefused(refusal)
        }
        return passHello(index, keepsWords: keepsWords)
    }

    /// A name that is another one goes into the record.
    mutating func noteName(_ index: UInt32, _ reading: ClientHello.Reading) {
        guard case .hello(let hello) = reading, hello.hasName else { return }
        words.name(&rows[index].words, hello.nameBytes)
    }

    private mutating func passHello(_ index: UInt32, keepsWords: Bool) -> Step {
        rows[index].held = 0
        if !keepsWords { words.release(&rows[index].words) }
        return rows[index].tunnel.helloPassed()
    }

    /// Tells a client that is refused why, unless it has had something from the host already: behind that it would be taken for a part of
    /// it.
    ///
    /// - Parameter told: a TLS alert or an answer; nil for nothing.
    mutating func tell(_ index: UInt32, _ told: [UInt8]?, _ io: inout ReactorIO) {
        let (client, upstream) = (rows[index].client, rows[index].upstream)
        rows[index].notes.add(up: 0, down: io.stopRelay(from: upstream))
        guard let told, !rows[index].tunnel.upstreamEnded, rows[index].notes.fromUpstream == 0, io.waiting(client) == 0
        else {
            return
        }
        io.send(client, told.span)
        rows[index].notes.toClient &+= UInt64(told.count)
    }
}

extension ReactorIO {
    /// FIN behind the answer, then what still comes is read and dropped: a plain close with unread input resets the
    /// connection, and destroys the answer on its way (RFC 9112 §9.6).
    ///
    /// - Parameter limit: how many bytes may come; the connection is reset behind more.
    mutating func linger(_ token: Token, limit: Int) {
        stopRelay(from: token)
        shutdown(token)
        discard(token, limit: limit)
        resume(token)
    }
}
