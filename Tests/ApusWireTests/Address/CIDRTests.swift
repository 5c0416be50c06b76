import ApusWire
import Testing

@Suite("blocks of addresses")
struct CIDRTests {
    /// The bits of an address from the left, as a naive reader would compare them.
    private func bits(_ address: IPAddress) -> [Bool] {
        let low = (0..<64).map { address.low >> UInt64(63 - $0) & 1 == 1 }
        guard address.family == .v6 else { return Array(low[32...]) }
        return (0..<64).map { address.high >> UInt64(63 - $0) & 1 == 1 } + low
    }

    @Test("a block contains exactly the addresses that share its prefix, at every length")
    func contains() throws {
        var random = AddressRandom(seed: 3)
        for _ in 0..<200 {
            let seed = random.address().unmapped
            let width = seed.family == .v4 ? 32 : 128
            for length in 0...width {
                let mask = length == 0 ? 0 : UInt128.max << UInt128(width - length)
                let all = (UInt128(seed.high) << 64 | UInt128(seed.low)) & mask
                let network =
                    seed.family == .v4
                    ? IPAddress(v4: UInt32(truncatingIfNeeded: all))
                    : IPAddress(v6High: UInt64(truncatingIfNeeded: all >> 64), low: UInt64(truncatingIfNeeded: all))
                if network.isMapped { continue }
                let block = try #require(CIDR(network, prefixLength: length))
                #expect(block.contains(seed))
                // One bit changed is outside if and only if it belongs to the prefix.
                let place = Int(random.next() % UInt64(width))
                let flip = UInt128(1) << UInt128(width - 1 - place)
                let high = seed.high ^ UInt64(truncatingIfNeeded: flip >> 64)
                let low = seed.low ^ UInt64(truncatingIfNeeded: flip)
                let other =
                    seed.family == .v4
                    ? IPAddress(v4: UInt32(truncatingIfNeeded: low)) : IPAddress(v6High: high, low: low)
                if other.isMapped { continue }
                #expect(block.contains(other) == (place >= length))
                #expect(bits(other).prefix(length).elementsEqual(bits(network).prefix(length)) == (place >= length))
            }
        }
    }

    @Test("a v4-mapped address is compared as IPv4, and a v4-mapped block is an IPv4 block")
    func mapped() throws {
        let ten = try CIDR("10.0.0.0/8")
        let mapped = try #require(IPAddress("::ffff:10.9.8.7"))
        #expect(ten.contains(mapped))
        #expect(try CIDR("::ffff:10.0.0.0/104") == ten)
        #expect(try CIDR("::ffff:10.9.8.7").contains(#require(IPAddress("10.9.8.7"))))
        #expect(try CIDR("::ffff:0:0/96") == CIDR("0.0.0.0/0"))
        #expect(try !CIDR("::/0").contains(mapped))
        #expect(try !ten.contains(#require(IPAddress("::10.9.8.7"))))
        #expect(try !ten.contains(#require(IPAddress("64:ff9b::10.9.8.7"))))
    }

    @Test("the families are kept apart")
    func families() throws {
        #expect(try !CIDR("0.0.0.0/0").contains(#require(IPAddress("::"))))
        #expect(try !CIDR("::/0").contains(#require(IPAddress("0.0.0.0"))))
        #expect(try CIDR("0.0.0.0/0").isEverything && CIDR("::/0").isEverything)
        #expect(try !CIDR("0.0.0.0/1").isEverything)
    }

    @Test("a length out of range or bits behind the prefix make no block")
    func refused() throws {
        let four = try #require(IPAddress("10.0.0.0"))
        let six = try #require(IPAddress("fd00::"))
        for length in [-1, 33, 128, Int.max, Int.min] { #expect(CIDR(four, prefixLength: length) == nil) }
        for length in [-1, 129, Int.max, Int.min, 7] { #expect(CIDR(six, prefixLength: length) == nil) }
        #expect(CIDR(four, prefixLength: 6) == nil)
        #expect(CIDR(four, prefixLength: 7) != nil)
    }
}
