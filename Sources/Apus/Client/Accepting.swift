internal import ApusFlow
internal import ApusReactor
internal import ApusWire

/// Stage 1, listen: who connects, and whether there is room.
extension Worker {
    /// Adds a listener.
    mutating func listen(_ seed: ListenerSeed, _ io: inout ReactorIO) {
        let index = io.addListener(Listener(adopting: seed.descriptor), shared: seed.isShared)
        listeners.append(ListenerInfo(seed, index: index))
    }

    /// Whether a client that is refused for this reason, or for none, counts among those that the caps bound.
    func isCounted(_ refusal: Refusal?) -> Bool { refusal != .connectionLimit && refusal != .clientConnectionLimit }

    mutating func accepted(_ token: Token, listener: Int, peer: SocketAddress, _ io: inout ReactorIO) {
        guard let position = listeners.firstIndex(where: { $0.index == listener }) else {
            ownFault(.listener, io)
            return io.close(token)
        }
        // This process has been led to itself: whoever is behind that is told by the other end.
        if shared.ownDials.contains(peer) { return io.reset(token) }
        let address = IPAddress(peer)
        journal.count(.clientAccepted)
        var refusal = settings.rules.admit(client: address, listenerIsLoopback: listeners[position].isLoopback)
        if refusal != nil, settings.snapshot.policy.mayAdmit(address) { refusal = nil }
        var admission = shared.caps.admit(address)
        // Who has had an answer, and goes on sending what nobody reads, gives the place to who comes.
        if admission == .full, endLongestLingering(&io) { admission = shared.caps.admit(address) }
        switch admission {
        case .admitted: break
        case .clientFull: refusal = .clientConnectionLimit
        case .full: refusal = .connectionLimit
        }
        if !isCounted(refusal) {
            // An answer is a courtesy; without a bound it would cost the descriptors that the cap is to save.
            guard excess < shared.plan.excess else { return io.reset(token) }
            excess += 1
        }
        var client = ClientConnection(
            token,
            peer: peer,
            listener: UInt16(position),
            draining: isDraining
        )
        client.refusal = refusal
        let id = clients.insert(client)
        io.setRole(token, Role(kind: .client, index: id))
        if let refusal, !isCounted(refusal) {
            // There is no room to wait for its request.
            beginNotes(id, &io)
            performSession(clients[id].session.headEnded(), id, &io)
            return refuse(id, .refused(refusal), &io)
        }
        performSession(clients[id].session.accepted(), id, &io)
    }
}
