internal import ApusFlow
internal import ApusReactor
internal import ApusWire

/// Stage 6, relay: the response comes back.
extension Worker {
    /// Bytes of an upstream; how many were consumed.
    mutating func upstreamReceived(
        _ id: UInt32,
        _ bytes: Span<UInt8>,
        _ scratch: inout MutableSpan<UInt8>,
        _ io: inout ReactorIO
    ) -> Int {
        if clients[id].permission.usage != QuotaLedger.none, let consumed = holdsBack(id, .down, bytes.count, &io) {
            return consumed
        }
        guard clients[id].exchange.isAnswered else {
            guard clients[id].responseHead.isWorthParsing(bytes) else { return 0 }
            clients[id].responseHead.reset()
            return readResponse(id, bytes, &scratch, &io)
        }
        if clients[id].exchange.hasResponded {
            clients[id].exchange.upstreamOverran()
            return bytes.count
        }
        if clients[id].exchange.responseBody == .chunked {
            return relayChunks(id, .down, bytes, from: 0, head: 0, &scratch, &io)
        }
        return bytes.count
    }

    /// Reads response heads: interim ones, then the final one.
    private mutating func readResponse(
        _ id: UInt32,
        _ bytes: Span<UInt8>,
        _ scratch: inout MutableSpan<UInt8>,
        _ io: inout ReactorIO
    ) -> Int {
        if clients[id].notes.firstByteAt == 0 { clients[id].notes.firstByteAt = clients[id].notes.since(io.now) }
        var base = 0
        while base < bytes.count {
            let rest = bytes.extracting(base..<bytes.count)
            switch ResponseParser.parse(rest, limits: settings.responseLimits, fields: &fields) {
            case .incomplete:
                clients[id].responseHead.wasIncomplete(at: rest.count)
                return base
            case .invalid(let fault):
                clients[id].notes.fromUpstream &+= UInt64(rest.count)
                perform(clients[id].exchange.responseFaulted(fault), id, &io)
                return bytes.count
            case .complete(let head):
                clients[id].notes.fromUpstream &+= UInt64(head.end)
                if head.status < 200, !admitsInterim(id, head, &io) { return bytes.count }
                let facts: ResponseProperties
                do throws(ResponseFault) {
                    let exchange = clients[id].exchange
                    facts = try ResponseProperties.judge(
                        rest,
                        head,
                        fields,
                        method: exchange.method,
                        upgrade: exchange.upgrade
                    )
                } catch {
                    perform(clients[id].exchange.responseFaulted(error), id, &io)
                    return bytes.count
                }
                if facts.status == 407, isAskedByParent(id, io) {
                    refuse(id, .parent(.credentials), &io)
                    return bytes.count
                }
                if facts.status == 101, let refusal = refusesTunnel(id) {
                    refuse(id, .refused(refusal), &io)
                    return bytes.count
                }
                let waits = io.waiting(clients[id].upstream) > 0
                let step = clients[id].exchange.responded(facts, requestWaits: waits)
                if step.client == .forwardHead {
                    return forward(id, step, head, facts, base, bytes, &scratch, &io)
                }
                perform(step, id, &io)
                switch step.client {
                case .forwardInterim: sendHead(id, head, facts, rest, &scratch, &io)
                case .none: break
                default: return bytes.count
                }
                base += head.end
            }
        }
        return base
    }

    /// Interim responses together may be as long as one head: an origin could else send them without end.
    private mutating func admitsInterim(_ id: UInt32, _ head: ResponseHead, _ io: inout ReactorIO) -> Bool {
        clients[id].interim &+= UInt32(truncatingIfNeeded: head.end)
        if clients[id].interim <= settings.responseLimits.head { return true }
        perform(clients[id].exchange.responseFaulted(.headTooLarge), id, &io)
        return false
    }

    private mutating func sendHead(
        _ id: UInt32,
        _ head: ResponseHead,
        _ facts: ResponseProperties,
        _ bytes: Span<UInt8>,
        _ scratch: inout MutableSpan<UInt8>,
        _ io: inout ReactorIO
    ) {
        guard let count = writeHead(id, head, facts, bytes, &scratch, &io) else { return }
        clients[id].notes.toClient &+= UInt64(count)
        guard io.send(clients[id].token, scratch: 0..<count, input: 0..<0) == .waiting else { return }
        // An origin could send interim responses without end to a client that does not read.
        holdSource(id, .down, &io)
    }

    private mutating func writeHead(
        _ id: UInt32,
        _ head: ResponseHead,
        _ facts: ResponseProperties,
        _ bytes: Span<UInt8>,
        _ scratch: inout MutableSpan<UInt8>,
        _ io: inout ReactorIO
    ) -> Int? {
        if !facts.hasDate { refreshDate(&io) }
        let exchange = clients[id].exchange
        // Not only where there is a body to strip: the answer to a HEAD may not name the coding either (RFC 9112 §6.1).
        let isOld = exchange.version == .http10
        let manner = ResponseRewriter.Manner(
            closes: exchange.closesClient,
            stripsCoding: isOld,
            servesSessions: facts.authenticatesConnection && facts.status == 401 && exchange.mayBind
        )
        let count = ResponseRewriter.write(bytes, head, facts, fields, manner: manner, text: text, into: &scratch)
        guard let count, facts.status >= 200, let changes = responseChanges(id) else { return count }
        let changed = changes.applied(to: scratch.span.extracting(0..<count))
        return copy(changed.span, 0..<changed.count, to: &scratch, at: 0)
    }

    /// The final head, and as much of the body as came with it, in one system call.
    private mutating func forward(
        _ id: UInt32,
        _ step: Step,
        _ head: ResponseHead,
        _ facts: ResponseProperties,
        _ base: Int,
        _ bytes: Span<UInt8>,
        _ scratch: inout MutableSpan<UInt8>,
        _ io: inout ReactorIO
    ) -> Int {
        let start = base + head.end
        clients[id].notes.status = facts.status
        clients[id].keepAlive = facts.keepAlive
        clients[id].notes.responseHead = journal.keep(bytes, base..<start)
        guard let count = writeHead(id, head, facts, bytes.extracting(base..<bytes.count), &scratch, &io) else {
            perform(clients[id].exchange.responseFaulted(.headTooLarge, headHasLeft: false), id, &io)
            return bytes.count
        }
        if step.upstream == .tunnel {
            io.send(clients[id].token, scratch: 0..<count, input: 0..<0)
            clients[id].notes.toClient &+= UInt64(count)
            perform(step, id, &io)
            return start
        }
        perform(step, id, &io)
        return sendMessage(id, .down, facts.body, head: count, bytes, from: start, &scratch, &io)
    }

    mutating func upstreamEnded(_ id: UInt32, _ io: inout ReactorIO) {
        noteStale(id, io.now)
        perform(clients[id].exchange.upstreamEnded(partialHead: clients[id].responseHead.isBegun), id, &io)
    }

    mutating func upstreamFailed(_ id: UInt32, _ io: inout ReactorIO) {
        noteStale(id, io.now)
        let partial = clients[id].responseHead.isBegun
        perform(clients[id].exchange.upstreamFailed(.terminated, partialHead: partial), id, &io)
    }

    /// Where an idle connection was closed just as a request took it, the origin is one that drops them.
    private mutating func noteStale(_ id: UInt32, _ now: UInt64) {
        if clients[id].exchange.isUnheard { upstreams.wasStale(clients[id].route, now: now) }
    }
}
