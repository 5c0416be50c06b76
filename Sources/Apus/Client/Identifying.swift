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
        // No client comes from ff00::/8, which is multicast: an address of IPv4 cannot be taken for one of IPv6.
        let high = address.family == .v4 ? UInt64.max : address.high
        let digest = SipHash.digest(digestKey, high, address.low, bytes, value.range)
        if let user = users.find(digest, now: io.now) {
            users.hold(user)
            clients[id].user = user
            return .known
        }
        let credentials: ProxyCredentials
        do throws(CredentialsFault) { credentials = try ProxyCredentials(bytes, value.range) } catch {
            return .refused(.refused(.credentialsInvalid))
        }
        let wait = shared.throttle.wait(address, now: io.now)
        guard wait == 0 else {
            clients[id].retryAfter = UInt32(clamping: (wait + 999_999) / 1_000_000)
            return .refused(.refused(.credentialsThrottled))
        }
        return .claimed(Claim(credentials: credentials, digest: digest))
    }

    /// Has credentials verified outside of the thread; the client stays unread meanwhile, and its head is kept.
    mutating func verify(_ id: UInt32, _ claim: Claim, _ io: inout ReactorIO) {
        guard let authenticator = settings.authenticator else { return }
        let client = clients[id]
        let address = client.address.unmapped
        clients[id].isProving = true
        io.pause(client.token)
        io.arm(client.token, ticks: settings.authenticationTicks)
        let joining = proofs.join(
            claim.digest,
            Proofs.Waiter(client: id, serial: client.serial),
            from: address,
            now: io.now,
            patience: UInt64(settings.authenticationTicks) * 100_000
        )
        switch joining {
        case .joined: break
        case .full: unverified(id, "too many verifications are under way", &io)
        case .start(let ticket):
            let mail = shared.mail[number]
            Task {
                let answer = await authenticator.authenticate(claim.credentials, from: address)
                mail.post(.authenticated(claim.digest, ticket: ticket, answer))
            }
        }
    }

    /// The authenticator's answer, for all who wait for it; those who are gone are passed over.
    mutating func authenticated(
        _ digest: SipHash.Digest,
        _ ticket: UInt64,
        _ answer: Authentication,
        _ io: inout ReactorIO
    ) {
        guard let proof = proofs.answered(digest, ticket) else { return }
        var user = CredentialCache.nobody
        switch answer {
        case .user(let name, let groups, let lifetime):
            let limit = proof.isOld ? 0 : lifetime.map(\.microseconds) ?? .max
            user = users.insert(digest, VerifiedUser(name, groups: groups), limit: limit, now: io.now)
        case .invalid: shared.throttle.failed(proof.address, now: io.now)
        case .unavailable: break
        }
        for waiter in proof.waiters {
            let id = waiter.client
            guard clients.contains(id), clients[id].serial == waiter.serial, clients[id].isProving else { continue }
            clients[id].isProving = false
            switch answer {
            case .user:
                users.hold(user)
                clients[id].user = user
                arm(.reach, id, &io)
                decideKept(id, &io)
            case .invalid: challenge(id, .credentialsInvalid, &io)
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

    /// The request's user is no longer needed.
    mutating func forgetUser(_ id: UInt32) {
        users.release(clients[id].user)
        clients[id].user = CredentialCache.nobody
    }

    /// Nobody can tell whether the credentials are valid.
    private mutating func unverified(_ id: UInt32, _ reason: String, _ io: inout ReactorIO) {
        clients[id].isProving = false
        shared.denials.put(clients[id].notes.id, Denial(reason: reason, status: 503))
        refuse(id, .refused(.authenticatorUnavailable), &io)
    }
}
