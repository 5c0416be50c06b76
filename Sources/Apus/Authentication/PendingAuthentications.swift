internal import ApusFlow
internal import ApusPolicy
internal import ApusWire

/// The verifications of a server, under way or waiting for their turn: requests with the same credentials wait for the same one,
/// whichever threads have them.
struct PendingAuthentications: Sendable {
    /// Who waits, and on which thread.
    struct Waiter: Sendable, Equatable {
        let thread: Int
        let wait: WaitID
    }

    /// What is to be verified.
    struct Claim: Sendable {
        let credentials: ProxyCredentials
        let digest: SipHash.Digest
        let address: IPAddress
        let authenticator: any Authenticator
    }

    /// One that has its turn.
    struct Work: Sendable {
        let claim: Claim
        fileprivate let entry: Queue.Entry
    }

    /// Who waits for one verification.
    struct Proof: Sendable {
        fileprivate let ticket: UInt64
        let address: IPAddress
        fileprivate let startedAt: UInt64
        var waiters: [Waiter]
        /// Whether it was asked for before all proofs were forgotten: it is good for those who wait for it, and for nobody after
        /// them.
        fileprivate(set) var isOld: Bool
    }

    enum Joining: Sendable {
        /// It is under way, or waits for its turn.
        case joined
        /// It waits in the place of another one, whose waiters are these.
        case waits(instead: [Waiter])
        /// It is to be begun; its end is told by ``ended(_:at:took:)``.
        case begins(Work)
        /// Too many are under way, or it could not be in time.
        case full
    }

    enum Next: Sendable {
        case begins(Work)
        /// It has waited for too long: who waited for it.
        case late([Waiter])
    }

    fileprivate struct Job: Sendable {
        let claim: Claim
        let ticket: UInt64
    }

    fileprivate typealias Queue = FairQueue<Job>

    /// How many are under way in all, those included that nobody waits for any more; how many of one client and of one user it
    /// claims to be, so that who guesses leaves room for others; and how many wait.
    private static let bounds = FairQueueSettings(places: 1024, perClient: 8, perUser: 4, waiting: 1024)

    /// How many bits of an IPv6 address name one client.
    private let bits: UInt8
    private var queue = Queue(PendingAuthentications.bounds)
    private var proofs: [SipHash.Digest: Proof] = [:]
    private var tickets: UInt64 = 0
    /// How often all proofs were forgotten.
    private(set) var generation: UInt64 = 0

    /// Nothing is under way.
    init(bits: UInt8 = 64) { self.bits = bits }

    /// Waits for the verification of these credentials.
    ///
    /// - Parameters:
    ///   - generation: what the thread knows of it: what comes from before is good for nobody after.
    ///   - patience: after so many microseconds a verification is given up, and begun anew.
    mutating func join(
        _ claim: Claim,
        _ waiter: Waiter,
        generation: UInt64,
        now: UInt64,
        patience: UInt64
    ) -> Joining {
        var waiters = [waiter]
        if let proof = proofs[claim.digest] {
            if now &- proof.startedAt < patience, !proof.isOld {
                proofs[claim.digest]?.waiters.append(waiter)
                return .joined
            }
            waiters = proof.waiters + waiters
        }
        tickets &+= 1
        let job = Job(claim: claim, ticket: tickets)
        let client = claim.address.counted(bits: bits)
        let admission = queue.admit(job, client: client, user: claim.user, now: now, patience: patience)
        if case .refused = admission { return .full }
        proofs[claim.digest] = Proof(
            ticket: tickets,
            address: claim.address,
            startedAt: now,
            waiters: waiters,
            isOld: generation != self.generation
        )
        switch admission {
        case .begins(let entry): return .begins(Work(claim: claim, entry: entry))
        case .waits(let other): return .waits(instead: other.map { given(up: $0) } ?? [])
        case .refused: return .full
        }
    }

    /// What is known of users may have changed: nobody waits for a verification that was asked for before.
    mutating func forget() {
        generation &+= 1
        for digest in proofs.keys { proofs[digest]?.isOld = true }
    }

    /// A verification has come to its end; nil when nobody waits for it any more.
    ///
    /// - Parameter took: how long it took; nil where it was not done.
    mutating func ended(_ work: Work, took: UInt64?) -> Proof? {
        queue.finished(work.entry, took: took)
        let digest = work.claim.digest
        guard let proof = proofs[digest], proof.ticket == work.entry.item.ticket else { return nil }
        proofs[digest] = nil
        return proof
    }

    /// The next whose turn it is, or who has waited for too long.
    mutating func next(now: UInt64) -> Next? {
        switch queue.next(now: now) {
        case .begins(let entry): .begins(Work(claim: entry.item.claim, entry: entry))
        case .late(let job): .late(given(up: job))
        case nil: nil
        }
    }

    private mutating func given(up job: Job) -> [Waiter] {
        guard let proof = proofs[job.claim.digest], proof.ticket == job.ticket else { return [] }
        proofs[job.claim.digest] = nil
        return proof.waiters
    }
}

extension PendingAuthentications.Claim {
    /// Who the client claims to be; a token does not say before it is verified.
    fileprivate var user: UserDigest? {
        guard case .basic(let name, _) = credentials else { return nil }
        let bytes = Array(name.utf8)
        return UserDigest(bytes.span)
    }
}
