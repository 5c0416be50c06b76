import ApusPolicy
import ApusWire
import Testing

@testable import ApusFlow

@Suite("Pools that are kept apart") struct PoolOwnerTests {
    private let anna = PoolOwner(SipHash.Digest(1, 2))
    private let bo = PoolOwner(SipHash.Digest(1, 3))

    @Test("owners are as different as their digests") func different() {
        #expect(anna == PoolOwner(SipHash.Digest(1, 2)) && anna != bo && anna != .everybody)
        #expect(anna != PoolOwner(SipHash.Digest(2, 2)))
    }

    @Test("the newest connection of its owner is taken, and no other's") func taking() throws {
        var pool = UpstreamPool()
        let host = Array("a.example".utf8)
        let index = pool.origin(forHost: host.span, port: 80)
        let origin = try #require(index)
        for (token, owner) in [(1, anna), (2, bo), (3, anna), (4, .everybody)] as [(UInt64, PoolOwner)] {
            pool.connectionOpened(origin)
            let evicted = pool.put(origin, for: owner, token: token, address: IPAddress(v4: 1), now: 0)
            #expect(evicted == nil)
        }
        var taken: [UInt64?] = []
        for owner in [anna, anna, anna, .everybody, .everybody, bo, bo] {
            taken.append(pool.take(origin, for: owner, now: 1)?.token)
        }
        #expect(taken == [3, 1, nil, 4, nil, 2, nil])
        let (idle, count) = (pool.idleCount, pool.connectionCount(origin))
        #expect(idle == 0 && count == 4)
    }
}
