internal import ApusFlow
internal import ApusPolicy
internal import ApusReactor
internal import ApusWire

/// What Proxy-Authorization says of a request.
enum Identity {
    /// Nothing was shown, or it is known whose it is: the client's `user` tells.
    case known
    /// It has to be verified.
    case claimed(Claim)
    /// It cannot be served.
    case refused(Fault)
}

/// Stage 3, decide: who asks. Each request is judged by its own field; what is remembered is that the same bytes from the same
/// address were valid.
extension ProxyThread {
    /// Who asks, as far as that is known at once: no allocation for credentials that were verified lately.
    mutating func identify(_ id: UInt32, _ bytes: Span<UInt8>, _ io: inout ReactorIO) -> Identity {
        guard settings.asksCredentials else { return .known }
        let (value, count) = fields.value(of: .proxyAuthorization)
        guard count > 0 else { return settings.requiresCredentials ? .refused(.refused(.credentialsMissing)) : .known }
        guard count == 1 else { return .refused(.request(.severalCredentials)) }
        switch users.recognize(bytes, value, from: clients[id].address.unmapped, now: io.now) {
        case .user(let user):
            clients[id].permission.user = user
            return .known
        case .claimed(let claim): return .claimed(claim)
        case .throttled(let wait):
            clients[id].permission.retryAfter = seconds(wait)
            return .refused(.refused(.credentialsThrottled))
        case .refused(let fault): return .refused(fault)
        }
    }

    /// Has credentials verified outside of the thread; the client stays unread meanwhile, and its head is kept.
    mutating func verify(_ id: UInt32, _ claim: Claim, _ io: inout ReactorIO) {
        guard let authenticator = settings.authenticator else {
            return refuse(id, .internalError(.authenticator), &io)
        }
        let client = clients[id]
        guard let wait = beginWait(id, for: .authenticating, &io) else { return }
        io.pause(client.token)
        let isTaken = users.verify(
            claim,
            from: client.address.unmapped,
            by: authenticator,
            for: wait,
            now: io.now,
            patience: UInt64(settings.ticks(.authentication)) * 100_000
        )
        if !isTaken { unverified(id, Verifications.busy, &io) }
    }

    /// The authenticator's answer, for all who wait for it; those who are gone are passed over.
    mutating func authenticated(_ result: Verifications.Result, _ io: inout ReactorIO) {
        var user = users.remember(result, now: io.now)
        for waiter in result.waiters {
            answered(waiter.wait, .credentials(result.answer, user: user), &io)
        }
        users.release(&user)
    }

    /// What came of the credentials of a request that waited for it.
    mutating func verified(_ id: UInt32, _ answer: Verifications.Answer, user: UInt32, _ io: inout ReactorIO) {
        switch answer {
        case .user:
            users.hold(user)
            clients[id].permission.user = user
            decideKept(id, &io)
        case .invalid: challenge(id, .credentialsInvalid, &io)
        case .throttled(let wait): throttled(id, wait, &io)
        case .unavailable(let reason): unverified(id, reason, &io)
        }
    }

    /// Asks for credentials (407): the connection stays open for the same request with them, where that is possible.
    ///
    /// Without an authenticator nobody could show any, and the answer is 403.
    mutating func challenge(_ id: UInt32, _ refusal: Refusal = .credentialsMissing, _ io: inout ReactorIO) {
        guard settings.authenticator != nil else { return refuse(id, .refused(.denied), &io) }
        let step = clients[id].exchange.challenged(.fault(.refused(refusal)))
        // What lies behind the request is shown when the pause ends; without one it would wait for the next read.
        if step.leaves == .next { io.pause(clients[id].token) }
        perform(step, id, &io)
    }

    /// Refuses a request: for want of credentials it is asked for them.
    mutating func refuse(_ id: UInt32, _ refusal: Refusal, _ io: inout ReactorIO) {
        if refusal.status == 407 { challenge(id, refusal, &io) } else { refuse(id, .refused(refusal), &io) }
    }

    /// Refuses a request for what its credentials are.
    ///
    /// - Returns: how many bytes of the read were consumed: with a challenge only those of the request.
    mutating func refuse(
        _ id: UInt32,
        identity fault: Fault,
        _ head: RequestHead,
        _ bytes: Span<UInt8>,
        _ io: inout ReactorIO
    ) -> Int {
        guard case .refused(let refusal) = fault, refusal.status == 407 else {
            refuse(id, fault, &io)
            return bytes.count
        }
        challenge(id, refusal, &io)
        return clients.contains(id) && clients[id].session.phase == .idle ? head.end : bytes.count
    }

    /// The request's user is no longer needed.
    mutating func forgetUser(_ id: UInt32) { users.release(&clients[id].permission.user) }

    /// The client has failed too often while this waited for its turn.
    private mutating func throttled(_ id: UInt32, _ wait: UInt64, _ io: inout ReactorIO) {
        clients[id].permission.retryAfter = seconds(wait)
        refuse(id, .refused(.credentialsThrottled), &io)
    }

    /// Microseconds as whole seconds, rounded up.
    private func seconds(_ wait: UInt64) -> UInt32 { UInt32(clamping: (wait + 999_999) / 1_000_000) }

    /// Nobody can tell whether the credentials are valid.
    private mutating func unverified(_ id: UInt32, _ reason: String, _ io: inout ReactorIO) {
        shared.denials.put(clients[id].notes.id, Denial(reason: reason, status: 503))
        refuse(id, .refused(.authenticatorUnavailable), &io)
    }
}
