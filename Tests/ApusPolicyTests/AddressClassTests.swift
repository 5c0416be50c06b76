import ApusPolicy
import ApusSamples
import ApusWire
import Testing

@Suite("classes of addresses")
struct AddressClassTests {
    /// Compares every spelling of these bits with the registry.
    private func check(_ bits: [Bool]) {
        let expected = Registry.name(bits)
        for text in Spelling.all(bits) {
            guard let address = IPAddress(text) else {
                Issue.record("\(text) is not read")
                continue
            }
            #expect("\(AddressClass.of(address))" == expected, "\(text)")
        }
    }

    /// An IPv4 address as such and inside the three prefixes that are unwrapped.
    private func embeddings(_ quad: [Bool]) -> [[Bool]] {
        [quad] + ["::ffff:0:0", "64:ff9b::", "::"].compactMap { Registry.bits($0).map { $0.prefix(96) + quad } }
    }

    @Test("the table is read whole and names every class")
    func table() {
        #expect(Registry.blocks.count == Registry.rows.count)
        let named = Set(Registry.rows.map(\.name)).subtracting(["unwrap"])
        #expect(named == Set(AddressClass.allCases.map { "\($0)" }))
    }

    @Test(
        "the ends of every block and their neighbours have the class of the registry, in every spelling and embedding"
    )
    func edges() {
        for block in Registry.blocks {
            let free = block.width - block.prefix.count
            let first = block.prefix + [Bool](repeating: false, count: free)
            let last = block.prefix + [Bool](repeating: true, count: free)
            for bits in [first, last, step(first, up: false), step(last, up: true), step(first, up: true)] {
                for each in bits.count == 32 ? embeddings(bits) : [bits] { check(each) }
            }
        }
    }

    @Test("random addresses inside every block have the class of the registry, in every spelling and embedding")
    func inside() {
        var random = SplitMix(seed: 4)
        for block in Registry.blocks {
            for _ in 0..<60 {
                let free = block.width - block.prefix.count
                let bits = block.prefix + (0..<free).map { _ in random.below(2) == 1 }
                for each in bits.count == 32 ? embeddings(bits) : [bits] { check(each) }
                // A random change somewhere in the prefix leaves the block, often for one that looks like it.
                guard !block.prefix.isEmpty else { continue }
                var other = bits
                other[random.below(block.prefix.count)].toggle()
                check(other)
            }
        }
    }

    @Test("every IPv4 block of 16 bits and every first group of IPv6 has the class of the registry")
    func sweep() {
        var random = SplitMix(seed: 5)
        for top in 0..<0x10000 {
            let quad = UInt32(top) << 16 | UInt32(truncatingIfNeeded: random.next()) & 0xffff
            let bits4 = (0..<32).map { quad >> UInt32(31 - $0) & 1 == 1 }
            #expect("\(AddressClass.of(IPAddress(v4: quad)))" == Registry.name(bits4))
            guard top % 4 == 0 else { continue }
            let high = UInt64(top + random.below(4)) << 48 | random.next() >> 16
            let low = random.next()
            let bits6 = (0..<128).map { ($0 < 64 ? high : low) >> UInt64(63 - $0 % 64) & 1 == 1 }
            #expect("\(AddressClass.of(IPAddress(v6High: high, low: low)))" == Registry.name(bits6))
        }
    }

    @Test(
        "the addresses that attacks use have the class that refuses them",
        arguments: [
            ("169.254.169.254", AddressClass.linkLocal), ("::ffff:169.254.169.254", .linkLocal),
            ("::ffff:a9fe:a9fe", .linkLocal), ("64:ff9b::a9fe:a9fe", .linkLocal), ("::169.254.169.254", .linkLocal),
            ("2002:a9fe:a9fe::1", .sixToFour), ("2001:0:a9fe:a9fe::1", .teredo),
            ("64:ff9b:1::a9fe:a9fe", .translationLocal),
            ("::ffff:0:169.254.169.254", .reserved), ("::ffff:127.0.0.1", .loopback), ("::127.0.0.1", .loopback),
            ("0.0.0.0", .unspecified), ("::ffff:0.0.0.0", .unspecified), ("fd00:ec2::254", .uniqueLocal),
            ("8.8.8.8", .global), ("2606:4700:4700::1111", .global), ("::ffff:8.8.8.8", .global),
        ]
    )
    func attacks(text: String, expected: AddressClass) throws {
        #expect(try AddressClass.of(#require(IPAddress(text))) == expected)
    }

    /// The next address up or down; it wraps at the ends.
    private func step(_ bits: [Bool], up: Bool) -> [Bool] {
        var result = bits
        for index in bits.indices.reversed() {
            result[index].toggle()
            if bits[index] != up { break }
        }
        return result
    }
}
