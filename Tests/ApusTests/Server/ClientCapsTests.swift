import ApusFlow
import ApusWire
import Synchronization
import Testing

@testable import Apus

@Suite("Client caps")
struct ClientCapsTests {
    private let client = IPAddress(v4: 0xc000_0201)
    private let other = IPAddress(v4: 0xc000_0202)

    @Test("a client has as many connections as it may, and another its own")
    func perClient() {
        let caps = ClientCaps(ClientCapSettings(perClient: 2))
        #expect([caps.admit(client), caps.admit(client), caps.admit(client)] == [.admitted, .admitted, .clientFull])
        #expect(caps.admit(other) == .admitted)
        #expect(caps.connectionCount == 3)
        caps.released(client)
        #expect(caps.admit(client) == .admitted)
    }

    @Test("a balancer's connections count in all alone, and once announced as their clients', loopback too")
    func announced() {
        let caps = ClientCaps(ClientCapSettings(perClient: 1, inAll: 3))
        let balancer = ClientAddress(IPAddress(v4: 0x7f00_0001), port: 1, way: .awaited)
        let local = ClientAddress(IPAddress(v4: 0x7f00_0001), port: 1, way: .announced)
        #expect((0..<4).map { _ in caps.admit(balancer) } == [.admitted, .admitted, .admitted, .full])
        #expect([caps.announced(local), caps.announced(local)] == [true, false])
        #expect(caps.count(of: local) == 1 && caps.connectionCount == 3)
        caps.released(local)
        caps.released(balancer)
        #expect(caps.count(of: local) == 0 && caps.connectionCount == 1)
    }

    @Test("all clients together have as many as there may be")
    func inAll() {
        let caps = ClientCaps(ClientCapSettings(inAll: 2))
        #expect([caps.admit(client), caps.admit(other), caps.admit(other)] == [.admitted, .admitted, .full])
        #expect(caps.count(of: other) == 1)
        caps.released(client)
        #expect(caps.admit(other) == .admitted)
        #expect(caps.connectionCount == 2)
    }

    @Test(
        "loopback clients are exempt from their own cap, not from the cap in all",
        arguments: [
            IPAddress(v4: 0x7f00_0001), IPAddress(v4: 0x7fff_ffff), IPAddress(v6High: 0, low: 1),
            IPAddress(v6High: 0, low: 0xffff_7f00_0001),
        ]
    )
    func loopback(client: IPAddress) {
        let caps = ClientCaps(ClientCapSettings(perClient: 1, inAll: 3))
        #expect((0..<4).map { _ in caps.admit(client) } == [.admitted, .admitted, .admitted, .full])
        #expect(caps.count(of: client) == 0)
        caps.released(client)
        #expect(caps.connectionCount == 2)
    }

    @Test(
        "other addresses that look alike are not exempt",
        arguments: [
            IPAddress(v4: 0x7e00_0001), IPAddress(v6High: 1, low: 1), IPAddress(v6High: 0, low: 0x7f00_0001),
            IPAddress(v6High: 0, low: 2), IPAddress(v6High: 0, low: 0xffff_8000_0001),
        ]
    )
    func notLoopback(client: IPAddress) {
        let caps = ClientCaps(ClientCapSettings(perClient: 1))
        #expect([caps.admit(client), caps.admit(client)] == [.admitted, .clientFull])
    }

    @Test("an IPv4 client counts alike when it comes mapped into IPv6")
    func mapped() {
        let caps = ClientCaps(ClientCapSettings(perClient: 1))
        let mapped = IPAddress(v6High: 0, low: 0xffff_c000_0201)
        #expect([caps.admit(client), caps.admit(mapped)] == [.admitted, .clientFull])
        caps.released(mapped)
        #expect(caps.count(of: client) == 0)
    }

    @Test("an IPv6 client is its network, of 64 bits or as many as are set, and one behind NAT64 its IPv4 address")
    func networks() {
        let first = IPAddress(v6High: 0x2001_0db8_0000_0001, low: 1)
        let neighbour = IPAddress(v6High: 0x2001_0db8_0000_0001, low: .max)
        let stranger = IPAddress(v6High: 0x2001_0db8_0000_0002, low: 1)
        let caps = ClientCaps(ClientCapSettings(perClient: 1))
        #expect([first, neighbour, stranger].map(caps.admit) == [.admitted, .clientFull, .admitted])
        caps.released(neighbour)
        #expect(caps.count(of: first) == 0 && caps.count(of: stranger) == 1)
        let translated = IPAddress(v6High: 0x0064_ff9b_0000_0000, low: 0xc000_0201)
        #expect([translated, client].map(caps.admit) == [.admitted, .clientFull])
        let whole = ClientCaps(ClientCapSettings(perClient: 1, bits: 128))
        #expect([first, neighbour, first].map(whole.admit) == [.admitted, .admitted, .clientFull])
        let wide = ClientCaps(ClientCapSettings(perClient: 1, bits: 62))
        #expect([first, stranger].map(wide.admit) == [.admitted, .clientFull])
    }

    @Test("with bounds of 0 nothing is refused, and everything is counted")
    func unbound() {
        let caps = ClientCaps(ClientCapSettings(perClient: 0))
        for _ in 0..<3_000 { #expect(caps.admit(client) == .admitted) }
        #expect(caps.count(of: client) == 3_000)
        var place = TunnelPlace.none
        let isAdmitted = caps.admitTunnel(&place)
        #expect(isAdmitted && caps.tunnelCount == 1)
    }

    @Test("tunnels have a cap of their own")
    func tunnels() {
        let caps = ClientCaps(ClientCapSettings(tunnels: 1))
        var (first, second) = (TunnelPlace.none, TunnelPlace.none)
        let admitted = [caps.admitTunnel(&first), caps.admitTunnel(&second)]
        #expect(admitted == [true, false])
        caps.release(first.take())
        let again = caps.admitTunnel(&second)
        #expect(again)
        #expect(caps.connectionCount == 0)
    }

    @Test("many threads together neither exceed a bound nor lose a count")
    func threads() async {
        let caps = ClientCaps(ClientCapSettings(perClient: 30, inAll: 50))
        let admitted = await withTaskGroup(of: [IPAddress].self) { group in
            for task in 0..<8 as Range<UInt32> {
                group.addTask {
                    var mine: [IPAddress] = []
                    for round in 0..<1_000 as Range<UInt32> {
                        let client = IPAddress(v4: 0xc000_0200 + (round &+ task) % 3)
                        if caps.admit(client) == .admitted { mine.append(client) }
                        if round % 3 == 0, let last = mine.popLast() { caps.released(last) }
                    }
                    return mine
                }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
        #expect(admitted.count == caps.connectionCount)
        #expect(admitted.count <= 50)
        for low in 0..<3 as Range<UInt32> {
            let client = IPAddress(v4: 0xc000_0200 + low)
            #expect(caps.count(of: client) == admitted.count { $0 == client })
            #expect(caps.count(of: client) <= 30)
        }
        for client in admitted { caps.released(client) }
        #expect(caps.connectionCount == 0)
        // No bound has crept: exactly so many are admitted now.
        let loopback = IPAddress(v4: 0x7f00_0001)
        #expect((0..<60).count { _ in caps.admit(loopback) == .admitted } == 50)
    }
}

extension ClientCaps {
    fileprivate func admit(_ ip: IPAddress) -> Admission { admit(ClientAddress(ip, port: 1)) }
    fileprivate func released(_ ip: IPAddress) { released(ClientAddress(ip, port: 1)) }
    fileprivate func count(of ip: IPAddress) -> Int { count(of: ClientAddress(ip, port: 1)) }
}
