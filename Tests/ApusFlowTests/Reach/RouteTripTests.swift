import ApusPolicy
import ApusWire
import Testing

@testable import ApusFlow

@Suite("The ways of a route") struct RouteTripTests {
    private static let host = Array("example.org".utf8)

    /// All ways in the order in which they are tried; those that are out are left out.
    private func ways(_ hops: [RouteHop], _ balance: RouteBalance, out: [Int] = [], _ host: String = "a.test")
        -> [RouteHop]
    {
        var health = ParentHealthTable(Array(repeating: ParentHealthSettings(failures: 1, backOff: 1_000), count: 8))
        for place in out { health.failed(place, spread: 0, now: 0) }
        var trip = RouteTrip()
        trip.take(RoutePlan(hops, balance), for: Array(host.utf8).span)
        var found: [RouteHop] = []
        while let hop = trip.next(health, now: 0) { found.append(hop) }
        return found
    }

    @Test("in order, each once; a parent that is out is passed over, the direct way never") func order() {
        let hops: [RouteHop] = [.parent(0), .direct, .parent(5)]
        #expect(ways(hops, .inOrder) == hops)
        #expect(ways(hops, .inOrder, out: [0]) == [.direct, .parent(5)])
        #expect(ways([.parent(1)], .inOrder, out: [1]).isEmpty)
    }

    @Test("spread by host: the same host begins at the same parent, all have hosts, and what is direct stays the last")
    func hash() {
        let hops: [RouteHop] = [.parent(0), .parent(1), .parent(2), .direct]
        var firsts: Set<RouteHop> = []
        for number in 0..<200 {
            let found = ways(hops, .hash, "h\(number).test")
            #expect(Set(found) == Set(hops) && found.last == .direct && found.count == 4)
            #expect(found == ways(hops, .hash, "h\(number).test"))
            firsts.insert(found[0])
        }
        #expect(firsts == [.parent(0), .parent(1), .parent(2)])
        // In its place comes the next.
        for number in 0..<50 {
            let found = ways(hops, .hash, out: [1], "h\(number).test")
            #expect(found.count == 3 && !found.contains(.parent(1)))
        }
    }

    @Test("without a route there is no way") func none() {
        var trip = RouteTrip()
        let health = ParentHealthTable([])
        let way = trip.next(health, now: 0)
        #expect(way == nil && !trip.hasPlan)
    }

    @Test("what is judged is kept for all ways, and a way that is not the first falls back") func judged() {
        var trip = RouteTrip()
        #expect(trip.judged == .nothing && trip.stage == .judging)
        #expect(!trip.isJudged(byName: true) && !trip.isJudged(byName: false))
        trip.wasJudged(nil, byName: true)
        #expect(trip.judged == .name && trip.address == nil)
        #expect(trip.isJudged(byName: true) && !trip.isJudged(byName: false))
        trip.wasJudged(IPAddress(v4: 5), byName: true)
        #expect(trip.isJudged(byName: true) && trip.isJudged(byName: false))
        // One address that may be says nothing of the others that a name has.
        trip.wasJudged(IPAddress(v4: 5), byName: false)
        #expect(!trip.isJudged(byName: true) && trip.isJudged(byName: false))
        #expect(trip.judged == .address && trip.address == IPAddress(v4: 5))
        trip.goes()
        #expect(trip.stage == .going)
        trip.take(RoutePlan([.direct, .direct], .inOrder), for: Self.host.span)
        let health = ParentHealthTable([])
        _ = trip.next(health, now: 0)
        #expect(!trip.fallsBack)
        _ = trip.next(health, now: 0)
        #expect(trip.fallsBack)
    }
}
