import ApusWire
import Testing

@testable import ApusPolicy

@Suite("the index of networks")
struct NetworkIndexTests {
    private static let blocks = [
        "0.0.0.0/0", "10.0.0.0/8", "10.0.0.0/9", "10.0.0.0/32", "10.128.0.0/9", "10.255.255.255/32",
        "255.255.255.255/32",
        "128.0.0.0/1", "::/0", "fd00::/8", "fd00::/128", "fdff::/16", "8000::/1",
        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128",
        "::/1", "9.0.0.0/8", "11.0.0.0/8",
    ]

    @Test("every address lies in the networks that contain it, at the edges of each too")
    func edges() throws {
        let networks = try Self.blocks.map { try CIDR($0) }
        var pool = RowPool(width: 1)
        var rows: [CIDR: Set<UInt16>] = [:]
        for (number, network) in networks.enumerated() { rows[network] = [UInt16(number)] }
        let index = NetworkIndex(rows, pool: &pool)
        var addresses: [IPAddress] = []
        for network in networks {
            let isFour = network.address.family == .v4
            let first = UInt128(network.address.high) << 64 | UInt128(network.address.low)
            let last = first | ~(UInt128.max << UInt128((isFour ? 32 : 128) - network.prefixLength))
            for bits in [first, first &- 1, last, last &+ 1, first &+ 1] {
                let low = UInt64(truncatingIfNeeded: bits)
                addresses.append(
                    isFour
                        ? IPAddress(v4: UInt32(truncatingIfNeeded: low))
                        : IPAddress(v6High: UInt64(truncatingIfNeeded: bits >> 64), low: low)
                )
            }
        }
        for address in addresses.map(\.unmapped) {
            var words: [UInt64] = [0]
            index.lay(address, sets: pool.sets, into: &words, at: 0)
            let found = networks.indices.filter { words[0] >> UInt64($0) & 1 == 1 }
            #expect(found == networks.indices.filter { networks[$0].contains(address) }, "\(address)")
        }
    }

    @Test("an index without networks answers nothing")
    func empty() {
        var pool = RowPool(width: 1)
        var words: [UInt64] = [0]
        NetworkIndex([:], pool: &pool).lay(IPAddress(v4: 0), sets: pool.sets, into: &words, at: 0)
        #expect(words == [0])
    }
}
