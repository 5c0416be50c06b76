import Testing

@testable import ApusWire

@Suite("Addresses as clients are counted")
struct CountedAddressTests {
    private let one = IPAddress(v6High: 0x2001_0db8_0001_0002, low: 0x0003_0004_0005_0006)

    @Test("an IPv6 client is its network, of 64 bits unless another length is wished") func networks() {
        #expect(one.counted() == IPAddress(v6High: 0x2001_0db8_0001_0002, low: 0))
        #expect(one.counted() == IPAddress(v6High: one.high, low: .max).counted())
        #expect(one.counted() != IPAddress(v6High: one.high + 1, low: one.low).counted())
        #expect(one.counted(bits: 128) == one)
        #expect(one.counted(bits: 96) == IPAddress(v6High: one.high, low: 0x0003_0004_0000_0000))
        #expect(one.counted(bits: 65) == IPAddress(v6High: one.high, low: 0))
        #expect(IPAddress(v6High: 1, low: .max).counted(bits: 65) == IPAddress(v6High: 1, low: 1 << 63))
        #expect(one.counted(bits: 48) == IPAddress(v6High: 0x2001_0db8_0001_0000, low: 0))
        #expect(one.counted(bits: 1) == IPAddress(v6High: 0, low: 0))
        #expect(IPAddress(v6High: .max, low: .max).counted(bits: 1) == IPAddress(v6High: 1 << 63, low: 0))
    }

    @Test("each length keeps its bits and no other") func everyLength() {
        let all = IPAddress(v6High: .max, low: .max)
        for bits in 1...128 as ClosedRange<UInt8> {
            let counted = all.counted(bits: bits)
            #expect(counted.high.nonzeroBitCount + counted.low.nonzeroBitCount == Int(bits), "\(bits)")
            #expect(counted.counted(bits: bits) == counted, "\(bits)")
        }
    }

    @Test("an IPv4 client is its address, whatever it is written in") func holdingIPv4() {
        let v4 = IPAddress(v4: 0xc000_0201)
        for bits in [1, 64, 128] as [UInt8] {
            #expect(v4.counted(bits: bits) == v4)
            #expect(IPAddress(v6High: 0, low: 0xffff_c000_0201).counted(bits: bits) == v4)
            #expect(IPAddress(v6High: 0x0064_ff9b_0000_0000, low: 0xc000_0201).counted(bits: bits) == v4)
        }
    }

    @Test("a network for local translation, and what looks like one, is IPv6 as any other") func lookAlikes() {
        // 64:ff9b:1::/48 is a network of the place (RFC 8215), where the IPv4 address stands is its own matter.
        let local = IPAddress(v6High: 0x0064_ff9b_0001_0000, low: 0xc000_0201)
        #expect(local.counted() == IPAddress(v6High: 0x0064_ff9b_0001_0000, low: 0))
        #expect(IPAddress(v6High: 0x0064_ff9b_0000_0000, low: 1 << 32 | 7).counted().family == .v6)
        #expect(IPAddress(v6High: 0, low: 0xc000_0201).counted() == IPAddress(v6High: 0, low: 0))
    }
}
