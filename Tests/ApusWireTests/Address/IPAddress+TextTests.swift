import ApusWire
import Testing

@Suite("writing addresses")
struct IPAddressTextTests {
    @Test(
        "the examples of RFC 5952 are written as it says",
        arguments: [
            ("2001:0db8::0001", "2001:db8::1"), ("2001:db8:0:0:0:0:2:1", "2001:db8::2:1"),
            ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"), ("2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
            ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"), ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
            ("2001:db8:aaaa:bbbb:cccc:dddd:eeee:AAAA", "2001:db8:aaaa:bbbb:cccc:dddd:eeee:aaaa"),
            ("0:0:0:0:0:ffff:192.0.2.1", "::ffff:192.0.2.1"), ("::FFFF:c000:0201", "::ffff:192.0.2.1"),
            ("::", "::"), ("::1", "::1"), ("1::", "1::"), ("0:1::", "0:1::"), ("::192.0.2.1", "::c000:201"),
            ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"), ("::ffff:0:0", "::ffff:0.0.0.0"),
            ("1:2:3:4:5:6:0:0", "1:2:3:4:5:6::"), ("1:2:3:4:5:6:7:0", "1:2:3:4:5:6:7:0"),
            ("0:2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"), ("0.10.200.99", "0.10.200.99"), ("100.0.0.1", "100.0.0.1"),
        ]
    )
    func examples(text: String, expected: String) {
        #expect(IPAddress(text)?.description == expected)
    }

    @Test("what is written is read back, and is what the C library writes")
    func roundTrip() {
        var random = AddressRandom(seed: 2)
        for _ in 0..<50_000 {
            let address = random.address()
            let text = address.description
            #expect(IPAddress(text) == address)
            // The C library writes ::/96 with a dotted quad, which RFC 5952 §5 asks for only where the prefix tells.
            let compatible = address.high == 0 && address.low >> 32 == 0
            if address.family == .v4 || !compatible { #expect(text == systemText(address)) }
        }
    }

    @Test("writing appends and leaves what is there")
    func appends() {
        var output = Array("host=".utf8)
        IPAddress(v4: 0x7f00_0001).write(to: &output)
        IPAddress(v6High: 0, low: 1).write(to: &output)
        #expect(String(decoding: output, as: UTF8.self) == "host=127.0.0.1::1")
    }
}
