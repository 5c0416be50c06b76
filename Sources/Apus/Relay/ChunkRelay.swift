internal import ApusReactor
internal import ApusWire

/// One read of a chunked body on its way: framing is followed, runs are sent on, trailers are filtered.
struct ChunkRelay {
    enum End {
        /// The body goes on.
        case more
        /// It has come to its proper end.
        case complete
        /// Its framing or a trailer is wrong; nothing more was sent.
        case faulty(BodyFault)
    }

    /// How the read ended.
    var end = End.more
    /// How far the read was consumed.
    var consumed: Int
    /// How many bytes went on.
    var sent = 0
    /// Whether something waits for the other side.
    var waits = false

    /// Runs up to this size are gathered in the scratch: a system call for each chunk of one byte would cost more than all
    /// that is relayed.
    private static let gathered = 1024

    /// Relays one read.
    ///
    /// - Parameters:
    ///   - head: how many bytes of the scratch go ahead of the first run, in the same system call.
    static func relay(
        _ bytes: Span<UInt8>,
        from: Int,
        head: Int,
        _ body: inout BodyFlow,
        trailerLimit: Int,
        to sink: BodySink,
        _ scratch: inout MutableSpan<UInt8>,
        _ io: inout ReactorIO
    ) -> ChunkRelay {
        var relay = ChunkRelay(consumed: from)
        var ahead = head
        while true {
            let progress = body.decode(bytes, from: relay.consumed)
            relay.consumed = progress.consumed
            var run = progress.pass.range
            switch progress.outcome {
            case .faulty(let fault):
                relay.end = .faulty(BodyFault(chunk: fault))
                return relay
            case .trailers where body.mode == .keepFraming && endsHere(bytes, progress.consumed):
                // No trailer: the empty line goes with the last chunk, in one system call.
                relay.consumed += 2
                run = run.isEmpty ? progress.consumed..<relay.consumed : run.lowerBound..<relay.consumed
                relay.end = .complete
            case .again where run.count <= gathered:
                if let end = copy(bytes, run, to: &scratch, at: ahead) {
                    ahead = end
                    continue
                }
            case .more, .again, .trailers: break
            }
            if ahead > 0 || !run.isEmpty {
                relay.send(ahead: ahead, run, sink, &io)
                ahead = 0
            }
            switch progress.outcome {
            case .again: continue
            case .trailers:
                if case .complete = relay.end { return relay }
                relay.trailers(bytes, body, trailerLimit, sink, &scratch, &io)
                return relay
            case .more, .faulty: return relay
            }
        }
    }

    private static func endsHere(_ bytes: Span<UInt8>, _ at: Int) -> Bool {
        at + 1 < bytes.count && bytes[at] == 0x0d && bytes[at + 1] == 0x0a
    }

    private mutating func send(ahead: Int, _ run: Range<Int>, _ sink: BodySink, _ io: inout ReactorIO) {
        if sink.send(scratch: 0..<ahead, input: run, &io) { waits = true }
        sent += ahead + run.count
    }

    /// The trailer section, whole or kept until it is (RFC 9112 §7.1.2).
    private mutating func trailers(
        _ bytes: Span<UInt8>,
        _ body: BodyFlow,
        _ limit: Int,
        _ sink: BodySink,
        _ scratch: inout MutableSpan<UInt8>,
        _ io: inout ReactorIO
    ) {
        switch TrailerSection.scan(bytes, from: consumed, limit: limit) {
        case .incomplete: return
        case .faulty(let fault): end = .faulty(BodyFault(trailer: fault))
        case .complete(let sectionEnd):
            // Without its fields a section is the empty line at its end.
            let section = ByteRange(body.keepsTrailers ? consumed : sectionEnd - 2, sectionEnd)
            consumed = sectionEnd
            end = .complete
            guard body.mode == .keepFraming, let count = TrailerSection.write(bytes, section, into: &scratch, at: 0)
            else {
                return
            }
            send(ahead: count, 0..<0, sink, &io)
        }
    }
}

/// A fault in a chunked body, as either side's.
struct BodyFault {
    let request: RequestFault
    let response: ResponseFault

    init(chunk: ChunkFault) {
        request = chunk.requestFault
        response = chunk.responseFault
    }

    init(trailer: TrailerFault) {
        request = trailer.requestFault
        response = trailer.responseFault
    }
}
