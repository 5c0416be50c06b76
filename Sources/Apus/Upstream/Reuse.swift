internal import ApusFlow
internal import ApusPolicy
internal import ApusReactor
internal import ApusWire

/// Stage 5, reach, the short way: an idle connection to the same origin, as the rules and the guard allow it.
extension Worker {
    /// Takes the newest idle connection of the client's route whose address the rules and the guard allow
    /// for this request, which adopts what they say of it.
    mutating func takePooled(_ id: UInt32, _ io: inout ReactorIO) -> Bool {
        if clients[id].bound != BoundUpstream.none, takeBound(id, &io) { return true }
        if clients[id].exchange.wantsOwnConnection { return false }
        let owner = poolOwner(id)
        let repeatable = clients[id].exchange.isRetriable
        while true {
            switch upstreams.take(clients[id].route, for: owner, repeatable: repeatable, &io) {
            case .none, .unfit: return false
            case .ownFault: ownFault(.poolEntry, io)
            case .candidate(let idle):
                if mayUse(id, idle, now: io.now) {
                    use(idle, for: id, &io)
                    return true
                }
                upstreams.decline(idle, &io)
            }
        }
    }

    /// Takes the connection that is kept for the client, where it leads to the request's origin and may still serve it.
    ///
    /// - Returns: false where the request has to go another way.
    private mutating func takeBound(_ id: UInt32, _ io: inout ReactorIO) -> Bool {
        // Behind a CONNECT no other request comes, whatever becomes of it.
        guard clients[id].exchange.mayBind, clients[id].exchange.method != .connect else {
            upstreams.release(bound: &clients[id].bound, &io)
            return false
        }
        let owner = userOwner(id) ?? .everybody
        switch upstreams.find(bound: clients[id].bound, clients[id].route, for: owner, &io) {
        case .none: return false
        case .candidate(let idle) where mayUse(id, idle, now: io.now):
            upstreams.take(bound: &clients[id].bound)
            clients[id].exchange.bind()
            use(idle, for: id, &io)
            return true
        case .candidate, .unfit, .ownFault:
            upstreams.release(bound: &clients[id].bound, &io)
            return false
        }
    }

    /// Whether an idle connection may serve a request: the address that it leads to is judged anew.
    private mutating func mayUse(_ id: UInt32, _ idle: IdleUpstream, now: UInt64) -> Bool {
        !clients[id].route.leadsToHost || mayReach(id, idle.address, now: now)
    }

    /// A client's request goes by this connection, which was idle.
    private mutating func use(_ idle: IdleUpstream, for id: UInt32, _ io: inout ReactorIO) {
        upstreams.use(idle, for: id, &io)
        clients[id].upstream = idle.token
        clients[id].notes.upstream = idle.address
        clients[id].notes.reused = true
    }

    /// Whose idle connections serve a client's request: everybody's, unless pools are kept apart by user, or by client where there is
    /// none.
    private func poolOwner(_ id: UInt32) -> PoolOwner {
        guard upstreams.keepsPoolsApart else { return .everybody }
        return userOwner(id) ?? upstreams.owner(at: clients[id].address.ip)
    }

    /// The user of a client's request as the owner of connections; nil where there is none.
    private func userOwner(_ id: UInt32) -> PoolOwner? {
        let user = clients[id].permission.user
        guard user != CredentialCache.nobody else { return nil }
        let name = gate.name(ofUser: user)
        return upstreams.owner(named: name.span)
    }

    /// Puts the client's upstream connection into the pool.
    mutating func poolUpstream(_ id: UInt32, _ io: inout ReactorIO) {
        guard let idle = partFromUpstream(id, owner: poolOwner(id), &io) else { return }
        upstreams.put(idle, isReused: clients[id].notes.reused, hint: clients[id].keepAlive, &io)
    }

    /// Keeps the client's upstream connection for its next requests, and none that was kept before.
    ///
    /// A client connection has one at most. A request to another origin goes another way and leaves it; where that way is to be kept as well,
    /// it takes its place. A request of another user, or one that another proxy has forwarded, ends it.
    mutating func bindUpstream(_ id: UInt32, _ io: inout ReactorIO) {
        upstreams.release(bound: &clients[id].bound, &io)
        guard let idle = partFromUpstream(id, owner: userOwner(id) ?? .everybody, &io) else { return }
        clients[id].bound = upstreams.bind(idle, to: id, hint: clients[id].keepAlive, &io)
    }

    /// The client's upstream connection has done its service, and is idle; nil where nobody knows where it leads: it is closed.
    private mutating func partFromUpstream(_ id: UInt32, owner: PoolOwner, _ io: inout ReactorIO) -> IdleUpstream? {
        // It is idle from now, and must hear its origin.
        if clients[id].down.drained() { clients[id].source(.down).resume(&io) }
        let (token, origin) = (clients[id].upstream, clients[id].route.origin)
        clients[id].upstream = .absent
        // A parent that was told a name knows the address alone.
        guard let address = clients[id].notes.upstream ?? clients[id].route.unknownAddress else {
            upstreams.close(token, origin, reset: false, &io)
            return nil
        }
        return IdleUpstream(token: token, origin: origin, address: address, owner: owner)
    }

    /// A connection that was kept for a client ended, broke, spoke out of turn, or has not been used for too long.
    mutating func boundEnded(_ index: UInt32, _ io: inout ReactorIO) {
        if let client = upstreams.boundEnded(index, &io) { clients[client].bound = BoundUpstream.none }
    }

    /// Makes room where descriptors are short: clients that have had their answer go first, then connections that nobody uses.
    ///
    /// - Returns: whether there was anything to close.
    mutating func makeRoom(_ io: inout ReactorIO) -> Bool { endLingering(&io) || dropIdle(&io) }

    /// Closes all idle connections, those that are kept for a client among them.
    ///
    /// - Returns: whether there was one.
    mutating func dropIdle(_ io: inout ReactorIO) -> Bool {
        let dropped = upstreams.dropIdle(&io)
        for client in dropped.clients { clients[client].bound = BoundUpstream.none }
        return dropped.any
    }

    /// Parts from the client's upstream connection, or from the attempts to get one.
    mutating func releaseUpstream(_ id: UInt32, reset: Bool, _ io: inout ReactorIO) {
        endWait(id, &io)
        let token = clients[id].upstream
        guard !token.isAbsent else { return }
        clients[id].upstream = .absent
        clients[id].down.lost()
        // What it has sent may still wait for the client: `drained` is to tell when it has left.
        _ = io.stopRelay(from: token)
        upstreams.close(token, clients[id].route.origin, reset: reset, &io)
    }
}
