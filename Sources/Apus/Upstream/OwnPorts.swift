internal import ApusPolicy
internal import ApusReactor
internal import ApusWire

/// Connections to ports that this process listens on too. The guard knows the addresses of the start; by one that came later, or by a local
/// route, they may lead to this process all the same, and only the connection itself tells.
extension ProxyThread {
    /// Connects to an origin.
    mutating func connectUpstream(_ address: SocketAddress, _ io: inout ReactorIO) throws(SocketError) -> Token {
        guard settings.rules.destinations.listens(onPort: address.port) else { return try io.connect(address) }
        // Whatever way a socket has gone, its end is not held against who has it next.
        for token in ownEnds.keys where io.localAddress(token) == nil { forgetEnd(token) }
        let (token, end) = try shared.ownDials.connect(address, &io)
        if let end { ownEnds[token] = end }
        return token
    }

    /// Whether both ends of a connection are this machine, at a port that this process listens on.
    func leadsHere(_ token: Token, to address: IPAddress?, port: UInt16, _ io: borrowing ReactorIO) -> Bool {
        guard let address, settings.rules.destinations.listens(onPort: port) else { return false }
        guard let end = io.localAddress(token).map({ IPAddress($0) }) else { return false }
        return end.unmapped == address.unmapped || end.isLoopback && address.isLoopback
    }

    /// An upstream socket is about to be closed.
    mutating func forgetEnd(_ token: Token) {
        guard !ownEnds.isEmpty, let end = ownEnds.removeValue(forKey: token) else { return }
        shared.ownDials.closed(end)
    }
}
