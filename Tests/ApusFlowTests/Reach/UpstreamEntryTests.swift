import ApusWire
import Testing

@testable import ApusFlow

@Suite struct UpstreamEntryTests {
    @Test("an idle connection keeps its token, its time and its address of either family")
    func entry() {
        for address in [IPAddress(v4: 0x7f00_0001), IPAddress(v6High: 0x2001_0db8_0000_0000, low: 1)] {
            let connection = PooledConnection(token: 7, since: 9, address: address, origin: 3)
            #expect(connection.entry == UpstreamEntry(token: 7, since: 9, address: address))
            #expect(connection.origin == 3)
        }
    }

    @Test("tokens that follow each other are spread")
    func hash() {
        #expect(Set((0..<1000).map { PooledConnection.hash(UInt64($0)) % 4096 }).count > 800)
    }
}
