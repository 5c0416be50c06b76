internal import ApusFlow
internal import ApusReactor
internal import ApusWire

/// Stage 6, relay: a body on its way, from the client or to it, by the same functions.
extension Worker {
    /// From this length of a body on, the next one of the same connection is expected to be as long: so much is faster
    /// spliced than copied.
    private static let bulk: UInt64 = 48 << 10

    /// Sends a head that stands in the scratch, and what this read has of the body behind it, in one system call; the rest follows by the
    /// framing of the body.
    ///
    /// - Parameters:
    ///   - head: how long the head is; 0 where it has left already.
    ///   - start: where the body begins in the read.
    /// - Returns: how many bytes of the read were consumed.
    mutating func sendMessage(
        _ id: UInt32,
        _ way: Way,
        _ framing: BodyFraming,
        head: Int,
        _ bytes: Span<UInt8>,
        from start: Int,
        _ scratch: inout MutableSpan<UInt8>,
        _ io: inout ReactorIO
    ) -> Int {
        var length: UInt64 = 0
        switch framing {
        case .none where way == .up:
            sendRun(id, way, head: head, start..<start, &io)
            return start
        case .none: break
        case .length(let known): length = known
        case .untilClose: length = .max
        case .chunked:
            let decoder = ChunkedDecoder(limits: way == .up ? settings.requestChunks : settings.responseChunks)
            clients[id].beginChunks(way, decoder)
            beginChunkedBody(id, way, decoder)
            clients[id].source(way).expectBulk(false, &io)
            return relayChunks(id, way, bytes, from: start, head: head, &scratch, &io)
        }
        let here = Int(min(length, UInt64(bytes.count - start)))
        let end = start + here
        beginBody(id, way)
        keepBody(id, way, bytes, start..<end)
        clients[id].source(way).expectBulk(length >= Worker.bulk && length < .max, &io)
        sendRun(id, way, head: head, start..<end, &io)
        if UInt64(here) == length { return bodyEnded(id, way, at: end, of: bytes.count, &io) }
        relay(id, way, length == .max ? .max : length - UInt64(here), &io)
        return end
    }

    /// Sends a head of the scratch and a run of the read behind it, and counts them.
    private mutating func sendRun(_ id: UInt32, _ way: Way, head: Int, _ run: Range<Int>, _ io: inout ReactorIO) {
        clients[id].notes.count(way, came: UInt64(run.count), went: UInt64(head + run.count))
        if head + run.count > 0 { clients[id].sink(way).send(scratch: 0..<head, input: run, &io) }
    }

    /// A read of a chunked body.
    ///
    /// - Parameters:
    ///   - from: where the body begins in the read.
    ///   - head: how many bytes of the scratch go ahead of it.
    /// - Returns: how many bytes of the read were consumed.
    mutating func relayChunks(
        _ id: UInt32,
        _ way: Way,
        _ bytes: Span<UInt8>,
        from: Int,
        head: Int,
        _ scratch: inout MutableSpan<UInt8>,
        _ io: inout ReactorIO
    ) -> Int {
        let sink = clients[id].sink(way)
        let relayed = ChunkRelay.relay(
            bytes,
            from: from,
            head: head,
            &clients[id][way],
            trailerLimit: settings.trailerLimit,
            to: sink,
            &scratch,
            &io
        )
        keepChunks(id, way, bytes, from..<relayed.consumed)
        clients[id].notes.count(way, came: UInt64(relayed.consumed - from), went: UInt64(relayed.sent))
        switch relayed.end {
        case .more:
            if relayed.waits { holdSource(id, way, &io) }
            return relayed.consumed
        case .complete: return bodyEnded(id, way, at: relayed.consumed, of: bytes.count, &io)
        case .faulty(let fault):
            let hasLeft = head == 0 || relayed.sent > 0
            let step =
                way == .up
                ? clients[id].exchange.refused(.fault(.request(fault.request)))
                : clients[id].exchange.responseFaulted(fault.response, headHasLeft: hasLeft)
            perform(step, id, &io)
            return bytes.count
        }
    }

    /// The last byte of a body stands in a read, and has been handed on.
    ///
    /// - Returns: how many bytes of the read were consumed: behind a request there may be the next one; what is behind a response belongs to
    ///   nobody.
    private mutating func bodyEnded(
        _ id: UInt32,
        _ way: Way,
        at end: Int,
        of count: Int,
        _ io: inout ReactorIO
    ) -> Int {
        guard way == .down else {
            perform(clients[id].exchange.requestBodyEnded(), id, &io)
            return end
        }
        if end < count { clients[id].exchange.upstreamOverran() }
        perform(clients[id].exchange.responseBodyEnded(), id, &io)
        return count
    }

    /// A relay has moved the last byte of a body, or of a slice of it.
    mutating func bodyRelayed(_ id: UInt32, _ way: Way, _ io: inout ReactorIO) {
        let moved = clients[id][way].moved()
        clients[id].notes.count(way, came: moved, went: moved)
        if clients[id].permission.usage != QuotaLedger.none, goesOn(id, way, &io) { return }
        let step = way == .up ? clients[id].exchange.requestBodyEnded() : clients[id].exchange.responseBodyEnded()
        perform(step, id, &io)
    }

    /// Reads no more of a source until its sink has taken what waits for it.
    mutating func holdSource(_ id: UInt32, _ way: Way, _ io: inout ReactorIO) {
        let source = clients[id].source(way)
        clients[id][way].hold(source, &io)
    }

    /// A sink has taken what waited: its source is read again where it was held for that, unless a limit has it wait.
    mutating func sinkDrained(_ id: UInt32, _ way: Way, _ io: inout ReactorIO) {
        guard clients[id][way].drained() else { return }
        let hold = clients[id].permission.usage
        if hold == QuotaLedger.none || !gate[hold].pacer.waits(way) { clients[id].source(way).resume(&io) }
    }
}

extension ClientConnection {
    /// A chunked body begins. Its framing goes on, but to a client that knows HTTP/1.0 only.
    fileprivate mutating func beginChunks(_ way: Way, _ decoder: ChunkedDecoder) {
        switch way {
        case .up: up.begin(decoder, .keepFraming, keepsTrailers: exchange.keepsRequestTrailers)
        case .down:
            let mode: ChunkedDecoder.Mode = exchange.stripsCoding ? .stripFraming : .keepFraming
            down.begin(decoder, mode, keepsTrailers: exchange.keepsResponseTrailers)
        }
    }
}
