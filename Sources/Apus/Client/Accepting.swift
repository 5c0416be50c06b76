internal import ApusFlow
internal import ApusPolicy
internal import ApusReactor
internal import ApusWire

/// Stage 1, listen: who connects, and whether there is room.
extension ProxyThread {
    /// Adds a listener.
    mutating func listen(
        _ listener: consuming Listener, address: SocketAddress, name: String, _ io: inout ReactorIO
    ) {
        let index = io.addListener(listener)
        let isLoopback = IPAddress(address).isLoopback
        listeners.append(ListenerFacts(index: index, address: address, isLoopback: isLoopback, name: name, line: Array(name.utf8)))
    }

    mutating func accepted(_ token: Token, listener: Int, peer: SocketAddress, _ io: inout ReactorIO) {
        guard let position = listeners.firstIndex(where: { $0.index == listener }) else { return io.close(token) }
        let address = IPAddress(peer)
        counters.accepted &+= 1
        var refusal = settings.rules.admit(client: address, listenerIsLoopback: listeners[position].isLoopback)
        switch shared.caps.admit(address) {
        case .admitted: break
        case .clientFull: refusal = .clientConnectionLimit
        case .full: refusal = .connectionLimit
        }
        serial &+= 1
        var client = ClientConnection(
            token, peer: peer, listener: UInt16(position), serial: serial, chunks: settings.chunkLimits)
        client.refusal = refusal
        if isDraining { client.exchange = Exchange(draining: true) }
        let id = clients.insert(client)
        counters.clients &+= 1
        roles[token] = Role(kind: .client, index: id)
        if refusal == .connectionLimit {
            // There is no room to wait for its request.
            beginNotes(id, &io)
            return refuse(id, .refused(.connectionLimit), &io)
        }
        arm(.head, id, &io)
    }
}
