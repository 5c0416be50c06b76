import Testing

@testable import ApusReport

@Suite("When errors are too many")
struct ErrorRateTriggerTests {
    /// Looks once a second at these shares of errors among so many requests a second.
    private func spoken(_ rates: [Double], each requests: UInt64 = 100, share: Double = 0.05) -> [Int] {
        var trigger = ErrorRateTrigger(share: share)
        var (all, errors): (UInt64, UInt64) = (0, 0)
        var spoken: [Int] = []
        for (second, rate) in rates.enumerated() {
            all += requests
            errors += UInt64(Double(requests) * rate)
            if trigger.looked(requests: all, errors: errors, at: Int64(second) * 1_000_000) != nil {
                spoken.append(second)
            }
        }
        return spoken
    }

    @Test("it says so once, and not at a rate that is still right") func once() {
        #expect(spoken(Array(repeating: 0.05, count: 100)).isEmpty)
        // The first look only says where the count begins.
        #expect(spoken(Array(repeating: 0.5, count: 100)) == [1])
    }

    @Test("it looks at the last ten seconds") func window() {
        // One second of half errors among ten good ones is just under five in a hundred.
        #expect(spoken(Array(repeating: 0, count: 20) + [0.49] + Array(repeating: 0, count: 20)).isEmpty)
        #expect(spoken(Array(repeating: 0, count: 20) + [0.6] + Array(repeating: 0, count: 20)) == [20])
    }

    @Test("a handful of requests says nothing") func few() {
        #expect(spoken(Array(repeating: 1, count: 8), each: 2).isEmpty)
        #expect(spoken(Array(repeating: 1, count: 30), each: 2) == [10])
    }

    @Test("it says so again after it was better, and five minutes have passed") func again() {
        let bad = Array(repeating: 0.5, count: 20)
        let good = Array(repeating: 0.0, count: 20)
        #expect(spoken(bad + good + bad).count == 1)
        #expect(spoken(bad + Array(repeating: 0.5, count: 400)).count == 1)
        #expect(spoken(bad + Array(repeating: 0.0, count: 400) + bad).count == 2)
    }
}
