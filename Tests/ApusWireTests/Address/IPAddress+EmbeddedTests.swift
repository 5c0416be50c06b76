import ApusWire
import Testing

@Suite("IPv4 inside IPv6")
struct IPAddressEmbeddedTests {
    @Test(
        "mapped, compatible and NAT64 addresses give up what is inside",
        arguments: ["::ffff:10.1.2.3", "::10.1.2.3", "64:ff9b::10.1.2.3", "::ffff:a01:203"]
    )
    func unwrapped(text: String) {
        #expect(IPAddress(text)?.unwrapped == IPAddress("10.1.2.3"))
    }

    @Test(
        "every other address stays what it is",
        arguments: [
            "10.1.2.3", "::", "::1", "::fffe:10.1.2.3", "::1:ffff:10.1.2.3", "::ffff:0:10.1.2.3", "64:ff9b:1::10.1.2.3",
            "64:ff9b::1:10.1.2.3", "64:ff9c::10.1.2.3", "2002:a01:203::", "1::ffff:10.1.2.3",
        ]
    )
    func kept(text: String) {
        #expect(IPAddress(text)?.unwrapped == IPAddress(text))
        #expect(IPAddress(text)?.embeddedIPv4 == nil)
    }

    @Test("only the mapped spelling is the same peer as the IPv4 address")
    func unmapped() {
        #expect(IPAddress("::ffff:10.1.2.3")?.unmapped == IPAddress("10.1.2.3"))
        for text in ["::10.1.2.3", "64:ff9b::10.1.2.3", "::1", "10.1.2.3"] {
            #expect(IPAddress(text)?.unmapped == IPAddress(text))
        }
    }

    @Test("loopback and unspecified addresses are known in every spelling")
    func kinds() {
        for text in ["127.0.0.1", "127.255.255.255", "::1", "::ffff:127.9.9.9"] {
            #expect(IPAddress(text)?.isLoopback == true && IPAddress(text)?.isUnspecified == false, "\(text)")
        }
        for text in ["0.0.0.0", "::", "::ffff:0.0.0.0"] {
            #expect(IPAddress(text)?.isUnspecified == true && IPAddress(text)?.isLoopback == false, "\(text)")
        }
        for text in ["126.255.255.255", "128.0.0.0", "0.0.0.1", "::2", "::127.0.0.1", "1::1", "64:ff9b::127.0.0.1"] {
            #expect(IPAddress(text)?.isLoopback == false && IPAddress(text)?.isUnspecified == false, "\(text)")
        }
    }
}
