internal import ApusFlow
internal import ApusReactor

extension Slab {
    /// The indices in use.
    var indices: [UInt32] { (0..<UInt32(capacity)).filter { contains($0) } }
}

/// The end of a thread: no new clients, then none at all.
extension Worker {
    /// Closes the listeners; those who wait in their queues are still served, for a reset is all they would get.
    mutating func drain(_ io: inout ReactorIO) {
        guard !isDraining else { return }
        for listener in listeners { io.closeListener(listener.index) }
        isDraining = true
        upstreams.keepNone()
        _ = dropIdle(&io)
        for id in clients.indices { performSession(clients[id].session.drained(), id, &io) }
    }

    /// Ends what still runs, with its record.
    mutating func stop(_ io: inout ReactorIO) {
        isDraining = true
        upstreams.keepNone()
        for id in clients.indices { endNow(id, &io) }
        for id in tunnels.indices { performTunnel(tunnels.stopped(id), id, &io) }
        io.stop()
    }

    /// Ends a client's connection, and what runs on it with its record.
    mutating func endNow(_ id: UInt32, _ io: inout ReactorIO) { performSession(clients[id].session.stopped(), id, &io) }
}
