internal import ApusFlow
internal import ApusReactor
internal import ApusWire

/// Stage 6, relay: the request goes out.
extension ProxyThread {
    /// From this length of a body on, the next one of the same connection is expected to be as long: so much is faster
    /// spliced than copied.
    static let bulk: UInt64 = 48 << 10

    /// Sends a request on a pooled connection straight from the read it came in: head and body in one system call.
    ///
    /// - Returns: how many bytes of the read were consumed.
    mutating func sendRequest(
        _ id: UInt32,
        _ head: RequestHead,
        _ target: RequestTarget,
        _ facts: RequestFacts,
        _ host: borrowing HostBuffer,
        _ bytes: Span<UInt8>,
        _ scratch: inout MutableSpan<UInt8>,
        _ io: inout ReactorIO
    ) -> Int {
        guard
            let written = RequestRewriter.write(bytes, head, target, facts, fields, text: text, into: &scratch)
        else {
            refuse(id, .request(.headTooLarge), &io)
            return bytes.count
        }
        if keepsWords || clients[id].exchange.isRetriable { keep(id, head, target, host, bytes, written, &scratch) }
        guard let count = change(id, written, &scratch) else {
            refuse(id, .request(.headTooLarge), &io)
            return bytes.count
        }
        let step = clients[id].exchange.reached(reused: true)
        arm(step.deadline, id, &io)
        clients[id].notes.sentAt = clients[id].notes.since(io.now)
        let upstream = clients[id].upstream
        switch facts.body {
        case .none, .untilClose:
            io.send(upstream, scratch: 0..<count, input: 0..<0)
            clients[id].notes.toUpstream &+= UInt64(count)
            return head.end
        case .length(let length):
            let here = Int(min(length, UInt64(bytes.count - head.end)))
            beginBody(id, .up)
            keepBody(id, .up, bytes, head.end..<head.end + here)
            io.expectBulk(clients[id].token, length >= ProxyThread.bulk)
            io.send(upstream, scratch: 0..<count, input: head.end..<head.end + here)
            clients[id].notes.toUpstream &+= UInt64(count + here)
            clients[id].notes.fromClient &+= UInt64(here)
            if UInt64(here) == length {
                perform(clients[id].exchange.requestBodyEnded(), id, &io)
            } else {
                relayUp(id, length - UInt64(here), &io)
            }
            return head.end + here
        case .chunked:
            clients[id].requestDecoder = ChunkedDecoder(limits: settings.requestChunks)
            beginChunkedBody(id, .up)
            io.expectBulk(clients[id].token, false)
            return relayRequestChunks(id, bytes, from: head.end, head: count, &scratch, &io)
        }
    }

    /// Makes the changes of the rule that decided in an outgoing head that stands in the scratch; its new length, nil when there
    /// is no room for it.
    private func change(_ id: UInt32, _ count: Int, _ scratch: inout MutableSpan<UInt8>) -> Int? {
        guard let changes = requestChanges(id) else { return count }
        let changed = changes.applied(to: scratch.span.extracting(0..<count))
        return copy(changed.span, 0..<changed.count, to: &scratch, at: 0)
    }

    /// Sends a kept request head on a connection that has just been reached; its body is still to be read.
    ///
    /// It is kept as no rule has changed it: another connection may be to an address that another rule decides about.
    mutating func sendKept(_ id: UInt32, reused: Bool, _ io: inout ReactorIO) {
        let step = clients[id].exchange.reached(reused: reused)
        arm(step.deadline, id, &io)
        clients[id].notes.sentAt = clients[id].notes.since(io.now)
        let client = clients[id]
        let request = kept[client.kept]
        if let changes = requestChanges(id) {
            let changed = changes.applied(to: request.bytes.span.extracting(0..<request.head))
            io.send(client.upstream, changed.span)
            clients[id].notes.toUpstream &+= UInt64(changed.count)
        } else {
            io.send(client.upstream, request.bytes.span.extracting(0..<request.head))
            clients[id].notes.toUpstream &+= UInt64(request.head)
        }
        switch client.exchange.requestBody {
        case .none, .untilClose: break
        case .length(let length):
            beginBody(id, .up)
            io.resume(client.token)
            relayUp(id, length, &io)
        case .chunked:
            clients[id].requestDecoder = ChunkedDecoder(limits: settings.requestChunks)
            beginChunkedBody(id, .up)
            io.expectBulk(clients[id].token, false)
            io.resume(client.token)
        }
        if !keepsWords, !client.exchange.isRetriable { kept.release(&clients[id].kept) }
    }

    /// The request body's last byte has been moved.
    mutating func requestBodyRelayed(_ id: UInt32, _ io: inout ReactorIO) {
        clients[id].notes.add(up: clients[id].relayingUp, down: 0)
        clients[id].relayingUp = 0
        if clients[id].usage != UsageHolds.none, goesOn(id, .up, &io) { return }
        perform(clients[id].exchange.requestBodyEnded(), id, &io)
    }

    /// A read of a chunked request body.
    ///
    /// - Parameters:
    ///   - from: where the body begins in the read.
    ///   - head: how many bytes of the scratch go ahead of it.
    mutating func relayRequestChunks(
        _ id: UInt32,
        _ bytes: Span<UInt8>,
        from: Int,
        head: Int,
        _ scratch: inout MutableSpan<UInt8>,
        _ io: inout ReactorIO
    ) -> Int {
        let relayed = ChunkRelay.relay(
            bytes,
            from: from,
            head: head,
            decoder: &clients[id].requestDecoder,
            mode: .keepFraming,
            trailerLimit: settings.trailerLimit,
            keepsTrailers: clients[id].exchange.keepsRequestTrailers,
            to: clients[id].upstream,
            &scratch,
            &io
        )
        keepChunks(id, .up, bytes, from..<relayed.consumed)
        clients[id].notes.fromClient &+= UInt64(relayed.consumed - from)
        clients[id].notes.toUpstream &+= UInt64(relayed.sent)
        switch relayed.end {
        case .more:
            if relayed.waits {
                clients[id].clientWaits = true
                io.pause(clients[id].token)
            }
        case .complete: perform(clients[id].exchange.requestBodyEnded(), id, &io)
        case .faulty(let fault):
            refuse(id, .request(fault.request), &io)
            return bytes.count
        }
        return relayed.consumed
    }
}
