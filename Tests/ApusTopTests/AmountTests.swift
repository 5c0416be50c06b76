import Testing

@testable import ApusTop

@Suite struct AmountTests {
    @Test("figures take few columns")
    func counts() {
        #expect(
            [0, 7, 9.5, 24, 950, 999.9, 1000, 9500, 12_345, 1e6, 2.5e9].map { Amount.count($0) }
                == ["0", "7", "9.5", "24", "950", "1k", "1k", "9.5k", "12k", "1M", "2.5G"]
        )
        #expect([0, 1023, 1024, 1536, 5 * 1_048_576].map { Amount.bytes($0) } == ["0B", "1023B", "1K", "1.5K", "5M"])
        #expect(Amount.count(-1) == "0")
        #expect(Amount.count(.infinity) == "-")
        for exponent in 0..<18 {
            var value = 1.0
            for _ in 0..<exponent { value *= 10 }
            for factor in [0.999, 1, 1.5, 9.96, 9.994] { #expect(Amount.bytes(value * factor).count <= 6) }
        }
    }

    @Test("times take few columns")
    func durations() {
        let micros: [Double] = [0, 900, 1500, 34_567, 999_600, 1_500_000, 59e6, 125e6, 11_220e6, 360_000e6, -5]
        #expect(
            micros.map { Amount.duration(microseconds: $0) }
                == ["0µs", "900µs", "1.5ms", "35ms", "1.0s", "1.5s", "59s", "2m05s", "3h07m", "4d04h", "0µs"]
        )
    }
}
