internal import ApusFlow
internal import ApusWire
internal import Synchronization

/// The client connections of a server, counted in all and by client; shared by its threads.
///
/// Touched once when a connection comes and once when it goes, never for a request.
final class ClientCaps: Sendable {
    /// A 64th of the addresses, so that threads that accept at the same time seldom meet at one lock.
    private final class Shard: Sendable {
        let counts = Mutex(ClientCounts())
    }

    private static let shardCount = 64

    private let shards = (0..<shardCount).map { _ in Shard() }
    /// The bounds.
    let bounds: ClientCapSettings
    private let connections = Atomic<Int>(0)
    private let openTunnels = Atomic<Int>(0)

    /// Makes empty counters.
    init(_ settings: ClientCapSettings = ClientCapSettings()) {
        bounds = settings
    }

    /// How many client connections are open.
    var connectionCount: Int { connections.load(ordering: .relaxed) }

    /// How many tunnels are open.
    var tunnelCount: Int { openTunnels.load(ordering: .relaxed) }

    /// How many connections a client has; 0 for one that is exempt.
    func count(of client: ClientAddress) -> Int {
        guard let key = client.counted(bits: bounds.bits) else { return 0 }
        return shard(key).counts.withLock { $0.count(of: key) }
    }

    /// A client has connected. What is admitted is to be ``released(_:)`` once, with the same address.
    func admit(_ client: ClientAddress) -> Admission {
        guard Self.raise(connections, bounds.inAll) else { return .full }
        if admit(client, most: bounds.perClient) { return .admitted }
        Self.lower(connections)
        return .clientFull
    }

    /// It is known for whom a connection is that was admitted as one of a balancer: from now on it is counted, and released, as this
    /// client's.
    ///
    /// - Returns: whether the client may have another; if not it goes on to count as the balancer's.
    func announced(_ client: ClientAddress) -> Bool { admit(client, most: bounds.perClient) }

    private func admit(_ client: ClientAddress, most: Int) -> Bool {
        guard let key = client.counted(bits: bounds.bits) else { return true }
        return shard(key).counts.withLock { $0.admit(key, most: most) }
    }

    /// A connection that was admitted is closed.
    func released(_ client: ClientAddress) {
        Self.lower(connections)
        guard let key = client.counted(bits: bounds.bits) else { return }
        shard(key).counts.withLock { $0.release(key) }
    }

    /// Whether another tunnel may be opened; if so it is counted until its place is given back. Who has one gets no other.
    func admitTunnel(_ place: inout TunnelPlace) -> Bool {
        if place == .none, Self.raise(openTunnels, bounds.tunnels) { place = .counted }
        return place != .none
    }

    /// A place is given back: its tunnel is closed, or its request has become none.
    func release(_ place: TunnelPlace) {
        if place != .none { Self.lower(openTunnels) }
    }

    private func shard(_ key: IPAddress) -> Shard {
        shards[Int(UInt(bitPattern: key.hashValue) % UInt(Self.shardCount))]
    }

    /// Counts one more unless the bound is reached; exact, however many threads try.
    private static func raise(_ counter: borrowing Atomic<Int>, _ bound: Int) -> Bool {
        var count = counter.load(ordering: .relaxed)
        while bound == 0 || count < bound {
            let (exchanged, original) = counter.weakCompareExchange(
                expected: count,
                desired: count + 1,
                ordering: .relaxed
            )
            if exchanged { return true }
            count = original
        }
        return false
    }

    private static func lower(_ counter: borrowing Atomic<Int>) { counter.subtract(1, ordering: .relaxed) }
}
