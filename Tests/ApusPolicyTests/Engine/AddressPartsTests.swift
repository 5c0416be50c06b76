import ApusWire
import Testing

@testable import ApusPolicy

@Suite("the parts into which networks divide all addresses")
struct AddressPartsTests {
    /// The parts as sets of rows.
    private func parts(_ blocks: [(String, Set<UInt16>)], rows: Int) throws -> Set<Set<Int>> {
        var pool = RowPool(width: 1)
        let networks = Dictionary(try blocks.map { (try CIDR($0.0), $0.1) }) { $0.union($1) }
        let parts = AddressParts(networks, rows: rows, pool: &pool)
        var found = [Set<Int>](repeating: [], count: parts.count)
        for row in 0..<rows {
            for place in parts.places(of: row) { found[parts[place]].insert(row) }
        }
        #expect(Set(found).count == parts.count)
        return Set(found)
    }

    @Test("without networks there is one, and one network makes two")
    func few() throws {
        #expect(try parts([], rows: 2) == [[]])
        #expect(try parts([("10.0.0.0/8", [0])], rows: 1) == [[], [0]])
        #expect(try parts([("0.0.0.0/0", [0])], rows: 1) == [[], [0]])
    }

    @Test("addresses in no network are a part only where there are any")
    func everything() throws {
        #expect(try parts([("0.0.0.0/0", [0]), ("::/0", [1])], rows: 2) == [[0], [1]])
        #expect(try parts([("0.0.0.0/1", [0]), ("128.0.0.0/1", [0]), ("::/0", [0])], rows: 1) == [[0]])
        #expect(try parts([("::/0", [0]), ("255.255.255.255", [0])], rows: 1) == [[], [0]])
    }

    @Test("networks in others have the rows of those around them; what they fill leaves nothing")
    func nested() throws {
        #expect(
            try parts([("10.0.0.0/8", [0]), ("10.0.0.0/16", [1]), ("10.0.0.1", [2])], rows: 3) == [
                [], [0], [0, 1], [0, 1, 2],
            ]
        )
        #expect(
            try parts([("10.0.0.0/8", [0]), ("10.0.0.0/9", [1]), ("10.128.0.0/9", [2])], rows: 3) == [
                [], [0, 1], [0, 2],
            ]
        )
        #expect(
            try parts([("10.0.0.0/8", [0, 1]), ("fd00::/8", [0, 1]), ("11.0.0.0/8", [1])], rows: 2) == [
                [], [0, 1], [1],
            ]
        )
    }

    @Test("v4-mapped addresses are those of IPv4, and make no part of their own")
    func mapped() throws {
        #expect(
            try parts([("::/64", [0]), ("::1:0:0:0/80", [1]), ("::fffe:0:0/96", [2])], rows: 3) == [
                [], [0], [0, 1], [0, 2],
            ]
        )
        #expect(try parts([("::/0", [0]), ("::/81", [1]), ("0.0.0.0/0", [2])], rows: 3) == [[0], [0, 1], [2]])
    }

    @Test("many blocks of one rule are two parts, and take no time to be divided")
    func many() throws {
        let blocks = (0..<50_000 as Range<UInt32>).map { CIDR(IPAddress(v4: $0 &* 77_777)) }
        var pool = RowPool(width: 1)
        let parts = AddressParts(Dictionary(uniqueKeysWithValues: blocks.map { ($0, [0]) }), rows: 2, pool: &pool)
        #expect(parts.count == 2)
        #expect(parts.places(of: 0).count == 1 && parts.places(of: 1).isEmpty)
    }
}
