import ApusFlow
import ApusWire
import Testing

@Suite("The address of a client") struct ClientAddressTests {
    private let loopback = IPAddress(v4: 0x7f00_0001)
    private let other = IPAddress(v4: 0xc000_0201)

    @Test("only who connects itself by loopback is local, and is counted under nothing")
    func local() {
        #expect(ClientAddress(loopback, port: 1).isLocal && ClientAddress(loopback, port: 1).counted(bits: 64) == nil)
        for way in [ClientAddress.Way.announced, .unannounced] {
            let address = ClientAddress(loopback, port: 1, way: way)
            #expect(!address.isLocal && address.counted(bits: 64) == loopback)
        }
        #expect(!ClientAddress(other, port: 1).isLocal && ClientAddress(other, port: 1).counted(bits: 64) == other)
    }

    @Test("a balancer is counted under nothing until it has said who comes")
    func awaited() {
        let address = ClientAddress(other, port: 1, way: .awaited)
        #expect(address.counted(bits: 64) == nil && !address.isLocal && !address.isAnnounced)
    }

    @Test("an IPv4 client is shown and counted as that in the mapped spelling too")
    func mapped() {
        let mapped = ClientAddress(IPAddress(v6High: 0, low: 0xffff_c000_0201), port: 1)
        #expect(mapped.text == "192.0.2.1" && mapped.counted(bits: 64) == other)
    }

    @Test("it is the address that it was made of", arguments: ["192.0.2.1", "2001:db8::1", "::ffff:192.0.2.1"])
    func same(_ text: String) throws {
        let ip = try #require(IPAddress(text))
        #expect(ClientAddress(ip, port: 7, way: .announced).ip == ip)
    }

    @Test("it is as large as a socket's address, for there may be many tunnels")
    func size() { #expect(MemoryLayout<ClientAddress>.size == 20) }
}
