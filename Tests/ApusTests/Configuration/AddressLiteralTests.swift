import Testing

@testable import Apus

@Suite struct AddressLiteralTests {
    @Test(
        "addresses are of one family or the other",
        arguments: ["10.1.2.3", "0.0.0.0", "::1", "::", "2001:db8::192.0.2.1"]
    )
    func addresses(_ text: String) {
        #expect(AddressLiteral.isIPv4(text) != AddressLiteral.isIPv6(text))
    }

    @Test(
        "anything else is none",
        arguments: ["", "/8", "10", "10.0.0.256", "10.0.0.08", "10.0.0.0/8", ":::", "a.b.c.d", "1::2::3"]
    )
    func noAddresses(_ text: String) {
        #expect(!AddressLiteral.isIPv4(text) && !AddressLiteral.isIPv6(text))
    }

    @Test("digits of other scripts are none")
    func otherDigits() {
        #expect(!AddressLiteral.isIPv4("１27.0.0.1"))
        #expect(!AddressLiteral.isIPv6("::１"))
    }
}
