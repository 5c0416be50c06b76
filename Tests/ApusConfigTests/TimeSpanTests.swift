import Testing

@testable import ApusConfig

@Suite struct TimeSpanTests {
    @Test(
        "a span is read with every unit, the larger first",
        arguments: [
            ("0", 0), ("250ms", 250), ("30s", 30000), ("5m", 300_000), ("1h", 3_600_000), ("1h30m", 5_400_000),
            ("1d2h3m4s5ms", 93_784_005), ("1H", 3_600_000), ("0s", 0), ("1m1ms", 60001),
        ]
    )
    func read(_ text: String, _ milliseconds: Int) throws {
        #expect(try TimeSpan.parse(text) == .milliseconds(milliseconds))
    }

    @Test(
        "what is no span is refused",
        arguments: [
            "", "s", "30", "-1s", "+1s", "1.5s", "30m1h", "1s1s", "1s2", "1 s", "1y", "1h 30m", "99999999999999d",
            "40000d",
        ]
    )
    func refused(_ text: String) {
        #expect(throws: ValueFault.self) { try TimeSpan.parse(text) }
    }

    @Test("a bare number is answered with its two likely readings")
    func bareNumber() {
        let fault = #expect(throws: ValueFault.self) { try TimeSpan.parse("15") }
        #expect(fault?.message.contains("15s for seconds") == true)
    }

    @Test(
        "what is written is read as the same",
        arguments: [0, 1, 999, 1000, 60000, 5_400_000, 86_400_000, 93_784_005]
    )
    func roundTrip(_ milliseconds: Int) throws {
        #expect(try TimeSpan.parse(TimeSpan.describe(.milliseconds(milliseconds))) == .milliseconds(milliseconds))
    }
}
