import ApusWire
import Testing

@testable import ApusFlow

@Suite("Address list")
struct AddressListTests {
    private func v4(_ low: UInt32) -> IPAddress { IPAddress(v4: low) }
    private func v6(_ low: UInt64) -> IPAddress { IPAddress(v6High: 0x2001_0db8 << 32, low: low) }
    private func all(_ list: AddressList) -> [IPAddress] { (0..<list.count).map { list[$0] } }

    @Test("addresses of both families come back in their order, bit for bit")
    func order() {
        let addresses = [v6(.max), v4(.max), v4(0), v6(1)]
        let list = AddressList(addresses)
        #expect(all(list) == addresses)
        #expect(AddressList().isEmpty)
        #expect(all(AddressList(v4(7))) == [v4(7)])
    }

    @Test("a ninth address finds no room")
    func full() {
        var list = AddressList()
        for low in 0..<8 as Range<UInt32> {
            let fits = list.append(v4(low))
            #expect(fits)
        }
        let fits = list.append(v4(8))
        #expect(!fits)
        #expect(list.count == 8)
    }

    @Test(
        "of more than eight addresses neither family is cut for the other's sake",
        arguments: [(12, 12, 4, 4), (12, 1, 7, 1), (2, 10, 2, 6), (0, 20, 0, 8), (20, 0, 8, 0), (5, 3, 5, 3)]
    )
    func cut(v6Given: Int, v4Given: Int, v6Kept: Int, v4Kept: Int) {
        let given = (0..<v6Given).map { v6(UInt64($0)) } + (0..<v4Given).map { v4(UInt32($0)) }
        let expected = (0..<v6Kept).map { v6(UInt64($0)) } + (0..<v4Kept).map { v4(UInt32($0)) }
        #expect(all(AddressList(given)) == expected)
    }

    @Test("families take turns, from the preferred one, and the rest follows in its order")
    func interleaving() {
        let list = AddressList([v4(1), v4(2), v4(3), v6(1), v6(2)])
        #expect(all(list.interleaved(.asResolved)) == [v4(1), v6(1), v4(2), v6(2), v4(3)])
        #expect(all(list.interleaved(.v4First)) == [v4(1), v6(1), v4(2), v6(2), v4(3)])
        #expect(all(list.interleaved(.v6First)) == [v6(1), v4(1), v6(2), v4(2), v4(3)])
        let other = AddressList([v6(1), v6(2), v6(3), v4(1)])
        #expect(all(other.interleaved(.asResolved)) == [v6(1), v4(1), v6(2), v6(3)])
    }

    @Test("a preferred family without an address is passed over")
    func absentFamily() {
        let list = AddressList((0..<8).map { v4($0) })
        #expect(list.interleaved(.v6First) == list)
        #expect(AddressList().interleaved(.v6First) == AddressList())
    }

    @Test("lists are equal by their addresses")
    func equality() {
        #expect(AddressList([v4(1), v6(1)]) == AddressList([v4(1), v6(1)]))
        #expect(AddressList([v4(1)]) != AddressList([v6(1)]))
        #expect(AddressList([v4(1)]) != AddressList([v4(1), v4(1)]))
    }
}
