import Testing

@testable import ApusReport

@Suite("Latency histograms")
struct LatencyHistogramTests {
    @Test("the bounds rise, six to a decade") func bounds() {
        let bounds = LatencyHistogram.bounds
        #expect(bounds.count == 43)
        #expect(bounds.first == 10 && bounds.last == 100_000_000)
        #expect(zip(bounds, bounds.dropFirst()).allSatisfy { $0 < $1 })
    }

    @Test("a value counts under the first bound that is not below it") func places() {
        for (index, bound) in LatencyHistogram.bounds.enumerated() {
            for (value, place) in [(bound - 1, index), (bound, index), (bound + 1, index + 1)] {
                var histogram = LatencyHistogram()
                histogram.add(value)
                #expect(histogram.counts[place] == 1, "\(value)")
                #expect(histogram.sum == value && histogram.count == 1)
            }
        }
        var edges = LatencyHistogram()
        edges.add(0)
        edges.add(.max)
        #expect(edges.counts.first == 1 && edges.counts.last == 1)
    }

    @Test("quantiles lie where the values are") func quantiles() throws {
        var histogram = LatencyHistogram()
        #expect(histogram.quantile(0.5) == nil)
        for value in 1...10_000 { histogram.add(UInt64(value)) }
        for share in [0.1, 0.5, 0.9, 0.99] {
            let value = try #require(histogram.quantile(share))
            #expect(abs(value - share * 10_000) < share * 10_000 * 0.05, "\(share): \(value)")
        }
        var far = LatencyHistogram()
        far.add(10_000_000_000)
        #expect(far.quantile(0.5) == 100_000_000)
    }

    @Test("what was counted since is the difference; sums are sums") func arithmetic() {
        var before = LatencyHistogram()
        before.add(100)
        var after = before
        after.add(5000)
        let since = after.since(before)
        #expect(since.count == 1 && since.sum == 5000)
        var both = before
        both.add(since)
        #expect(both == after)
    }
}
