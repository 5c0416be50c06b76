internal import ApusFlow
internal import ApusPolicy
internal import ApusReactor
internal import ApusWire

/// Credentials that nobody has verified yet.
struct Claim {
    let credentials: ProxyCredentials
    let digest: SipHash.Digest
}

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
        let address = clients[id].address.unmapped
        let claim: Claim
        do throws(CredentialsFault) {
            let text = try CredentialsText(bytes, value.range)
            if isKnown(id, credentialKeys.digest(of: text, in: bytes, from: address), io.now) { return .known }
            let credentials = try ProxyCredentials(bytes, text)
            claim = Claim(credentials: credentials, digest: credentialKeys.digest(of: credentials, from: address))
        } catch {
            return .refused(
                error == .controlCharacter ? .request(.controlInCredentials) : .refused(.credentialsInvalid)
            )
        }
        // Written in another way, or shown on another thread.
        if isKnown(id, claim.digest, io.now) { return .known }
        if let (user, left) = shared.verifications.find(claim.digest, now: io.now) {
            clients[id].user = users.insert(claim.digest, user, limit: left, now: io.now)
            return .known
        }
        let wait = shared.throttle.wait(address, now: io.now)
        guard wait == 0 else {
            clients[id].retryAfter = seconds(wait)
            return .refused(.refused(.credentialsThrottled))
        }
        return .claimed(claim)
    }

    /// Whether somebody has shown these lately, who is the request's user then.
    private mutating func isKnown(_ id: UInt32, _ digest: SipHash.Digest, _ now: UInt64) -> Bool {
        guard let user = users.find(digest, now: now) else { return false }
        users.hold(user)
        clients[id].user = user
        return true
    }

    /// Has credentials verified outside of the thread; the client stays unread meanwhile, and its head is kept.
    mutating func verify(_ id: UInt32, _ claim: Claim, _ io: inout ReactorIO) {
        guard let authenticator = settings.authenticator else {
            return refuse(id, .internalError(.authenticator), &io)
        }
        let client = clients[id]
        let address = client.address.unmapped
        guard let wait = beginWait(id, for: .authenticating, &io) else { return }
        io.pause(client.token)
        let isTaken = shared.verifications.verify(
            Proofs.Claim(
                credentials: claim.credentials,
                digest: claim.digest,
                address: address,
                authenticator: authenticator
            ),
            for: Proofs.Waiter(thread: number, wait: wait),
            generation: usersGeneration,
            now: io.now,
            patience: UInt64(settings.ticks(.authentication)) * 100_000
        )
        if !isTaken { unverified(id, Verifications.busy, &io) }
    }

    /// The authenticator's answer, for all who wait for it; those who are gone are passed over.
    mutating func authenticated(_ result: Verifications.Result, _ io: inout ReactorIO) {
        var user = CredentialCache.nobody
        if case .user(let verified, let digest, let limit) = result.answer {
            // What was found before all was forgotten is good for those who wait for it alone.
            let isOld = result.generation < usersGeneration
            user = users.insert(digest, verified, limit: isOld ? 0 : limit, now: io.now)
        }
        for waiter in result.waiters {
            guard answers(waiter.wait, .authenticating) else { continue }
            let id = waiter.wait.client
            switch result.answer {
            case .user:
                users.hold(user)
                clients[id].user = user
                decideKept(id, &io)
            case .invalid: challenge(id, .credentialsInvalid, &io)
            case .throttled(let wait): throttled(id, wait, &io)
            case .unavailable(let reason): unverified(id, reason, &io)
            }
        }
        users.release(user)
    }

    /// Asks for credentials (407): the connection stays open for the same request with them, where that is possible.
    ///
    /// Without an authenticator nobody could show any, and the answer is 403.
    mutating func challenge(_ id: UInt32, _ refusal: Refusal = .credentialsMissing, _ io: inout ReactorIO) {
        guard settings.authenticator != nil else { return refuse(id, .refused(.denied), &io) }
        let step = clients[id].exchange.challenged(.fault(.refused(refusal)))
        // What lies behind the request is shown when the pause ends; without one it would wait for the next read.
        if clients[id].exchange.phase == .idle { io.pause(clients[id].token) }
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
        return clients.contains(id) && clients[id].exchange.phase == .idle ? head.end : bytes.count
    }

    /// All credentials are to be verified anew; what runs keeps its user.
    mutating func forgetUsers(_ generation: UInt64) {
        users.removeAll()
        usersGeneration = max(usersGeneration, generation)
    }

    /// The request's user is no longer needed.
    mutating func forgetUser(_ id: UInt32) {
        users.release(clients[id].user)
        clients[id].user = CredentialCache.nobody
    }

    /// The client has failed too often while this waited for its turn.
    private mutating func throttled(_ id: UInt32, _ wait: UInt64, _ io: inout ReactorIO) {
        clients[id].retryAfter = seconds(wait)
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
