import Testing

@testable import ApusConfig

@Suite("Percentages")
struct PercentageTests {
    @Test(arguments: [("5%", 0.05), ("0%", 0), ("100%", 1), ("0.5%", 0.005)]) func taken(text: String, share: Double)
        throws
    {
        #expect(try Percentage.parse(text) == share)
        #expect(Percentage.describe(share) == text)
    }

    @Test(arguments: ["", "%", "5", "-1%", "101%", "1e1%", "nan%", "0x5%", "five%", "5 %"]) func refused(text: String) {
        #expect(throws: ValueFault.self) { try Percentage.parse(text) }
    }
}
