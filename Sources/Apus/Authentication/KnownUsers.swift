internal import ApusFlow
internal import ApusPolicy
internal import ApusReactor
internal import ApusWire

/// Credentials that nobody has verified yet.
struct Claim {
    let credentials: ProxyCredentials
    let digest: SipHash.Digest
}

/// Whom a thread knows by what they have shown, and the way to those who verify it. What it remembers is that the same bytes from the same
/// address were valid.
///
/// A request holds its user until ``release(_:)``, once, so that the name outlives what happens to the memory of it.
struct KnownUsers: ~Copyable {
    /// What a request's credentials are.
    private enum Recognition {
        /// Of this user, who is held.
        case user(UInt32)
        /// Of nobody who is known: they have to be verified.
        case claimed(Claim)
        /// The client has failed too often: microseconds to wait.
        case throttled(UInt64)
        /// They cannot be understood.
        case refused(Fault)
    }

    private let verifications: Verifications
    private let throttle: ClientThrottle
    private let thread: Int
    private let keys: CredentialKeys
    private var cache: CredentialCache
    /// How often all was forgotten, on all threads.
    private var generation: UInt64 = 0
    /// Whether anybody is asked who he is, and whether nobody is served without.
    private var asks: Bool
    private var requires: Bool

    init(_ verifications: Verifications, _ throttle: ClientThrottle, thread: Int, _ settings: WorkerSettings) {
        self.verifications = verifications
        self.throttle = throttle
        self.thread = thread
        keys = verifications.keys
        cache = CredentialCache(capacity: settings.userEntries, lifetime: settings.userLifetime)
        asks = settings.asksCredentials
        requires = settings.requiresCredentials
    }

    /// Asks new requests by other settings.
    mutating func adopt(_ settings: WorkerSettings) {
        asks = settings.asksCredentials
        requires = settings.requiresCredentials
    }

    // MARK: Who asks

    /// Whose a request is, as far as that is known at once. Each is judged by its own field; what is remembered is that the same bytes from
    /// the same address were valid.
    ///
    /// - Returns: `allowed` where its permission holds the user, or nothing was shown and nobody need be known.
    mutating func identify(
        _ bytes: Span<UInt8>,
        _ fields: borrowing FieldTable,
        _ context: RequestContext,
        _ permission: inout RequestPermission
    ) -> GateStep {
        guard asks else { return .allowed }
        let (value, count) = fields.value(of: .proxyAuthorization)
        guard count > 0 else { return requires ? .refused(.refused(.credentialsMissing)) : .allowed }
        guard count == 1 else { return .refused(.request(.severalCredentials)) }
        let recognition = recognize(bytes, value, from: context.client.unmapped, now: context.now)
        return accept(recognition, &permission)
    }

    /// The same of a user name and a password that stand in the bytes as they are (RFC 1929).
    mutating func identify(
        _ bytes: Span<UInt8>,
        user: ByteRange,
        password: ByteRange,
        _ context: RequestContext,
        _ permission: inout RequestPermission
    ) -> GateStep {
        guard asks else { return .allowed }
        let address = context.client.unmapped
        do throws(CredentialsFault) {
            let credentials = try ProxyCredentials(bytes, user: user.range, password: password.range)
            let claim = Claim(credentials: credentials, digest: keys.digest(of: credentials, from: address))
            return accept(recognize(claim, from: address, now: context.now), &permission)
        } catch {
            return .refused(Self.fault(error))
        }
    }

    @inline(__always)
    private func accept(_ recognition: Recognition, _ permission: inout RequestPermission) -> GateStep {
        switch recognition {
        case .user(let user):
            permission.user = user
            return .allowed
        case .claimed(let claim): return .authenticates(claim)
        case .throttled(let wait):
            permission.waits(wait)
            return .refused(.refused(.credentialsThrottled))
        case .refused(let fault): return .refused(fault)
        }
    }

    /// Whose the credentials of a field are, as far as that is known at once: no allocation for those that were verified lately.
    ///
    /// - Parameters:
    ///   - value: where the field's value stands in the bytes.
    ///   - address: of the client, unmapped.
    ///   - now: in microseconds.
    private mutating func recognize(
        _ bytes: Span<UInt8>,
        _ value: ByteRange,
        from address: IPAddress,
        now: UInt64
    ) -> Recognition {
        let claim: Claim
        do throws(CredentialsFault) {
            let text = try CredentialsText(bytes, value.range)
            if let user = find(keys.digest(of: text, in: bytes, from: address), now) { return .user(user) }
            let credentials = try ProxyCredentials(bytes, text)
            claim = Claim(credentials: credentials, digest: keys.digest(of: credentials, from: address))
        } catch {
            return .refused(Self.fault(error))
        }
        return recognize(claim, from: address, now: now)
    }

    private static func fault(_ fault: CredentialsFault) -> Fault {
        fault == .controlCharacter ? .request(.controlInCredentials) : .refused(.credentialsInvalid)
    }

    /// Whose decoded credentials are: written in another way, or shown on another thread.
    private mutating func recognize(_ claim: Claim, from address: IPAddress, now: UInt64) -> Recognition {
        if let user = find(claim.digest, now) { return .user(user) }
        if let (user, left) = verifications.find(claim.digest, now: now) {
            return .user(cache.insert(claim.digest, user, limit: left, now: now))
        }
        let wait = throttle.wait(address, now: now)
        return wait == 0 ? .claimed(claim) : .throttled(wait)
    }

    private mutating func find(_ digest: SipHash.Digest, _ now: UInt64) -> UInt32? {
        guard let user = cache.find(digest, now: now) else { return nil }
        cache.hold(user)
        return user
    }

    /// Has a claim verified outside of the thread.
    ///
    /// - Parameter patience: how long the answer may take, in microseconds.
    /// - Returns: whether there will be one; not where too many are under way.
    func verify(
        _ claim: Claim,
        from address: IPAddress,
        by authenticator: any Authenticator,
        for wait: WaitID,
        now: UInt64,
        patience: UInt64
    ) -> Bool {
        verifications.verify(
            PendingAuthentications.Claim(
                credentials: claim.credentials,
                digest: claim.digest,
                address: address,
                authenticator: authenticator
            ),
            for: PendingAuthentications.Waiter(thread: thread, wait: wait),
            generation: generation,
            now: now,
            patience: patience
        )
    }

    /// Remembers whom an authenticator has found.
    ///
    /// - Returns: the user, who is held; nobody where it has found none.
    mutating func remember(_ result: Verifications.Result, now: UInt64) -> UInt32 {
        guard case .user(let verified, let digest, let limit) = result.answer else { return CredentialCache.nobody }
        // What was found before all was forgotten is good for those who wait for it alone.
        let isOld = result.generation < generation
        return cache.insert(digest, verified, limit: isOld ? 0 : limit, now: now)
    }

    /// All credentials are to be verified anew; what runs keeps its user.
    mutating func forgetAll(_ generation: UInt64) {
        cache.removeAll()
        self.generation = max(self.generation, generation)
    }

    // MARK: Who is held

    /// One request more has this user.
    mutating func hold(_ user: UInt32) { cache.hold(user) }

    /// A request needs its user no longer, and has none from now on.
    mutating func release(_ user: inout UInt32) {
        cache.release(user)
        user = CredentialCache.nobody
    }

    /// A user who is held; nil for nobody.
    func user(_ index: UInt32) -> VerifiedUser? { index == CredentialCache.nobody ? nil : cache[index] }

    /// The bytes of the name of a user who is held.
    func name(_ index: UInt32) -> [UInt8] { cache.name(index) }

    /// The name of a user who is held, as limits count by it; nil for nobody.
    func digest(_ index: UInt32) -> UserDigest? { index == CredentialCache.nobody ? nil : cache.userDigest(index) }

    /// The words of a user who is held, for what is recorded; nil for nobody.
    func words(_ index: UInt32) -> UserText? {
        guard index != CredentialCache.nobody else { return nil }
        return UserText(name: cache.name(index), groups: cache.groupNames(index), isPlain: cache.isPlain(index))
    }

    /// Tells a query who this is to the rules of a policy; of nobody nothing.
    mutating func identify(_ index: UInt32, to snapshot: PolicySnapshot, _ query: inout PolicyQuery) {
        guard index != CredentialCache.nobody else { return }
        cache.identify(index, to: snapshot.policy, number: snapshot.serial, &query)
    }
}
