internal import ApusFlow
internal import ApusPolicy
internal import ApusReactor
internal import ApusWire

/// Stage 5, reach, the short way: an idle connection to the same origin.
extension ProxyThread {
    /// Takes the newest idle connection of the client's origin whose address the rules and the guard allow
    /// for this request, which adopts what they say of it.
    mutating func takePooled(_ id: UInt32, _ io: inout ReactorIO) -> Bool {
        if clients[id].bound != BoundUpstream.none, takeBound(id, &io) { return true }
        if clients[id].exchange.wantsOwnConnection { return false }
        let origin = clients[id].route.origin
        let owner = poolOwner(id)
        let repeatable = clients[id].exchange.isRetriable
        while let entry = pool.take(origin, for: owner, repeatable: repeatable, now: io.now) {
            let token = Token(number: entry.token)
            guard io.role(of: token).kind == .pooled else {
                ownFault(.poolEntry, io)
                continue
            }
            // What came behind the last response, and is not shown yet, must not become the answer to this request.
            if io.hasUnseenInput(token) {
                pool.wasStale(origin, idle: io.now &- entry.since, now: io.now)
                closeUpstream(token, origin, reset: false, &io)
                continue
            }
            guard mayReach(id, entry.address, now: io.now) else {
                closeUpstream(token, origin, reset: false, &io)
                continue
            }
            use(token, to: entry.address, for: id, &io)
            return true
        }
        return false
    }

    /// Whether the rules and the guard let a client's request go to the address of an idle connection; it adopts what they say of it.
    mutating func mayReach(_ id: UInt32, _ address: IPAddress, now: UInt64) -> Bool {
        let verdict = judge(id, address)
        guard verdict.refusal ?? adopt(id, verdict.decision, address, now: now) != nil else { return true }
        clients[id].permission.limitRule = Decision.noRule
        return false
    }

    /// A client's request goes by this connection, which was idle.
    mutating func use(_ token: Token, to address: IPAddress, for id: UInt32, _ io: inout ReactorIO) {
        io.setRole(token, Role(kind: .upstream, index: id))
        clients[id].upstream = token
        clients[id].notes.upstream = address
        clients[id].notes.reused = true
    }

    /// Whose idle connections serve a client's request: everybody's, unless pools are kept apart by user, or by client where there is
    /// none. A client is an address of IPv4, or a network of 64 bits.
    private func poolOwner(_ id: UInt32) -> PoolOwner {
        guard settings.keepsPoolsApart else { return .everybody }
        if let owner = userOwner(id) { return owner }
        let address = clients[id].address.unmapped
        let (family, network) = address.family == .v4 ? (4 as UInt64, address.low) : (6, address.high)
        let nothing = ProxyThread.root
        return PoolOwner(SipHash.digest(ownerKey, family, network, nothing.span, 0..<0))
    }

    /// The user of a client's request as the owner of connections; nil where there is none.
    func userOwner(_ id: UInt32) -> PoolOwner? {
        let user = clients[id].permission.user
        guard user != CredentialCache.nobody else { return nil }
        let name = users.name(user)
        return PoolOwner(SipHash.digest(ownerKey, 1, 0, name.span, 0..<name.count))
    }

    /// Puts the client's upstream connection into the pool.
    mutating func poolUpstream(_ id: UInt32, _ io: inout ReactorIO) {
        resumeSource(id, .down, &io)
        let token = clients[id].upstream
        let origin = clients[id].route.origin
        clients[id].upstream = .absent
        guard !isDraining, let address = clients[id].notes.upstream, origin != .absent else {
            return closeUpstream(token, origin, reset: false, &io)
        }
        io.setRole(token, Role(kind: .pooled))
        let owner = poolOwner(id)
        let hint = clients[id].keepAlive
        let evicted = pool.put(
            origin,
            for: owner,
            token: token.number,
            address: address,
            isReused: clients[id].notes.reused,
            hint: hint,
            now: io.now
        )
        if let evicted { dropPooled(Token(number: evicted), &io) }
        if evicted != token.number { io.arm(token, ticks: idleTicks(hint)) }
    }

    /// For how long an idle connection stays, in ticks of 100 ms: as the settings say, or shorter where its origin says so.
    func idleTicks(_ hint: KeepAliveHint) -> UInt32 {
        guard let seconds = hint.seconds else { return settings.upstreamIdleTicks }
        return min(settings.upstreamIdleTicks, max(UInt32(seconds) * 10, 1))
    }

    /// An idle connection that ended, broke or spoke out of turn, by its origin's will.
    mutating func pooledEnded(_ token: Token, _ io: inout ReactorIO) {
        pool.ended(token.number, now: io.now)
        dropPooled(token, &io)
    }

    /// An idle connection that goes: it grew old, was evicted, or its origin ended it.
    mutating func dropPooled(_ token: Token, _ io: inout ReactorIO) {
        forgetEnd(token)
        pool.remove(token.number)
        io.close(token)
    }

    /// Makes room where descriptors are short: clients that have had their answer go first, then connections that nobody uses.
    ///
    /// - Returns: whether there was anything to close.
    mutating func makeRoom(_ io: inout ReactorIO) -> Bool { endLingering(&io) || dropIdle(&io) }

    /// Closes all idle connections, those that are kept for a client among them.
    ///
    /// - Returns: whether there was one.
    mutating func dropIdle(_ io: inout ReactorIO) -> Bool {
        let tokens = pool.closeAll()
        for token in tokens { dropPooled(Token(number: token), &io) }
        let isEmpty = tokens.isEmpty && bound.count == 0
        for index in bound.indices { boundEnded(index, &io) }
        return !isEmpty
    }

    /// Parts from the client's upstream connection, or from the attempts to get one.
    mutating func releaseUpstream(_ id: UInt32, reset: Bool, _ io: inout ReactorIO) {
        endWait(id, &io)
        let token = clients[id].upstream
        guard !token.isAbsent else { return }
        clients[id].upstream = .absent
        clients[id].down.waits = false
        // What it has sent may still wait for the client: `drained` is to tell when it has left.
        _ = io.stopRelay(from: token)
        closeUpstream(token, clients[id].route.origin, reset: reset, &io)
    }

    /// Closes an upstream socket that is counted with its origin.
    mutating func closeUpstream(_ token: Token, _ origin: OriginIndex, reset: Bool, _ io: inout ReactorIO) {
        forgetEnd(token)
        if origin != .absent { pool.connectionClosed(origin) }
        if reset { io.reset(token) } else { io.close(token) }
    }
}

extension Token {
    /// Both halves as one number, as the pool keeps it.
    var number: UInt64 { UInt64(generation) << 32 | UInt64(index) }

    init(number: UInt64) {
        self.init(
            index: UInt32(truncatingIfNeeded: number),
            generation: UInt32(truncatingIfNeeded: number >> 32)
        )
    }
}
