import ApusWire
import Testing

@Suite("reading blocks of addresses")
struct CIDRParseTests {
    @Test(
        "a block is read and written in its normal form",
        arguments: [
            ("10.0.0.0/8", "10.0.0.0/8"), ("0.0.0.0/0", "0.0.0.0/0"), ("::/0", "::/0"), ("192.0.2.1", "192.0.2.1/32"),
            ("::1", "::1/128"), ("FD00::/8", "fd00::/8"), ("2001:db8:0:0::/32", "2001:db8::/32"),
            ("::1/128", "::1/128"),
            ("::ffff:10.0.0.0/104", "10.0.0.0/8"), ("::ffff:192.0.2.1", "192.0.2.1/32"), ("1.2.3.4/32", "1.2.3.4/32"),
        ]
    )
    func read(text: String, expected: String) throws {
        #expect(try CIDR(text).description == expected)
        #expect(try CIDR.parse(text) == CIDR(expected))
    }

    @Test(
        "what is before the slash must be an address",
        arguments: [
            "", "/", "/8", "10/8", "10.0/16", "010.0.0.0/8", "host/8", " 10.0.0.0/8", "[::1]/128", "fe80::1%e/64",
        ]
    )
    func address(text: String) {
        #expect(throws: CIDRParseError(text: text, reason: .address)) { try CIDR(text) }
    }

    @Test(
        "what is behind the slash must be a length",
        arguments: [
            "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/08", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/8 ", "10.0.0.0/8/8",
            "10.0.0.0/255.0.0.0", "10.0.0.0/99999999999999999999", "10.0.0.0/a", "0.0.0.0/00",
        ]
    )
    func length(text: String) {
        #expect(throws: CIDRParseError(text: text, reason: .prefixLength(0...32))) { try CIDR(text) }
    }

    @Test("an IPv6 length ends at 128")
    func longLength() {
        #expect(throws: CIDRParseError(text: "::/129", reason: .prefixLength(0...128))) { try CIDR("::/129") }
    }

    @Test("bits behind the prefix are refused with the block and the address that may have been meant")
    func hostBits() {
        let error = #expect(throws: CIDRParseError.self) { try CIDR("10.1.2.3/8") }
        #expect(error?.description.contains("10.0.0.0/8") == true)
        #expect(error?.description.contains("10.1.2.3 for one address") == true)
        #expect(throws: CIDRParseError(text: "fd00::1/8", reason: .hostBits(network: "fd00::/8", address: "fd00::1"))) {
            try CIDR("fd00::1/8")
        }
    }

    @Test("each error names the text and what is expected")
    func messages() {
        #expect(CIDRParseError(text: "x", reason: .address).description.contains("10.0.0.0/8"))
        #expect(CIDRParseError(text: "x", reason: .prefixLength(0...32)).description.contains("from 0 to 32"))
    }
}
