internal import ApusFlow
internal import ApusPolicy
internal import ApusReactor
internal import ApusWire
internal import Synchronization

/// What the threads of a server know together of who clients are: what is under way, what was found valid, who failed. It is
/// asked where a thread does not know credentials yet, never for those that it remembers.
final class Verifications: Sendable {
    /// What came of a verification.
    enum Answer: Sendable {
        /// The credentials of this digest are this user's, for so many microseconds.
        case user(VerifiedUser, SipHash.Digest, limit: UInt64)
        case invalid
        /// The client had failed too often meanwhile: microseconds to wait.
        case throttled(UInt64)
        case unavailable(reason: String)
    }

    /// An answer for those on one thread who wait for it.
    struct Result: Sendable {
        let waiters: [PendingAuthentications.Waiter]
        let answer: Answer
        /// How often all proofs had been forgotten when it came.
        let generation: UInt64
    }

    private struct State: ~Copyable, Sendable {
        var proofs: PendingAuthentications
        var known: CredentialCache
    }

    /// Why one is not verified.
    static let busy = "too many verifications are under way"

    /// The digests of credentials, the same on all threads.
    let keys: CredentialKeys
    private let state: Mutex<State>
    private let throttle: ClientThrottle
    private let mail: [Mailbox<WorkerMessage>]

    /// - Parameters:
    ///   - keys: those of the digests.
    ///   - known: how many that were found valid are remembered.
    ///   - lifetime: for how long, in microseconds.
    ///   - bits: how many bits of an IPv6 address name one client.
    init(
        keys: CredentialKeys,
        known: Int,
        lifetime: UInt64,
        bits: UInt8,
        throttle: ClientThrottle,
        mail: [Mailbox<WorkerMessage>]
    ) {
        state = Mutex(
            State(
                proofs: PendingAuthentications(bits: bits),
                known: CredentialCache(capacity: known, lifetime: lifetime)
            )
        )
        self.keys = keys
        self.throttle = throttle
        self.mail = mail
    }

    /// Who has shown these lately on another thread, and how much longer that is good, in microseconds.
    func find(_ digest: SipHash.Digest, now: UInt64) -> (user: VerifiedUser, left: UInt64)? {
        state.withLock { $0.known.remaining(digest, now: now) }
    }

    /// Has credentials verified, outside of the threads; the answer comes by mail.
    ///
    /// - Parameters:
    ///   - generation: how often all proofs had been forgotten, as far as the thread knows.
    ///   - patience: how long the client waits, in microseconds.
    /// - Returns: false when there will be no answer, for too many are under way.
    func verify(
        _ claim: PendingAuthentications.Claim,
        for waiter: PendingAuthentications.Waiter,
        generation: UInt64,
        now: UInt64,
        patience: UInt64
    ) -> Bool {
        let (joining, current) = state.withLock { state in
            (
                state.proofs.join(claim, waiter, generation: generation, now: now, patience: patience),
                state.proofs.generation
            )
        }
        switch joining {
        case .joined: break
        case .waits(let others): tell(others, .unavailable(reason: Verifications.busy), current)
        case .begins(let work): begin(work)
        case .full: return false
        }
        return true
    }

    /// What is known of users may have changed.
    ///
    /// - Returns: how often that was so.
    func forget() -> UInt64 {
        state.withLock { state in
            state.known.removeAll()
            state.proofs.forget()
            return state.proofs.generation
        }
    }

    private func begin(_ work: PendingAuthentications.Work) {
        let began = SystemInfo.monotonicMicroseconds()
        Task {
            let answer = await work.claim.authenticator.authenticate(work.claim.credentials, from: work.claim.address)
            self.ended(work, answer, took: SystemInfo.monotonicMicroseconds() &- began)
        }
    }

    /// The authenticator's answer, for all who wait for it; then it is the next one's turn.
    private func ended(_ work: PendingAuthentications.Work, _ answer: Authentication, took: UInt64) {
        let now = SystemInfo.monotonicMicroseconds()
        let digest = work.claim.digest
        let (proof, told, generation) = state.withLock { state -> (PendingAuthentications.Proof?, Answer, UInt64) in
            let proof = state.proofs.ended(work, took: took)
            let told: Answer
            switch answer {
            case .user(let name, let groups, let lifetime):
                let user = VerifiedUser(name, groups: groups)
                let limit = proof?.isOld == false ? lifetime?.microseconds ?? .max : 0
                if limit > 0 { state.known.release(state.known.insert(digest, user, limit: limit, now: now)) }
                told = .user(user, digest, limit: limit)
            case .invalid:
                // Before the place is another one's.
                if let proof { throttle.failed(proof.address, now: now) }
                told = .invalid
            case .unavailable(let reason): told = .unavailable(reason: reason)
            }
            return (proof, told, state.proofs.generation)
        }
        if let proof { tell(proof.waiters, told, generation) }
        beginNext(now)
    }

    /// Begins those whose turn has come; who has failed too often meanwhile is told so, and nothing is verified.
    private func beginNext(_ now: UInt64) {
        while true {
            let (next, generation) = state.withLock { ($0.proofs.next(now: now), $0.proofs.generation) }
            switch next {
            case .begins(let work):
                let wait = throttle.wait(work.claim.address, now: now)
                guard wait > 0 else {
                    begin(work)
                    continue
                }
                let proof = state.withLock { $0.proofs.ended(work, took: nil) }
                tell(proof?.waiters ?? [], .throttled(wait), generation)
            case .late(let waiters): tell(waiters, .unavailable(reason: Verifications.busy), generation)
            case nil: return
            }
        }
    }

    private func tell(_ waiters: [PendingAuthentications.Waiter], _ answer: Answer, _ generation: UInt64) {
        for (thread, own) in Dictionary(grouping: waiters, by: \.thread) where thread < mail.count {
            let result = Result(waiters: own, answer: answer, generation: generation)
            mail[thread].post(.authenticated(result))
        }
    }
}
