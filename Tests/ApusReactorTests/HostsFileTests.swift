import Testing

@testable import ApusReactor

@Suite("Hosts files")
struct HostsFileTests {
    private func v4(_ low: UInt64) -> ResolvedAddress { ResolvedAddress(high: 0, low: low, isV6: false) }

    private func addresses(_ name: String, _ text: String) -> [ResolvedAddress] {
        HostsFile.addresses(of: name, in: Array(text.utf8))
    }

    @Test("a name is found behind its address, whichever of the line's names it is and in whatever case")
    func found() {
        let text = "10.0.0.1 one Two\tthree\n"
        for name in ["one", "two", "TWO", "three", "three."] {
            #expect(addresses(name, text) == [v4(0x0a00_0001)], "\(name)")
        }
        for name in ["o", "on", "onetwo", "four", "10.0.0.1", "", "."] {
            #expect(addresses(name, text) == [], "\(name)")
        }
    }

    @Test("all lines of a name count, in their order, each address once") func several() {
        let text = "::1 a\n10.0.0.2 a\n10.0.0.1 b\n10.0.0.2 c a\n10.0.0.3 a"
        #expect(
            addresses("a", text) == [ResolvedAddress(high: 0, low: 1, isV6: true), v4(0x0a00_0002), v4(0x0a00_0003)]
        )
    }

    @Test("comments, blanks, carriage returns and lines without an address are passed over") func passedOver() {
        let text =
            "# 10.0.0.1 a\n\n   \t10.0.0.2\t a \r\n10.0.0.3 b # a\n10.0.0.4#a\nfe80::1%lo a\n010.1 a\nname a\n10.0.0.5"
        #expect(addresses("a", text) == [v4(0x0a00_0002)])
        #expect(addresses("b", text) == [v4(0x0a00_0003)])
    }

    @Test("bytes that are no text, and a cut at every place, are no harm") func cuts() {
        let bytes = Array("10.0.0.1 a\n2001:db8::2 a b\n".utf8) + [0xff, 0x00, 0x20, 0x61, 0x0a]
        for end in bytes.indices { #expect(HostsFile.addresses(of: "a", in: Array(bytes[..<end])).count <= 2) }
        #expect(HostsFile.addresses(of: "a", in: bytes).count == 2)
    }

    @Test("of very many addresses the first 64 are taken") func many() {
        let text = (0..<200).map { "10.0.0.\($0) a" }.joined(separator: "\n")
        #expect(addresses("a", text).count == 64)
    }
}
