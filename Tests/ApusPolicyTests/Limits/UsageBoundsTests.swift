import Testing

@testable import ApusPolicy

@Suite("bounds of a limit")
struct UsageBoundsTests {
    private func bounds(period: UInt64) -> UsageBounds {
        var limit = UsageLimit()
        limit.volume = UsageLimit.Rate(1, per: period)
        return UsageBounds(limit)
    }

    @Test("a day begins at midnight UTC, an hour on the hour, a week on Monday")
    func periods() {
        // 2024-07-01 00:00, a Monday.
        let monday: Int64 = 1_719_792_000
        for (seconds, name) in [(60, "minute"), (3600, "hour"), (86_400, "day"), (7 * 86_400, "week")] {
            let bounds = bounds(period: UInt64(seconds) * 1_000_000)
            let first = bounds.period(at: monday)
            #expect(first.left == UInt32(seconds), "\(name)")
            #expect(bounds.period(at: monday + Int64(seconds) - 1).number == first.number)
            #expect(bounds.period(at: monday + Int64(seconds) - 1).left == 1)
            #expect(bounds.period(at: monday - 1).number == first.number - 1)
            #expect(bounds.period(at: monday + Int64(seconds)).number == first.number + 1)
        }
        #expect(bounds(period: 7 * 86_400_000_000).period(at: 0).left == 4 * 86_400)
    }

    @Test("every moment is in a period, and some of it is left")
    func extremes() {
        for period in [0, 1, 999_999, 1_500_000, 1 << 40, UInt64.max] {
            for moment in [Int64.min, -1, 0, 1, .max] { #expect(bounds(period: period).period(at: moment).left >= 1) }
        }
    }

    @Test("bandwidth comes in slices of a tenth of a second, and a quarter of a second's worth at once")
    func bandwidth() {
        func bounds(_ amount: UInt64, _ period: UInt64) -> UsageBounds {
            var limit = UsageLimit()
            limit.bandwidth = UsageLimit.Rate(amount, per: period)
            return UsageBounds(limit)
        }
        #expect(bounds(10_000_000, 1_000_000).slice == 1_000_000)
        #expect(bounds(10_000_000, 1_000_000).bandwidth?.size == 2_500_000)
        #expect(bounds(36_000_000_000, 3_600_000_000).slice == 1_000_000)
        #expect(bounds(1000, 1_000_000).slice == 16 << 10 && bounds(1000, 1_000_000).bandwidth?.size == 32 << 10)
        _ = bounds(.max, 1)
        _ = bounds(.max, .max)
        _ = bounds(1, 0)
        #expect(bounds(1, 1).countsBytes && !UsageBounds.none.countsBytes && self.bounds(period: 1).countsBytes)
    }
}
