import ApusSamples
import ApusWire
import Testing

@testable import ApusFlow

/// The pool as one would write it without a thought of cost.
private struct NaivePool {
    struct Idle {
        let token: UInt64
        let host: Int
        let since: UInt64
    }

    let perOrigin: Int
    let inAll: Int
    let idleTime: UInt64
    /// The oldest first.
    var idle: [Idle] = []

    mutating func put(_ host: Int, _ token: UInt64, _ now: UInt64) -> UInt64? {
        var evicted: Int?
        if idle.count(where: { $0.host == host }) >= perOrigin {
            evicted = idle.firstIndex { $0.host == host }
        } else if idle.count >= inAll {
            evicted = 0
        }
        let token2 = evicted.map { idle.remove(at: $0).token }
        idle.append(Idle(token: token, host: host, since: now))
        return token2
    }

    mutating func take(_ host: Int, _ now: UInt64) -> UInt64? {
        guard let place = idle.lastIndex(where: { $0.host == host }), now - idle[place].since < idleTime else {
            return nil
        }
        return idle.remove(at: place).token
    }

    mutating func expired(_ now: UInt64) -> UInt64? {
        guard let first = idle.first, now - first.since >= idleTime else { return nil }
        return idle.removeFirst().token
    }
}

@Suite("Upstream pool: random walk")
struct UpstreamPoolWalkTests {
    @Test("a random walk agrees with a naive pool", arguments: 0..<8 as Range<UInt64>)
    func walk(seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        var pool = UpstreamPool(
            UpstreamPoolSettings(idlePerOrigin: 5, idleInAll: 24, idleTime: 300, maxOrigins: 12)
        )
        var model = NaivePool(perOrigin: 5, inAll: 24, idleTime: 300)
        var active: [(host: Int, origin: OriginIndex, token: UInt64)] = []
        var nextToken: UInt64 = 0
        for now in 0..<10_000 as Range<UInt64> {
            let host = Int(random.next() % 20)
            let name = Array("host\(host).example".utf8)
            switch random.next() % 10 {
            case 0...3:
                guard active.count < 6, let origin = pool.origin(forHost: name.span, port: 80) else { continue }
                let entry = pool.take(origin, now: now)
                let expected = model.take(host, now)
                #expect(entry?.token == expected)
                if entry == nil { pool.connectionOpened(origin) }
                nextToken += 1
                active.append((host, origin, entry?.token ?? nextToken << 32))
                if let entry { #expect(entry.address == IPAddress(v4: UInt32(host))) }
            case 4...7:
                guard let place = active.indices.randomElement(using: &random) else { continue }
                let used = active.remove(at: place)
                let address = IPAddress(v4: UInt32(used.host))
                let evicted = pool.put(used.origin, token: used.token, address: address, isReused: true, now: now)
                let expected = model.put(used.host, used.token, now)
                #expect(evicted == expected)
            case 8:
                if let idle = model.idle.randomElement(using: &random), random.next() % 2 == 0 {
                    let removed = pool.remove(idle.token)
                    #expect(removed)
                    model.idle.removeAll { $0.token == idle.token }
                } else if let used = active.popLast() {
                    pool.connectionClosed(used.origin)
                    let removed = pool.remove(used.token)
                    #expect(!removed)
                }
            default:
                let token = pool.expired(now: now)
                let expected = model.expired(now)
                #expect(token == expected)
            }
            let (idleCount, originCount) = (pool.idleCount, pool.originCount)
            #expect(idleCount == model.idle.count)
            #expect(originCount <= 12)
            for used in active {
                let count = pool.connectionCount(used.origin)
                let expected =
                    active.count(where: { $0.host == used.host }) + model.idle.count(where: { $0.host == used.host })
                #expect(count == expected)
            }
        }
        let rest = pool.closeAll()
        #expect(rest == model.idle.map(\.token))
    }
}
