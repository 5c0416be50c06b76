import ApusWire
import Testing

@testable import ApusFlow

/// A pool that takes hosts as text, and whose calls can be said within an expectation.
private final class Pool {
    var pool: UpstreamPool

    init(_ settings: UpstreamPoolSettings = UpstreamPoolSettings()) { pool = UpstreamPool(settings) }

    var idle: Int { pool.idleCount }

    func origin(_ host: String, _ port: UInt16 = 80) throws -> OriginIndex {
        let index = pool.origin(forHost: Array(host.utf8).span, port: port)
        return try #require(index)
    }
    func open(_ origin: OriginIndex) { pool.connectionOpened(origin) }
    func closed(_ origin: OriginIndex) { pool.connectionClosed(origin) }
    func connections(_ origin: OriginIndex) -> Int { pool.connectionCount(origin) }
    func mayOpen(_ origin: OriginIndex) -> Bool { pool.mayOpen(origin) }
    func giveWay(_ origin: OriginIndex) -> UInt64? { pool.giveWay(origin) }
    func take(_ origin: OriginIndex, at now: UInt64 = 0) -> UpstreamEntry? { pool.take(origin, now: now) }
    /// Opens a connection and puts it.
    func put(_ origin: OriginIndex, _ token: UInt64, at now: UInt64 = 0) -> UInt64? {
        open(origin)
        return putBack(origin, token, at: now)
    }
    func putBack(
        _ origin: OriginIndex,
        _ token: UInt64,
        at now: UInt64 = 0,
        isReused: Bool = false,
        hint: KeepAliveHint = KeepAliveHint()
    ) -> UInt64? {
        let address = IPAddress(v4: UInt32(truncatingIfNeeded: token))
        return pool.put(origin, token: token, address: address, isReused: isReused, hint: hint, now: now)
    }
    /// For a request that may not be repeated.
    func takeOnce(_ origin: OriginIndex, at now: UInt64 = 0) -> UpstreamEntry? {
        pool.take(origin, repeatable: false, now: now)
    }
    func remove(_ token: UInt64) -> Bool { pool.remove(token) }
    func expired(at now: UInt64) -> UInt64? { pool.expired(now: now) }
    func closeAll() -> [UInt64] { pool.closeAll() }
}

private let second: UInt64 = 1_000_000

@Suite("Upstream pool")
struct UpstreamPoolTests {
    @Test("the newest connection of an origin is taken first, and only that origin's")
    func newestFirst() throws {
        let pool = Pool()
        let (a, b) = (try pool.origin("a.example"), try pool.origin("b.example"))
        for token in 1...3 as ClosedRange<UInt64> { #expect(pool.put(a, token) == nil) }
        #expect(pool.put(b, 4) == nil)
        #expect((0..<4).map { _ in pool.take(a)?.token } == [3, 2, 1, nil])
        #expect(pool.take(b)?.token == 4)
        #expect(pool.idle == 0)
    }

    @Test("what is taken says since when it was idle, and what it is connected to", arguments: [true, false])
    func entry(isV6: Bool) throws {
        let pool = Pool()
        let origin = try pool.origin("a.example")
        let address = isV6 ? IPAddress(v6High: .max, low: 7) : IPAddress(v4: .max)
        pool.open(origin)
        let evicted = pool.pool.put(origin, token: .max, address: address, now: 42)
        #expect(evicted == nil)
        #expect(pool.take(origin, at: 50) == UpstreamEntry(token: .max, since: 42, address: address))
    }

    @Test("beyond the cap of an origin its oldest is evicted")
    func capOfOrigin() throws {
        let pool = Pool(UpstreamPoolSettings(idlePerOrigin: 2, idleInAll: 10))
        let (a, b) = (try pool.origin("a.example"), try pool.origin("b.example"))
        #expect([pool.put(b, 9), pool.put(a, 1), pool.put(a, 2), pool.put(a, 3, at: second)] == [nil, nil, nil, 1])
        #expect(pool.connections(a) == 2)
        #expect((0..<3).map { _ in pool.take(a)?.token } == [3, 2, nil])
    }

    @Test("beyond the cap the oldest stays while it is to show whether the origin keeps connections") func witness()
        throws
    {
        let pool = Pool(UpstreamPoolSettings(idlePerOrigin: 1))
        let origin = try pool.origin("a.example")
        #expect([pool.put(origin, 1, at: 0), pool.put(origin, 2, at: 49_999)] == [nil, 2])
        #expect(pool.connections(origin) == 1 && pool.put(origin, 3, at: 50_000) == 1)
        #expect(pool.take(origin, at: 50_000)?.token == 3)
        #expect(pool.putBack(origin, 3, at: 50_000, isReused: true) == nil && pool.put(origin, 4, at: 50_000) == 3)
        #expect(pool.connections(origin) == 1)
    }

    @Test("what may not be repeated gets a connection of an origin that has answered twice on one") func answeredAgain()
        throws
    {
        let pool = Pool()
        let origin = try pool.origin("a.example")
        #expect(pool.put(origin, 1) == nil && pool.takeOnce(origin) == nil && pool.take(origin)?.token == 1)
        #expect(pool.putBack(origin, 1, isReused: true) == nil && pool.takeOnce(origin)?.token == 1)
        let other = try pool.origin("b.example")
        #expect(pool.put(other, 2) == nil && pool.takeOnce(other) == nil)
    }

    @Test("or of one that leaves one idle for 50 ms, and a young one of those") func idleWitness() throws {
        let pool = Pool()
        let origin = try pool.origin("a.example")
        #expect(pool.put(origin, 1, at: 0) == nil && pool.put(origin, 2, at: 40_000) == nil)
        #expect(pool.takeOnce(origin, at: 49_999) == nil)
        #expect(pool.takeOnce(origin, at: 50_000)?.token == 2)
        #expect(pool.takeOnce(origin, at: 2 * second) == nil)
        #expect(pool.takeOnce(origin, at: 2 * second - 1)?.token == 1)
    }

    @Test("and not for a minute where the origin has ended one within a second") func dropping() throws {
        for inUse in [false, true] {
            let pool = Pool()
            let origin = try pool.origin("a.example")
            for token in 1...2 as ClosedRange<UInt64> {
                #expect(pool.put(origin, token) == nil)
            }
            #expect(pool.take(origin)?.token == 2 && pool.putBack(origin, 2, isReused: true) == nil)
            if inUse {
                #expect(pool.take(origin)?.token == 2)
                pool.pool.wasStale(origin, now: second / 2)
                pool.closed(origin)
            } else {
                pool.pool.ended(2, now: second)
                #expect(pool.takeOnce(origin, at: second / 2)?.token == 2)
                #expect(pool.putBack(origin, 2) == nil)
                pool.pool.ended(2, now: second / 2)
                #expect(pool.remove(2))
            }
            #expect(pool.takeOnce(origin, at: second) == nil && pool.take(origin, at: second)?.token == 1)
            #expect(pool.putBack(origin, 1, at: 60 * second, isReused: true) == nil)
            #expect(pool.takeOnce(origin, at: 60 * second + second / 2 - 1) == nil)
            #expect(pool.takeOnce(origin, at: 60 * second + second / 2)?.token == 1)
        }
    }

    @Test("and heeds for how long the origin says that it keeps it") func hint() throws {
        let head = Array("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nKeep-Alive: timeout=2\r\n\r\n".utf8)
        var fields = FieldTable()
        guard case .complete(let parsed) = ResponseParser.parse(head.span, limits: HeadLimits(), fields: &fields) else {
            Issue.record("the head is not whole")
            return
        }
        let facts = try ResponseProperties.judge(head.span, parsed, fields, method: .get, upgrade: UpgradeOffer())
        let pool = Pool()
        let origin = try pool.origin("a.example")
        #expect(pool.put(origin, 1) == nil && pool.take(origin)?.token == 1)
        #expect(pool.putBack(origin, 1, isReused: true, hint: facts.keepAlive) == nil)
        #expect(pool.takeOnce(origin, at: second) == nil)
        #expect(pool.takeOnce(origin, at: second - 1)?.token == 1)
    }

    @Test("beyond the cap in all the oldest of any origin is evicted")
    func capInAll() throws {
        let pool = Pool(UpstreamPoolSettings(idlePerOrigin: 2, idleInAll: 2))
        let (a, b) = (try pool.origin("a.example"), try pool.origin("b.example"))
        #expect([pool.put(a, 1), pool.put(b, 2), pool.put(b, 3)] == [nil, nil, 1])
        #expect(pool.connections(a) == 0)
        #expect(pool.idle == 2)
    }

    @Test("with a cap of 0 nothing is kept", arguments: [(0, 9), (9, 0)])
    func off(perOrigin: Int, inAll: Int) throws {
        let pool = Pool(UpstreamPoolSettings(idlePerOrigin: perOrigin, idleInAll: inAll))
        let origin = try pool.origin("a.example")
        #expect(pool.put(origin, 1) == 1)
        #expect(pool.connections(origin) == 0)
        #expect(pool.take(origin) == nil)
    }

    @Test("an idle connection that died is removed from the middle, once")
    func removal() throws {
        let pool = Pool()
        let origin = try pool.origin("a.example")
        for token in 1...3 as ClosedRange<UInt64> { _ = pool.put(origin, token) }
        #expect(pool.remove(2))
        #expect(!pool.remove(2))
        #expect(!pool.remove(77))
        #expect(pool.connections(origin) == 2)
        #expect((0..<3).map { _ in pool.take(origin)?.token } == [3, 1, nil])
        #expect(!pool.remove(3))
    }

    @Test("a token that is in the pool already is handed back")
    func duplicate() throws {
        let pool = Pool()
        let origin = try pool.origin("a.example")
        #expect(pool.put(origin, 1) == nil)
        #expect(pool.put(origin, 1) == 1)
        #expect(pool.idle == 1)
        #expect(pool.connections(origin) == 1)
    }

    @Test("what was idle for too long is not taken, and is handed out to be closed, the oldest first")
    func expiry() throws {
        let pool = Pool(UpstreamPoolSettings(idleTime: 60 * second))
        let (a, b) = (try pool.origin("a.example"), try pool.origin("b.example"))
        _ = pool.put(a, 1, at: 0)
        _ = pool.put(b, 2, at: second)
        _ = pool.put(a, 3, at: 2 * second)
        #expect(pool.expired(at: 60 * second - 1) == nil)
        #expect(pool.expired(at: 61 * second) == 1)
        #expect(pool.take(b, at: 61 * second) == nil)
        #expect(pool.expired(at: 61 * second) == 2)
        #expect(pool.expired(at: 61 * second) == nil)
        #expect(pool.take(a, at: 61 * second)?.token == 3)
        #expect(pool.connections(b) == 0)
    }

    @Test("connections are counted whether idle or not, and the cap of an origin holds for both")
    func counting() throws {
        let pool = Pool(UpstreamPoolSettings(maxConnectionsPerOrigin: 2))
        let origin = try pool.origin("a.example")
        pool.open(origin)
        #expect(pool.mayOpen(origin))
        pool.open(origin)
        #expect(!pool.mayOpen(origin))
        #expect(pool.putBack(origin, 1) == nil)
        #expect(!pool.mayOpen(origin))
        #expect(pool.connections(origin) == 2)
        #expect(pool.take(origin)?.token == 1)
        #expect(pool.connections(origin) == 2)
        pool.closed(origin)
        pool.closed(origin)
        #expect(pool.connections(origin) == 0)
        let unbound = Pool()
        let other = try unbound.origin("a.example")
        for _ in 0..<5_000 { unbound.open(other) }
        #expect(unbound.mayOpen(other))
    }

    @Test("at the cap of an origin its oldest idle connection gives way, and no other") func givingWay() throws {
        let pool = Pool(UpstreamPoolSettings(maxConnectionsPerOrigin: 3))
        let (origin, other) = (try pool.origin("a.example"), try pool.origin("b.example"))
        #expect(pool.giveWay(origin) == nil)
        for token in 1...2 as ClosedRange<UInt64> { #expect(pool.put(origin, token) == nil) }
        #expect(pool.put(other, 3) == nil && pool.giveWay(origin) == nil)
        pool.open(origin)
        #expect(!pool.mayOpen(origin) && pool.giveWay(origin) == 1 && pool.mayOpen(origin))
        pool.open(origin)
        #expect(pool.giveWay(origin) == 2 && pool.connections(origin) == 2)
        pool.open(origin)
        #expect(pool.giveWay(origin) == nil && !pool.mayOpen(origin) && pool.idle == 1)
        let unbound = Pool()
        let free = try unbound.origin("a.example")
        #expect(unbound.put(free, 1) == nil && unbound.giveWay(free) == nil)
    }

    @Test("an index of a forgotten origin neither gives nor takes another host's connection")
    func staleIndex() throws {
        let pool = Pool(UpstreamPoolSettings(maxOrigins: 1))
        let old = try pool.origin("a.example")
        let new = try pool.origin("b.example")
        #expect(pool.put(new, 1) == nil)
        #expect(pool.take(old) == nil)
        #expect(pool.put(old, 2) == 2)
        pool.closed(old)
        #expect(pool.connections(old) == 0)
        #expect(pool.connections(new) == 1)
        #expect(pool.take(new)?.token == 1)
    }

    @Test("a dial keeps its origin from being forgotten; a table full of such has no room")
    func pinned() throws {
        let pool = Pool(UpstreamPoolSettings(maxOrigins: 1))
        let origin = try pool.origin("a.example")
        pool.open(origin)
        let refused = pool.pool.origin(forHost: Array("b.example".utf8).span, port: 80)
        #expect(refused == nil)
        pool.closed(origin)
        #expect(try pool.origin("b.example") != origin)
        let count = pool.pool.originCount
        #expect(count == 1)
    }

    @Test("emptying hands out all, the oldest first, and counts none of them any more")
    func closing() throws {
        let pool = Pool()
        let (a, b) = (try pool.origin("a.example"), try pool.origin("b.example"))
        _ = pool.put(a, 1)
        _ = pool.put(b, 2)
        pool.open(a)
        #expect(pool.closeAll() == [1, 2])
        #expect(pool.closeAll() == [])
        #expect(pool.connections(a) == 1)
        #expect(pool.connections(b) == 0)
    }
}
