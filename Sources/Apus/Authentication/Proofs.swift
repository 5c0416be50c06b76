internal import ApusPolicy
internal import ApusWire

/// The verifications under way on a thread: requests with the same credentials wait for the same one.
struct Proofs {
    /// Who waits: a client's place, and the serial that tells it from others that were there.
    struct Waiter: Sendable {
        let client: UInt32
        let serial: UInt32
    }

    /// One verification.
    struct Proof {
        let ticket: UInt64
        let address: IPAddress
        let startedAt: UInt64
        var waiters: [Waiter]
        /// Whether it began before all proofs were forgotten: it is good for those who wait for it, and for nobody after them.
        var isOld = false
    }

    enum Joining: Equatable {
        /// It is under way.
        case joined
        /// It is to be begun; the ticket comes back with its answer.
        case start(UInt64)
        /// Too many are under way.
        case full
    }

    /// How many verifications may be under way, those included that nobody waits for any more.
    private static let most = 1024
    /// How many of one client, so that one that guesses leaves room for others: as many different credentials hardly come from
    /// one address at the same time.
    private static let mostOfOne = 64

    private var proofs: [SipHash.Digest: Proof] = [:]
    private var tickets: UInt64 = 0
    private var underWay: [UInt64: IPAddress] = [:]
    private var clients: [IPAddress: Int] = [:]

    /// Waits for the verification of these credentials.
    ///
    /// - Parameter patience: after so many microseconds a verification is given up, and begun anew.
    mutating func join(
        _ digest: SipHash.Digest,
        _ waiter: Waiter,
        from address: IPAddress,
        now: UInt64,
        patience: UInt64
    ) -> Joining {
        var waiters = [waiter]
        if let proof = proofs[digest] {
            if now &- proof.startedAt < patience, !proof.isOld {
                proofs[digest]?.waiters.append(waiter)
                return .joined
            }
            waiters = proof.waiters + waiters
        }
        guard underWay.count < Proofs.most, clients[address, default: 0] < Proofs.mostOfOne else { return .full }
        tickets &+= 1
        underWay[tickets] = address
        clients[address, default: 0] += 1
        proofs[digest] = Proof(ticket: tickets, address: address, startedAt: now, waiters: waiters)
        return .start(tickets)
    }

    /// What is known of users may have changed: nobody waits for a verification that was begun before.
    mutating func forget() {
        for digest in proofs.keys { proofs[digest]?.isOld = true }
    }

    /// A verification has come to its end; nil when nobody waits for it any more.
    mutating func answered(_ digest: SipHash.Digest, _ ticket: UInt64) -> Proof? {
        if let address = underWay.removeValue(forKey: ticket) {
            let left = clients[address, default: 1] - 1
            clients[address] = left > 0 ? left : nil
        }
        guard let proof = proofs[digest], proof.ticket == ticket else { return nil }
        proofs[digest] = nil
        return proof
    }
}
