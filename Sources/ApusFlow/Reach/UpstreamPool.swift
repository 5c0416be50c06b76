package import ApusWire

/// A thread's idle upstream connections by origin, and how many connections each origin has.
///
/// Who opens a connection says ``connectionOpened(_:)`` when it begins to dial, which also keeps the origin from being
/// forgotten; from then the connection is active until it is ``put(_:token:address:now:)`` or ``connectionClosed(_:)``.
/// A token that the pool hands back to be closed (evicted, expired, in ``closeAll()``) or that was ``remove(_:)``d is
/// no longer counted: `connectionClosed` is not said for it. Times are microseconds, given as arguments.
///
/// `take` and `put` cost a few loads and stores and, once the pool has seen its usual load, no allocation.
package struct UpstreamPool: ~Copyable, Sendable {
    private let settings: UpstreamPoolSettings
    private var origins: OriginTable
    private var connections = Slab<PooledConnection>()
    private var byToken = ProbeTable()
    /// All idle connections, the newest first.
    private var all = IndexList()
    private var allLinks = LinkTable()
    private var originLinks = LinkTable()

    /// Makes an empty pool.
    package init(_ settings: UpstreamPoolSettings = UpstreamPoolSettings()) {
        self.settings = settings
        origins = OriginTable(bound: settings.maxOrigins)
    }

    /// How many connections are idle.
    package var idleCount: Int { connections.count }

    /// How many origins are known.
    var originCount: Int { origins.count }
}

// MARK: - Origins

extension UpstreamPool {
    /// The number of an origin. The host is normalised: lower case, no trailing dot, an address as it was parsed.
    ///
    /// - Parameter way: how it is reached: connections by different ways are never each other's. 0 is TCP straight to the host.
    /// - Returns: Nil when the table is full of origins with connections: reach it without the pool.
    package mutating func origin(forHost host: Span<UInt8>, port: UInt16, way: UInt16 = 0) -> OriginIndex? {
        origins.intern(host, port: port, way: way)
    }

    /// Whether the cap on connections of one origin allows another.
    package func mayOpen(_ origin: OriginIndex) -> Bool {
        settings.maxConnectionsPerOrigin == 0 || connectionCount(origin) < settings.maxConnectionsPerOrigin
    }

    /// How many connections an origin has, idle or not; 0 if it was forgotten.
    package func connectionCount(_ origin: OriginIndex) -> Int {
        guard let slot = origins.slot(origin) else { return 0 }
        return Int(origins[slot].active) + Int(origins[slot].idle.count)
    }

    /// A connection is being made. For an origin that was forgotten meanwhile it is not counted, nor pooled later.
    package mutating func connectionOpened(_ origin: OriginIndex) {
        if let slot = origins.slot(origin) { origins.add(active: 1, slot) }
    }

    /// A connection that is not idle is closed, or was never made.
    package mutating func connectionClosed(_ origin: OriginIndex) {
        if let slot = origins.slot(origin) { origins.add(active: -1, slot) }
    }
}

// MARK: - Idle connections

extension UpstreamPool {
    /// For how long a connection may have been idle for a request that may not be repeated, in microseconds: origins close idle
    /// connections after five seconds and more (Node's default is the shortest of the well-known ones).
    private static let freshIdle: UInt64 = 2_000_000

    /// The newest idle connection of an origin that is this owner's, which is active from now.
    ///
    /// - Parameter repeatable: false for a request that is lost where the origin closes the connection just then: it gets one only of an origin
    ///   that has shown that it keeps them.
    package mutating func take(
        _ origin: OriginIndex,
        for owner: PoolOwner = .everybody,
        repeatable: Bool = true,
        now: UInt64
    ) -> UpstreamEntry? {
        guard let slot = origins.slot(origin) else { return nil }
        var index = origins[slot].idle.head
        while index != IndexList.none, connections[index].owner != owner { index = originLinks.next(index) }
        // Where the newest is too old, all are; expired(now:) will find them.
        guard index != IndexList.none, !isExpired(index, now) else { return nil }
        if !repeatable, !isTrusted(index, slot, now) { return nil }
        let entry = connections[index].entry
        origins.add(active: 1, slot)
        unlink(index)
        return entry
    }

    /// Whether a request that may not be repeated may have an idle connection.
    private func isTrusted(_ index: UInt32, _ slot: UInt32, _ now: UInt64) -> Bool {
        let idle = age(index, now)
        guard idle < UpstreamPool.freshIdle, connections[index].hint.outlasts(idle) else { return false }
        let origin = origins[slot]
        return origin.evidence.keeps(oldest: age(origin.idle.tail, now), now: now)
    }

    /// An active connection is idle from now.
    ///
    /// - Parameters:
    ///   - isReused: whether it was taken from the pool for the answer that it has borne.
    ///   - hint: for how long the origin says that it keeps it: heeded here for requests that may not be repeated. Who puts it closes it then.
    /// - Returns: A connection to be closed: the oldest where a cap was reached, or this one when nothing is pooled,
    ///   its origin is no longer known, its token is in the pool already, or the oldest is to show yet whether the origin keeps them.
    package mutating func put(
        _ origin: OriginIndex,
        for owner: PoolOwner = .everybody,
        token: UInt64,
        address: IPAddress,
        isReused: Bool = false,
        hint: KeepAliveHint = KeepAliveHint(),
        now: UInt64
    ) -> UInt64? {
        guard let slot = origins.slot(origin) else { return token }
        if isReused, !origins[slot].evidence.isKnown { origins.answeredAgain(slot) }
        guard settings.idlePerOrigin > 0, settings.idleInAll > 0, find(token) == nil else {
            origins.add(active: -1, slot)
            return token
        }
        var evicted: UInt64?
        if Int(origins[slot].idle.count) >= settings.idlePerOrigin {
            if !origins[slot].evidence.isKnown, age(origins[slot].idle.tail, now) < OriginEvidence.witness {
                origins.add(active: -1, slot)
                return token
            }
            evicted = drop(origins[slot].idle.tail)
        } else if connections.count >= settings.idleInAll {
            evicted = drop(all.tail)
        }
        let index = connections.insert(
            PooledConnection(token: token, since: now, address: address, origin: slot, owner: owner, hint: hint)
        )
        byToken.insert(PooledConnection.hash(token), index)
        allLinks.pushFront(index, &all)
        origins.pushIdle(index, &originLinks, slot)
        origins.add(active: -1, slot)
        return evicted
    }

    /// An idle connection has died: it is forgotten.
    ///
    /// - Returns: Whether it was in the pool.
    @discardableResult
    package mutating func remove(_ token: UInt64) -> Bool {
        guard let index = find(token) else { return false }
        unlink(index)
        return true
    }

    /// An idle connection has ended, or the origin spoke on it unasked: where that is soon after its answer, the origin drops connections. It
    /// is still to be ``remove(_:)``d.
    package mutating func ended(_ token: UInt64, now: UInt64) {
        guard let index = find(token) else { return }
        origins.ended(connections[index].origin, idle: age(index, now), now: now)
    }

    /// A connection that was taken from the pool after it had been idle for so long has ended without a byte of an answer.
    package mutating func wasStale(_ origin: OriginIndex, idle: UInt64 = 0, now: UInt64) {
        if let slot = origins.slot(origin) { origins.ended(slot, idle: idle, now: now) }
    }

    /// A connection that has been idle for too long, out of the pool and to be closed; to be called until nil.
    package mutating func expired(now: UInt64) -> UInt64? {
        guard all.tail != IndexList.none, isExpired(all.tail, now) else { return nil }
        return drop(all.tail)
    }

    /// Where an origin has as many connections as it may: the oldest idle one, out of the pool and to be closed, which gives way to one
    /// that serves a request.
    ///
    /// - Returns: nil where the origin may have another, or none of its connections is idle.
    package mutating func giveWay(_ origin: OriginIndex) -> UInt64? {
        guard !mayOpen(origin), let slot = origins.slot(origin) else { return nil }
        let oldest = origins[slot].idle.tail
        return oldest == IndexList.none ? nil : drop(oldest)
    }

    /// Empties the pool, as when draining.
    ///
    /// - Returns: The connections to be closed, the oldest first.
    package mutating func closeAll() -> [UInt64] {
        var tokens: [UInt64] = []
        tokens.reserveCapacity(connections.count)
        while all.tail != IndexList.none { tokens.append(drop(all.tail)) }
        return tokens
    }

    private func isExpired(_ index: UInt32, _ now: UInt64) -> Bool { age(index, now) >= max(settings.idleTime, 1) }

    /// For how long a connection has been idle.
    private func age(_ index: UInt32, _ now: UInt64) -> UInt64 {
        let since = connections[index].since
        return now > since ? now - since : 0
    }

    private func find(_ token: UInt64) -> UInt32? {
        let hash = PooledConnection.hash(token)
        var position = byToken.first(hash)
        while let index = byToken.next(hash, &position) {
            if connections[index].token == token { return index }
        }
        return nil
    }

    private mutating func drop(_ index: UInt32) -> UInt64 {
        let token = connections[index].token
        unlink(index)
        return token
    }

    private mutating func unlink(_ index: UInt32) {
        let connection = connections[index]
        byToken.remove(PooledConnection.hash(connection.token), index)
        allLinks.remove(index, &all)
        origins.removeIdle(index, &originLinks, connection.origin)
        connections.remove(index)
    }
}
