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
        journal.count(.clientAccepted)
        guard listeners[position].proxyProtocol.isEmpty else { return acceptedAnnouncer(token, position, peer, &io) }
        let address = ClientAddress(peer)
        let full = noRoom(for: address, &io)
        open(token, address, position, full ?? whyNotServed(address, position), &io)
    }

    /// Somebody connects to a listener where clients are announced: only who may do so is listened to.
    private mutating func acceptedAnnouncer(
        _ token: Token,
        _ position: Int,
        _ peer: SocketAddress,
        _ io: inout ReactorIO
    ) {
        let isNamed = listeners[position].proxyProtocol.contains { $0.contains(IPAddress(peer)) }
        let address = ClientAddress(peer, way: isNamed ? .awaited : .unannounced)
        open(token, address, position, noRoom(for: address, &io) ?? (isNamed ? nil : .announcerNotAllowed), &io)
    }

    /// Why a client is not served on a listener, whatever it asks for; nil if it may be.
    func whyNotServed(_ client: ClientAddress, _ position: Int) -> Refusal? {
        let isLoopback = listeners[position].isLoopback
        // A client of SOCKS is not refused for what it does not speak.
        let spoken: Refusal? = listeners[position].protocols.contains(.http) ? nil : .protocolNotServed
        guard let refusal = settings.rules.admit(client: client.ip, listenerIsLoopback: isLoopback) else {
            return spoken
        }
        return settings.snapshot.policy.mayAdmit(client.ip) ? spoken : refusal
    }

    /// Counts a client among those that the caps bound; or which of them has been reached.
    private mutating func noRoom(for client: ClientAddress, _ io: inout ReactorIO) -> Refusal? {
        var admission = shared.caps.admit(client)
        // Who has had an answer, and goes on sending what nobody reads, gives the place to who comes.
        if admission == .full, endLongestLingering(&io) { admission = shared.caps.admit(client) }
        switch admission {
        case .admitted: return nil
        case .clientFull: return .clientConnectionLimit
        case .full: return .connectionLimit
        }
    }

    /// A client's connection begins, though it may be to be told that it is refused.
    private mutating func open(
        _ token: Token,
        _ address: ClientAddress,
        _ position: Int,
        _ refusal: Refusal?,
        _ io: inout ReactorIO
    ) {
        if !isCounted(refusal) {
            // An answer is a courtesy; without a bound it would cost the descriptors that the cap is to save.
            guard excess < shared.plan.excess else { return io.reset(token) }
            excess += 1
        }
        var client = ClientConnection(token, address, listener: UInt16(position), draining: isDraining)
        client.refusal = refusal
        let id = clients.insert(client)
        io.setRole(token, Role(kind: .client, index: id))
        if let refusal, !isCounted(refusal) || refusal == .announcerNotAllowed { return turnAway(id, refusal, &io) }
        performSession(clients[id].session.accepted(), id, &io)
    }

    /// Answers a client before anything of it was read: there is no room to wait for its request, or nobody is to look at it.
    mutating func turnAway(_ id: UInt32, _ refusal: Refusal, _ io: inout ReactorIO) {
        beginNotes(id, &io)
        performSession(clients[id].session.headEnded(), id, &io)
        refuse(id, .refused(refusal), &io)
    }
}
