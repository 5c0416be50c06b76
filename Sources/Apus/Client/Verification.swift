internal import ApusFlow
internal import ApusPolicy
internal import ApusReactor
internal import ApusWire

/// Stage 3, decide: who asks, where that has to be verified.
extension Worker {
    /// Has credentials verified outside of the thread; the client stays unread meanwhile, and its head is kept.
    mutating func verify(_ id: UInt32, _ claim: Claim, _ io: inout ReactorIO) {
        guard let authenticator = settings.authenticator else {
            return refuse(id, .internalError(.authenticator), &io)
        }
        let context = clients[id].context(now: io.now)
        guard let wait = beginWait(id, for: .authenticating, &io) else { return }
        io.pause(clients[id].token)
        let patience = UInt64(settings.times[.authentication]) * 100_000
        let isTaken = gate.verify(claim, context, by: authenticator, for: wait, patience: patience)
        if !isTaken { unverified(id, Verifications.busy, &io) }
    }

    /// The authenticator's answer, for all who wait for it; those who are gone are passed over.
    mutating func authenticated(_ result: Verifications.Result, _ io: inout ReactorIO) {
        var user = gate.remember(result, now: io.now)
        for waiter in result.waiters {
            answered(waiter.wait, .credentials(result.answer, user: user), &io)
        }
        gate.release(user: &user)
    }

    /// What came of the credentials of a request that waited for it.
    mutating func verified(_ id: UInt32, _ answer: Verifications.Answer, user: UInt32, _ io: inout ReactorIO) {
        switch answer {
        case .user:
            gate.hold(user: user)
            clients[id].permission.user = user
            if clients[id].socks.isSpoken { identifiedSOCKS(id, &io) } else { decideKept(id, &io) }
        case .invalid: refuse(id, .refused(.credentialsInvalid), &io)
        case .throttled(let wait):
            // The client has failed too often while this waited for its turn.
            clients[id].permission.waits(wait)
            refuse(id, .refused(.credentialsThrottled), &io)
        case .unavailable(let reason): unverified(id, reason, &io)
        }
    }

    /// The request's user is no longer needed.
    mutating func forgetUser(_ id: UInt32) { gate.release(user: &clients[id].permission.user) }

    /// Nobody can tell whether the credentials are valid.
    private mutating func unverified(_ id: UInt32, _ reason: String, _ io: inout ReactorIO) {
        shared.denials.put(clients[id].notes.id, Denial(reason: reason, status: 503))
        refuse(id, .refused(.authenticatorUnavailable), &io)
    }
}
