import Testing

@testable import ApusConfig

@Suite struct PortRangeTests {
    @Test("a port, or a range with both ends")
    func ranges() throws {
        #expect(try PortRange.parse("443") == 443...443)
        #expect(try PortRange.parse("1-65535") == 1...65535)
        #expect(PortRange.describe(443...443) == "443")
        #expect(PortRange.describe(8000...8100) == "8000-8100")
    }

    @Test(
        "anything else is refused",
        arguments: ["", "0", "65536", "443-", "-443", "1-2-3", "080", "http", "8100-8000"]
    )
    func faults(_ text: String) {
        #expect(throws: ValueFault.self) { try PortRange.parse(text) }
    }
}
