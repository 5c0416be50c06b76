import Testing

@testable import Apus

@Suite struct AddressLiteralTests {
    @Test(
        "a network is an address, or one with a prefix length in its range",
        arguments: ["10.0.0.0/8", "10.1.2.3", "0.0.0.0/0", "1.2.3.4/32", "fd00::/8", "::1", "::/0", "2001:db8::1/128"]
    )
    func networks(_ text: String) {
        #expect(AddressLiteral.isNetwork(text))
    }

    @Test(
        "anything else is no network",
        arguments: [
            "", "/8", "10/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/08", "10.0.0.0/8/8", "::/129", "::/-1", "all",
            "a.b.c.d",
        ]
    )
    func noNetworks(_ text: String) {
        #expect(!AddressLiteral.isNetwork(text))
    }

    @Test("digits of other scripts are none")
    func otherDigits() {
        #expect(!AddressLiteral.isIPv4("１27.0.0.1"))
        #expect(!AddressLiteral.isIPv6("::１"))
    }
}
