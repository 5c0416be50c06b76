import ApusFlow
import ApusPolicy
import ApusReactor
import ApusWire
import Testing

@testable import Apus

/// The way to origins alone, on a reactor that is turned by hand: no rule, no client.
@Suite("Upstreams", .timeLimit(.minutes(3)))
struct UpstreamsTests {
    @Test("a connection goes from the dial to a request, to the pool, and to the next request as a candidate")
    func reused() throws {
        var reach = try Reach()
        let origin = try PlainSocket.bound(to: "127.0.0.1", backlog: 8)
        let route = reach.route(origin.port)
        let first = try reach.connect(route)
        let peer = try origin.accept()
        #expect(first.address == IPAddress("127.0.0.1"))
        #expect(reach.news.count { $0.hasBegun } == 1)
        #expect(reach.news.allSatisfy { $0.wait == Reach.wait })
        #expect(reach.take(route) == nil)

        reach.put(first)
        #expect(reach.idle == 1)
        let found = reach.take(route)
        let idle = try #require(found)
        #expect(idle.token == first.token)
        #expect(reach.idle == 0)
        // It is the candidate's alone until it is used or declined.
        #expect(reach.take(route) == nil)
        reach.use(idle, for: 7)
        #expect(reach.role(idle.token).kind == .upstream)
        #expect(reach.role(idle.token).index == 7)
        reach.put(first)
        let candidate = reach.take(route)
        reach.decline(try #require(candidate))
        #expect(try peer.read() == [])
        #expect(reach.take(route) == nil)
    }

    @Test("what an origin says unasked, and its FIN, end an idle connection")
    func unfit() throws {
        var reach = try Reach()
        let origin = try PlainSocket.bound(to: "127.0.0.1", backlog: 8)
        let route = reach.route(origin.port)
        reach.put(try reach.connect(route))
        let chatty = try origin.accept()
        try chatty.send("HTTP/1.1 408 Request Timeout\r\n\r\n")
        reach.turn { $0.idle == 0 }
        #expect(try chatty.read() == [])
        reach.put(try reach.connect(route))
        #expect(reach.idle == 1)
        // Accepted, and closed at once.
        _ = try origin.accept()
        reach.turn { $0.idle == 0 }
    }

    @Test("pools that are kept apart: nobody takes the connection of another")
    func owned() throws {
        var reach = try Reach()
        let origin = try PlainSocket.bound(to: "127.0.0.1", backlog: 8)
        let route = reach.route(origin.port)
        let (alice, bob) = (reach.owner("alice"), reach.owner("bob"))
        #expect(alice != bob)
        #expect(alice == reach.owner("alice"))
        reach.put(try reach.connect(route), for: alice)
        #expect(reach.take(route, for: bob) == nil)
        #expect(reach.take(route) == nil)
        #expect(reach.take(route, for: alice) != nil)
    }

    @Test(
        "what is kept for one client is found by it alone, by its route and its user, and its handle is none once it is gone"
    )
    func bound() throws {
        var reach = try Reach()
        let origin = try PlainSocket.bound(to: "127.0.0.1", backlog: 8)
        let (route, other) = (reach.route(origin.port), reach.route(1))
        var handle = reach.bind(try reach.connect(route), to: 3)
        let peer = try origin.accept()
        #expect(reach.idle == 1)
        #expect(reach.take(route) == nil)
        if case .none = reach.findBound(handle, other) {} else { Issue.record("it leads to another origin") }
        if case .unfit = reach.findBound(handle, route, for: reach.owner("bob")) {
        } else {
            Issue.record("it is another's")
        }
        guard case .candidate(let idle) = reach.findBound(handle, route) else {
            Issue.record("it leads there")
            return
        }
        // Found is not taken.
        #expect(reach.idle == 1)
        reach.upstreams.take(bound: &handle)
        #expect(handle == BoundUpstream.none)
        #expect(reach.idle == 0)
        var again = reach.bind(idle, to: 3)
        #expect(reach.dropIdle() == [3])
        #expect(try peer.read() == [])
        reach.release(bound: &again)
        #expect(again == BoundUpstream.none)
    }

    @Test("behind a drain nothing is kept")
    func drained() throws {
        var reach = try Reach()
        let origin = try PlainSocket.bound(to: "127.0.0.1", backlog: 8)
        let route = reach.route(origin.port)
        let (first, second) = (try reach.connect(route), try reach.connect(route))
        let peers = [try origin.accept(), try origin.accept()]
        reach.upstreams.keepNone()
        reach.put(first)
        #expect(reach.bind(second, to: 1) == BoundUpstream.none)
        #expect(reach.idle == 0)
        for peer in peers { #expect(try peer.read() == []) }
    }

    @Test(
        "a dial that finds no descriptor asks for room: with some it goes on, without it has failed",
        arguments: [true, false]
    )
    func crowded(hasRoom: Bool) throws {
        var reach = try Reach()
        let origin = try PlainSocket.bound(to: "127.0.0.1", backlog: 8)
        let route = reach.route(origin.port)
        reach.limitDescriptors(below: 0)
        reach.dial(route)
        guard case .crowded(let crowded)? = reach.news.last?.outcome else {
            Issue.record("\(reach.news)")
            return
        }
        #expect(reach.news.last?.hasBegun == false)
        if hasRoom { reach.limitDescriptors(below: .max) }
        reach.goOn(crowded, hasRoom: hasRoom)
        if hasRoom {
            reach.turn { $0.connection != nil }
            return
        }
        guard case .failed(let fault)? = reach.news.last?.outcome else {
            Issue.record("\(reach.news)")
            return
        }
        #expect(fault == .dial(.exhausted))
        #expect(reach.news.last?.tried == IPAddress("127.0.0.1"))
    }

    @Test("a dial that nobody waits for any more leaves nothing, and no answer")
    func givenUp() throws {
        var reach = try Reach()
        let origin = try PlainSocket.bound(to: "127.0.0.1", backlog: 8)
        let dial = reach.dial(reach.route(origin.port))
        #expect(reach.giveUp(dial) == true)
        // A handle that is none gives nothing up.
        #expect(reach.giveUp(DialState.none) == true)
        let peer = try origin.accept()
        #expect(try peer.read() == [])
        reach.turn { $0.sockets == 0 }
        #expect(reach.connection == nil)
    }

    @Test("a socket that is no attempt of a dial is closed, and an own fault")
    func stray() throws {
        var reach = try Reach()
        let origin = try PlainSocket.bound(to: "127.0.0.1", backlog: 8)
        let first = try reach.connect(reach.route(origin.port))
        #expect(reach.connected(Role(kind: .dialing, attempt: 0, index: 99), first.token) == false)
        #expect(try origin.accept().read() == [])
    }

    @Test("each connection is idle or somebody's, and after a random walk none is left", arguments: [1, 2, 3, 4, 5, 6])
    func walk(seed: UInt64) throws {
        var reach = try Reach()
        let origin = try PlainSocket.bound(to: "127.0.0.1", backlog: 8)
        let route = reach.route(origin.port)
        var peers: [PlainSocket] = []
        var used: [IdleUpstream] = []
        var handles = [UInt32](repeating: BoundUpstream.none, count: 4)
        var state = seed
        func random(_ count: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % count
        }
        for step in 0..<200 {
            let client = random(handles.count)
            switch random(9) {
            case 0, 1:
                used.append(try reach.connect(route))
                peers.append(try origin.accept())
            case 2: if let idle = used.popLast() { reach.put(idle) }
            case 3: if let idle = reach.take(route) { used.append(idle) }
            case 4: if let idle = reach.take(route) { reach.decline(idle) }
            case 5:
                reach.release(bound: &handles[client])
                if let idle = used.popLast() { handles[client] = reach.bind(idle, to: UInt32(client)) }
            case 6:
                guard case .candidate(let idle) = reach.findBound(handles[client], route) else { continue }
                reach.upstreams.take(bound: &handles[client])
                used.append(idle)
            case 7:
                #expect(reach.giveUp(reach.dial(route)) == true)
                peers.append(try origin.accept())
            default:
                for client in reach.dropIdle() { handles[Int(client)] = BoundUpstream.none }
            }
            #expect(reach.idle + used.count == reach.sockets, "step \(step)")
        }
        for idle in used { reach.decline(idle) }
        _ = reach.dropIdle()
        #expect(reach.idle == 0)
        #expect(reach.sockets == 0)
    }

    @Test("of two that wait for a name the one that has left is told nothing")
    func names() throws {
        var reach = try Reach(lookUp: { _ in .success([ResolvedAddress(high: 0, low: 0x7f00_0001, isV6: false)]) })
        let (first, second) = (WaitID(client: 1, serial: 1), WaitID(client: 2, serial: 2))
        #expect(reach.find("example.com") == .absent)
        guard case .startLookUp(let ticket) = reach.wait(first, for: "example.com") else {
            Issue.record("nobody has asked yet")
            return
        }
        #expect(reach.wait(second, for: "example.com") == .joined(ticket))
        reach.upstreams.leaveLookUp(first)
        #expect(try reach.lookUp("example.com", ticket, first) == [second.number])
        #expect(reach.find("example.com") == .fresh(AddressList(try #require(IPAddress("127.0.0.1")))))
    }
}
