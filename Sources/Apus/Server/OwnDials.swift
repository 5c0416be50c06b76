internal import ApusReactor
internal import Synchronization

/// The own ends of connections to a port that this process listens on too: an own listener that accepts one of them has been led to by this
/// process itself, whatever address it was dialled by. Shared by the threads; without such connections it costs one look at a number.
final class OwnDials: Sendable {
    private let ends = Mutex<Set<SocketAddress>>([])
    private let count = Atomic(0)

    /// Connects, and notes the own end before any thread can have accepted the other one and asked.
    func connect(_ address: SocketAddress, _ io: inout ReactorIO) throws(SocketError) -> (Token, SocketAddress?) {
        // Counted first: who accepts meanwhile then waits for the lock.
        count.add(1, ordering: .sequentiallyConsistent)
        do throws(SocketError) {
            let made = try ends.withLock { (ends) throws(SocketError) -> (Token, SocketAddress?) in
                let token = try io.connect(address)
                guard let end = io.localAddress(token) else { return (token, nil) }
                ends.insert(end)
                return (token, end)
            }
            if made.1 == nil { count.subtract(1, ordering: .sequentiallyConsistent) }
            return made
        } catch {
            count.subtract(1, ordering: .sequentiallyConsistent)
            throw error
        }
    }

    /// The connection is closed.
    func closed(_ end: SocketAddress) {
        guard ends.withLock({ $0.remove(end) }) != nil else { return }
        count.subtract(1, ordering: .sequentiallyConsistent)
    }

    /// Whether a peer that was accepted is one of them.
    func contains(_ peer: SocketAddress) -> Bool {
        guard count.load(ordering: .sequentiallyConsistent) > 0 else { return false }
        return ends.withLock { $0.contains(peer) }
    }
}
