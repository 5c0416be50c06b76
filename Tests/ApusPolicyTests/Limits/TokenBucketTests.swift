import ApusPolicy
import ApusSamples
import Testing

@Suite("token buckets")
struct TokenBucketTests {
    private typealias Rate = TokenBucket.Rate

    @Test("so many at once, and then as they come")
    func basics() {
        let rate = Rate(amount: 5, period: 1_000_000, size: 5)
        var bucket = TokenBucket(rate, now: 0)
        for _ in 0..<5 {
            expect(bucket.take(1, rate, now: 0))
        }
        expect(!bucket.take(1, rate, now: 199_999))
        expect(bucket.wait(for: 1, rate, now: 199_999) == 1)
        expect(bucket.wait(for: 2, rate, now: 199_999) == 200_001)
        expect(bucket.take(1, rate, now: 200_000))
        expect(!bucket.take(1, rate, now: 200_000))
        expect(!bucket.isFull(rate, now: 1_199_999) && bucket.isFull(rate, now: 1_200_000))
    }

    @Test("what is spent beyond what is there is a debt that time pays")
    func debt() {
        let rate = Rate(amount: 1000, period: 1_000_000, size: 100)
        var bucket = TokenBucket(rate, now: 0)
        bucket.spend(1100, rate, now: 0)
        expect(bucket.wait(for: 0, rate, now: 0) == 1_000_000)
        expect(bucket.wait(for: 100, rate, now: 500_000) == 600_000)
        expect(bucket.wait(for: 0, rate, now: 1_000_000) == 0)
        expect(bucket.wait(for: 101, rate, now: 1_000_000) == .max)
    }

    @Test("what is given back counts again, and never beyond the size")
    func giveBack() {
        let rate = Rate(amount: 1, period: 1000, size: 3)
        var bucket = TokenBucket(rate, now: 0)
        expect(bucket.take(2, rate, now: 0))
        bucket.giveBack(1, rate)
        expect(bucket.take(2, rate, now: 0) && !bucket.take(1, rate, now: 0))
        bucket.giveBack(.max, rate)
        expect(bucket.take(3, rate, now: 0) && !bucket.take(1, rate, now: 0))
    }

    @Test("over any stretch of time no more than the size and what the rate brings", arguments: 0..<20)
    func neverMore(seed: UInt64) {
        var random = SplitMix(seed: seed)
        let rate = Rate(
            amount: .random(in: 1...10_000, using: &random),
            period: .random(in: 1...10_000_000, using: &random),
            size: .random(in: 1...10_000, using: &random)
        )
        var bucket = TokenBucket(rate, now: 7)
        var now: UInt64 = 7
        var taken: [(at: UInt64, count: UInt64)] = []
        var refused = 0
        for _ in 0..<400 {
            now += .random(in: 0...(rate.period * rate.size / rate.amount / 8 + 1), using: &random)
            let count = UInt64.random(in: 0...max(1, rate.size / 4), using: &random)
            let wait = bucket.wait(for: count, rate, now: now)
            let before = bucket
            if bucket.take(count, rate, now: now) {
                expect(wait == 0)
                taken.append((now, count))
            } else {
                refused += 1
                expect(bucket == before && wait > 0)
                // The wait is true to the microsecond.
                var (early, late) = (bucket, bucket)
                expect(!early.take(count, rate, now: now + wait - 1) && late.take(count, rate, now: now + wait))
            }
        }
        expect(refused > 0 && !taken.isEmpty)
        for first in taken.indices {
            var sum: UInt64 = 0
            for last in first..<taken.count {
                sum += taken[last].count
                let stretch = taken[last].at - taken[first].at
                expect(sum * rate.period <= rate.size * rate.period + stretch * rate.amount)
            }
        }
    }

    @Test("nothing is lost in small steps: over a long time just what the rate brings", arguments: 0..<10)
    func exact(seed: UInt64) {
        var random = SplitMix(seed: seed)
        let rate = Rate(
            amount: .random(in: 1...1000, using: &random),
            period: .random(in: 1...10_000, using: &random),
            size: 1 << 40
        )
        var bucket = TokenBucket(rate, now: 0)
        expect(bucket.take(1 << 40, rate, now: 0))
        var now: UInt64 = 0
        for _ in 0..<1000 {
            now += .random(in: 0...50, using: &random)
            _ = bucket.wait(for: 1, rate, now: now)
        }
        let came = now * rate.amount / rate.period
        var more = bucket
        expect(bucket.take(came, rate, now: now) && !more.take(came + 1, rate, now: now))
    }

    @Test("figures beyond all measure, and clocks that stand behind, do no harm")
    func extremes() {
        let figures: [UInt64] = [0, 1, 1_000_000, 1 << 40, 1 << 61, 1 << 62, .max - 1, .max]
        for amount in figures {
            for period in figures {
                for size in figures {
                    let rate = Rate(amount: amount, period: period, size: size)
                    var bucket = TokenBucket(rate, now: .max / 2)
                    for now in figures {
                        _ = bucket.take(1, rate, now: now)
                        bucket.spend(amount, rate, now: now)
                        _ = bucket.wait(for: size, rate, now: now)
                        bucket.giveBack(size, rate)
                        for _ in 0..<3 { bucket.spend(.max, rate, now: now) }
                        _ = bucket.wait(for: .max, rate, now: now)
                        _ = bucket.wait(for: 0, rate, now: now)
                        _ = bucket.isFull(rate, now: now)
                    }
                }
            }
        }
    }

    @Test("a rate that changes while it is in use holds from then on")
    func change() {
        let wide = Rate(amount: 100, period: 1000, size: 100)
        let narrow = Rate(amount: 1, period: 1_000_000, size: 2)
        var bucket = TokenBucket(wide, now: 0)
        expect(bucket.take(2, narrow, now: 1) && !bucket.take(1, narrow, now: 1))
        expect(bucket.take(50, wide, now: 501))
    }
}
