internal import ApusReactor
internal import ApusWire

/// Stage 6, relay: the request goes out.
extension Worker {
    /// Sends a request on an idle connection straight from the read it came in: head and body in one system call.
    ///
    /// - Parameter written: how long its outgoing head is, which stands in the scratch as no rule has changed it.
    /// - Returns: how many bytes of the read were consumed.
    mutating func sendRequest(
        _ id: UInt32,
        _ request: ParsedRequest,
        _ host: borrowing HostBuffer,
        _ bytes: Span<UInt8>,
        _ written: Int,
        _ scratch: inout MutableSpan<UInt8>,
        _ io: inout ReactorIO
    ) -> Int {
        if keepsWords || clients[id].exchange.isRetriable { keep(id, request, host, bytes, written, &scratch) }
        guard let count = change(id, written, &scratch) else {
            refuse(id, .request(.headTooLarge), &io)
            return bytes.count
        }
        guard beginExchange(id, reused: true, &io) else { return bytes.count }
        return sendMessage(id, .up, request.facts.body, head: count, bytes, from: request.head.end, &scratch, &io)
    }

    /// Makes the changes of the rule that decided in an outgoing head that stands in the scratch; its new length, nil when there
    /// is no room for it.
    private func change(_ id: UInt32, _ count: Int, _ scratch: inout MutableSpan<UInt8>) -> Int? {
        guard let changes = requestChanges(id) else { return count }
        let changed = changes.applied(to: scratch.span.extracting(0..<count))
        return copy(changed.span, 0..<changed.count, to: &scratch, at: 0)
    }

    /// Sends a kept request head on a connection that has just been reached; its body is still to be read. A CONNECT has none: its tunnel
    /// begins.
    ///
    /// It is kept as no rule has changed it: another connection may be to an address that another rule decides about.
    mutating func sendKept(_ id: UInt32, reused: Bool, _ io: inout ReactorIO) {
        guard clients[id].kept != RequestBufferPool.none else { return refuse(id, .internalError(.requestText), &io) }
        guard beginExchange(id, reused: reused, &io) else { return }
        let client = clients[id]
        let changes = requestChanges(id)
        let count = kept.withHead(client.kept) { head in
            guard let changed = changes?.applied(to: head) else {
                io.send(client.upstream, head)
                return head.count
            }
            io.send(client.upstream, changed.span)
            return changed.count
        }
        clients[id].notes.toUpstream &+= UInt64(count)
        if !client.exchange.requestIsDone { io.resume(client.token) }
        var nothing = MutableSpan<UInt8>()
        _ = sendMessage(id, .up, client.exchange.requestBody, head: 0, Span(), from: 0, &nothing, &io)
        if !keepsWords, !client.exchange.isRetriable { kept.release(&clients[id].kept) }
    }

    /// The way to the origin stands, and the request begins to leave.
    ///
    /// - Returns: whether there is a head to send; else a tunnel has begun, or an own fault has refused the request, and its client may be
    ///   gone.
    private mutating func beginExchange(_ id: UInt32, reused: Bool, _ io: inout ReactorIO) -> Bool {
        let step = clients[id].exchange.reached(reused: reused)
        perform(step, id, &io)
        guard step.upstream == .sendHead else { return false }
        clients[id].notes.sentAt = clients[id].notes.since(io.now)
        return true
    }
}
