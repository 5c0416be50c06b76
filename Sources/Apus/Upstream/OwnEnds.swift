internal import ApusPolicy
internal import ApusReactor
internal import ApusWire

/// A thread's connections to ports that this process listens on too, by their own ends. The guard knows the addresses of the start; by one
/// that came later, or by a local route, they may lead to this process all the same, and only the connection itself tells.
struct OwnEnds: ~Copyable {
    private let shared: OwnDials
    private var destinations: DestinationGuard
    private var ends: [Token: SocketAddress] = [:]

    init(_ shared: OwnDials, _ destinations: DestinationGuard) {
        self.shared = shared
        self.destinations = destinations
    }

    /// Knows the listeners of these settings from now on.
    mutating func adopt(_ destinations: DestinationGuard) { self.destinations = destinations }

    /// Connects to an origin.
    mutating func connect(_ address: SocketAddress, _ io: inout ReactorIO) throws(SocketError) -> Token {
        guard destinations.listens(onPort: address.port) else { return try io.connect(address) }
        // Whatever way a socket has gone, its end is not held against who has it next.
        for token in ends.keys where io.localAddress(token) == nil { forget(token) }
        let (token, end) = try shared.connect(address, &io)
        if let end { ends[token] = end }
        return token
    }

    /// Whether both ends of a connection are this machine, at a port that this process listens on.
    func leadsHere(_ token: Token, to address: IPAddress?, port: UInt16, _ io: borrowing ReactorIO) -> Bool {
        guard let address, destinations.listens(onPort: port) else { return false }
        guard let end = io.localAddress(token).map({ IPAddress($0) }) else { return false }
        return end.unmapped == address.unmapped || end.isLoopback && address.isLoopback
    }

    /// A socket is about to be closed.
    mutating func forget(_ token: Token) {
        guard !ends.isEmpty, let end = ends.removeValue(forKey: token) else { return }
        shared.closed(end)
    }
}
