internal import ApusFlow
internal import ApusPolicy
internal import ApusReactor
internal import ApusWire

/// All that leads to origins: idle connections and whose they are, names and their addresses, the attempts to connect.
///
/// It knows no rule and no client. An idle connection is handed out as a candidate: who has asked the rules and the guard about its address
/// uses it or declines it. What an event of a dial has brought about is told as ``DialNews``.
struct Upstreams: ~Copyable {
    private var settings: UpstreamSettings
    private var pool: UpstreamPool
    private var names: HostNames
    private var dials = Dials()
    private var bound = Slab<BoundUpstream>()
    private var ownEnds: OwnEnds
    /// By which the owners of idle connections are told apart.
    private let ownerKey: SipHash.Key
    /// Whether what is not used any more is kept: not behind a drain.
    private var keepsIdle = true

    init(
        _ settings: UpstreamSettings,
        ownerKey: SipHash.Key,
        names: consuming HostNames,
        ownEnds: consuming OwnEnds
    ) {
        self.settings = settings
        self.ownerKey = ownerKey
        pool = UpstreamPool(settings.pool)
        self.names = names
        self.ownEnds = ownEnds
    }

    /// Works by other settings from now on; pool and names stay as large as at the start.
    mutating func adopt(_ settings: UpstreamSettings, _ destinations: DestinationGuard) {
        self.settings = settings
        ownEnds.adopt(destinations)
    }

    /// Keeps no connection from now on that nobody uses; those that are idle already stay.
    mutating func keepNone() { keepsIdle = false }

    /// Whether an idle connection serves no other user, or client, than before.
    var keepsPoolsApart: Bool { settings.keepsPoolsApart }

    /// How many connections are idle, those that are kept for one client among them.
    var idleCount: Int { pool.idleCount + bound.count }
}

// MARK: - Routes and owners

extension Upstreams {
    /// The key of a route and its host in the pool: who differs in a part of it has no connection in common. Absent where there is no room, and the request goes without the pool.
    mutating func origin(of host: Span<UInt8>, _ route: Route) -> OriginIndex {
        pool.origin(forHost: host, port: route.port, way: route.way) ?? OriginIndex.absent
    }

    /// The user of a request as the owner of connections.
    func owner(named name: Span<UInt8>) -> PoolOwner {
        PoolOwner(SipHash.digest(ownerKey, 1, 0, name, 0..<name.count))
    }

    /// A client as the owner of connections: an address of IPv4, or a network of 64 bits.
    func owner(at address: IPAddress) -> PoolOwner {
        let address = address.unmapped
        let (family, network) = address.family == .v4 ? (4 as UInt64, address.low) : (6, address.high)
        let nothing = InlineArray<1, UInt8>(repeating: 0)
        return PoolOwner(SipHash.digest(ownerKey, family, network, nothing.span, 0..<0))
    }

    /// Whether a route may have another connection; an idle one gives way to it.
    mutating func mayOpen(_ route: Route, _ io: inout ReactorIO) -> Bool {
        if let idle = pool.giveWay(route.origin) { drop(Token(number: idle), &io) }
        return route.origin == .absent || pool.mayOpen(route.origin)
    }
}

// MARK: - Idle connections

extension Upstreams {
    /// Takes the newest idle connection of a route out of the pool: it is to be used or declined.
    ///
    /// - Parameter repeatable: false for a request that is lost where the origin closes the connection just then.
    mutating func take(
        _ route: Route,
        for owner: PoolOwner,
        repeatable: Bool,
        _ io: inout ReactorIO
    ) -> IdleFinding {
        while let entry = pool.take(route.origin, for: owner, repeatable: repeatable, now: io.now) {
            let token = Token(number: entry.token)
            guard io.role(of: token).kind == .pooled else { return .ownFault }
            // What came behind the last response, and is not shown yet, must not become the answer to this request.
            if io.hasUnseenInput(token) {
                pool.wasStale(route.origin, idle: io.now &- entry.since, now: io.now)
                close(token, route.origin, reset: false, &io)
                continue
            }
            return .candidate(
                IdleUpstream(token: token, origin: route.origin, address: entry.address, owner: owner)
            )
        }
        return .none
    }

    /// A candidate is used by the request of this client.
    func use(_ idle: IdleUpstream, for client: UInt32, _ io: inout ReactorIO) {
        io.setRole(idle.token, Role(kind: .upstream, index: client))
    }

    /// A candidate may not serve the request, and is closed.
    mutating func decline(_ idle: IdleUpstream, _ io: inout ReactorIO) {
        close(idle.token, idle.origin, reset: false, &io)
    }

    /// A connection has done its service: it is idle from now, or closed where it cannot be kept.
    mutating func put(_ idle: IdleUpstream, isReused: Bool, hint: KeepAliveHint, _ io: inout ReactorIO) {
        guard keepsIdle, idle.origin != .absent else { return decline(idle, &io) }
        io.setRole(idle.token, Role(kind: .pooled))
        let evicted = pool.put(
            idle.origin,
            for: idle.owner,
            token: idle.token.number,
            address: idle.address,
            isReused: isReused,
            hint: hint,
            now: io.now
        )
        if let evicted { drop(Token(number: evicted), &io) }
        if evicted != idle.token.number { io.arm(Timer(.pooled, idle.token), ticks: ticks(hint)) }
    }

    /// For how long an idle connection stays: as the settings say, or shorter where its origin says so.
    private func ticks(_ hint: KeepAliveHint) -> UInt32 {
        guard let seconds = hint.seconds else { return settings.idleTicks }
        return min(settings.idleTicks, max(UInt32(seconds) * 10, 1))
    }

    /// An idle connection that ended, broke or spoke out of turn, by its origin's will.
    mutating func idleEnded(_ token: Token, _ io: inout ReactorIO) {
        pool.ended(token.number, now: io.now)
        drop(token, &io)
    }

    /// An idle connection that goes: it grew old, was evicted, or its origin ended it.
    mutating func drop(_ token: Token, _ io: inout ReactorIO) {
        ownEnds.forget(token)
        pool.remove(token.number)
        io.close(token)
    }

    /// Closes all idle connections, those that are kept for a client among them.
    ///
    /// - Returns: whether there was one, and the clients that have none any more.
    mutating func dropIdle(_ io: inout ReactorIO) -> (any: Bool, clients: [UInt32]) {
        let tokens = pool.closeAll()
        for token in tokens { drop(Token(number: token), &io) }
        var clients: [UInt32] = []
        for index in bound.indices {
            if let client = boundEnded(index, &io) { clients.append(client) }
        }
        return (!tokens.isEmpty || !clients.isEmpty, clients)
    }

    /// A connection that a request had taken was closed by its origin without a byte: the origin is one that drops them.
    mutating func wasStale(_ route: Route, now: UInt64) { pool.wasStale(route.origin, now: now) }
}

// MARK: - Connections that are one client's

extension Upstreams {
    /// Keeps a connection for the next requests of its client, which has no other.
    ///
    /// - Returns: its place; none where it is closed, for it cannot be kept.
    mutating func bind(
        _ idle: IdleUpstream,
        to client: UInt32,
        hint: KeepAliveHint,
        _ io: inout ReactorIO
    ) -> UInt32 {
        guard keepsIdle, idle.origin != .absent else {
            decline(idle, &io)
            return BoundUpstream.none
        }
        let index = bound.insert(BoundUpstream(idle: idle, client: client))
        io.setRole(idle.token, Role(kind: .bound, index: index))
        io.arm(bound.timer(.bound, index), ticks: ticks(hint))
        return index
    }

    /// What is kept for a client, where it leads to a route and may still serve this owner; it stays kept until ``take(bound:)``.
    func find(bound index: UInt32, _ route: Route, for owner: PoolOwner, _ io: inout ReactorIO) -> IdleFinding {
        guard bound.contains(index), bound[index].idle.owner == owner else { return .unfit }
        guard bound[index].idle.origin == route.origin else { return .none }
        // What lies unread on it must not become the answer to this request.
        return io.hasUnseenInput(bound[index].idle.token) ? .unfit : .candidate(bound[index].idle)
    }

    /// What was kept for a client is taken to be used.
    mutating func take(bound index: inout UInt32) {
        bound.remove(index)
        index = BoundUpstream.none
    }

    /// Closes what is kept for a client, if there is anything.
    mutating func release(bound index: inout UInt32, _ io: inout ReactorIO) {
        if index != BoundUpstream.none { _ = boundEnded(index, &io) }
        index = BoundUpstream.none
    }

    /// What was kept for a client ended, broke, spoke out of turn, or has not been used for too long.
    ///
    /// - Returns: the client.
    mutating func boundEnded(_ index: UInt32, _ io: inout ReactorIO) -> UInt32? {
        guard bound.contains(index) else { return nil }
        let found = bound[index]
        bound.remove(index)
        decline(found.idle, &io)
        return found.client
    }
}

// MARK: - Names

extension Upstreams {
    /// What is known of a name.
    func find(_ host: Span<UInt8>, now: UInt64) -> NameLookUp { names.find(host, now: now) }

    /// A wait begins for the addresses of a name that are not known.
    mutating func wait(for host: Span<UInt8>, _ asking: Asking) -> NameJoin { names.wait(for: host, asking) }

    /// Has a name looked up for a wait that got a ticket for it; the thread is told by mail.
    func lookUp(_ host: String, ticket: UInt64, _ asking: Asking) { names.lookUp(host, ticket: ticket, asking) }

    /// A wait for addresses is over before they have come.
    mutating func leaveLookUp(_ wait: WaitID) { names.leave(wait) }

    /// The same, for it has lasted as long as it may, in ticks of 100 ms.
    mutating func giveUpLookUp(_ wait: WaitID, after ticks: UInt32, now: UInt64) {
        names.giveUp(wait, after: ticks, now: now)
    }

    /// The resolver has answered these waits.
    mutating func resolved(_ ticket: UInt64, _ found: NameAnswer, now: UInt64) -> [UInt64] {
        names.resolved(ticket, found, now: now)
    }
}

// MARK: - Dials

extension Upstreams {
    /// Which family of addresses is tried first.
    var preference: AddressPreference { settings.dial.preference }

    /// Begins to connect to a route, by addresses that were judged: they are the ones that are dialled. Who waits keeps the place of the dial.
    mutating func dial(
        _ route: Route,
        _ choice: AddressChoice,
        for wait: WaitID,
        as index: inout UInt32,
        _ io: inout ReactorIO
    ) -> DialNews {
        let state = DialState(DialPlan(settings.dial), route, choice, for: wait)
        return dials.begin(state, as: &index, &pool, &ownEnds, &io)
    }

    /// Begins to connect to a parent of a route, by its own addresses.
    mutating func dial(
        _ parent: Parent,
        _ addresses: AddressList,
        _ route: Route,
        for wait: WaitID,
        as index: inout UInt32,
        _ io: inout ReactorIO
    ) -> DialNews {
        let state = DialState(DialPlan(parent.dial), route, addresses, port: parent.settings.port, for: wait)
        return dials.begin(state, as: &index, &pool, &ownEnds, &io)
    }

    /// An attempt is connected.
    ///
    /// - Returns: nil for a socket that is no attempt of a dial: it is closed.
    mutating func connected(_ role: Role, _ token: Token, _ io: inout ReactorIO) -> DialNews? {
        dials.connected(role, token, &pool, &ownEnds, &io)
    }

    /// An attempt has failed; nil as above.
    mutating func failed(_ role: Role, _ token: Token, _ failure: DialFailure, _ io: inout ReactorIO) -> DialNews? {
        dials.failed(role, token, failure, &pool, &ownEnds, &io)
    }

    /// Whether a deadline is of a dial that is under way, or of what is kept for a client.
    func holds(_ kind: Timer.Kind, _ timer: Timer) -> Bool { kind == .dial ? dials.holds(timer) : bound.holds(timer) }

    /// The time has come at which a dial wanted to look on; nil where there is no such dial.
    mutating func ticked(dial index: UInt32, _ io: inout ReactorIO) -> DialNews? {
        dials.ticked(index, &pool, &ownEnds, &io)
    }

    /// A dial goes on that had found no descriptor for an attempt.
    ///
    /// - Parameter hasRoom: whether one may be found now; else the attempt has failed.
    mutating func goOn(_ crowded: CrowdedDial, hasRoom: Bool, _ io: inout ReactorIO) -> DialNews {
        dials.goOn(crowded, hasRoom: hasRoom, &pool, &ownEnds, &io)
    }

    /// Ends a dial that nobody waits for any more.
    mutating func giveUp(dial index: inout UInt32, _ io: inout ReactorIO) { dials.giveUp(&index, &pool, &ownEnds, &io) }
}

// MARK: - Ends

extension Upstreams {
    /// Closes a connection that is counted with its origin.
    mutating func close(_ token: Token, _ origin: OriginIndex, reset: Bool, _ io: inout ReactorIO) {
        forget(token)
        ended(origin)
        if reset { io.reset(token) } else { io.close(token) }
    }

    /// A connection counts no more with its origin; who has it closes it.
    mutating func ended(_ origin: OriginIndex) {
        if origin != .absent { pool.connectionClosed(origin) }
    }

    /// A socket is about to be closed.
    mutating func forget(_ token: Token) { ownEnds.forget(token) }
}
