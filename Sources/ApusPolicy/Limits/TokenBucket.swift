/// Tokens that come at a rate and are used up: in integers, so that nothing is lost or gained over time.
///
/// A bucket begins full. Over any stretch of time no more is taken from it than it holds plus what the rate brings in that
/// time. The rate is an argument, so that it may change while the bucket is in use.
public struct TokenBucket: Sendable, Hashable, BitwiseCopyable {
    /// At what rate tokens come, and how many there may be at once.
    public struct Rate: Sendable, Hashable, BitwiseCopyable {
        /// So many tokens come in each period.
        public let amount: UInt64
        /// In microseconds, at least 1.
        public let period: UInt64
        /// How many tokens a full bucket holds.
        public let size: UInt64

        /// Makes a rate; what is beyond all measure is cut to an eighth of the range of 64 bits.
        public init(amount: UInt64, period: UInt64, size: UInt64) {
            self.amount = min(amount, Rate.most)
            self.period = max(1, min(period, Rate.most))
            self.size = min(size, Rate.most)
        }

        private static let most: UInt64 = 1 << 61
    }

    /// Whole tokens; less than none is a debt.
    private var level: Int64
    /// Parts of a token, of which `period` make a whole one.
    private var fraction: UInt64 = 0
    /// Up to when tokens have come, in microseconds.
    private var updated: UInt64

    /// A full bucket.
    public init(_ rate: Rate, now: UInt64) {
        level = Int64(rate.size)
        updated = now
    }

    /// Takes tokens if there are enough of them.
    public mutating func take(_ count: UInt64, _ rate: Rate, now: UInt64) -> Bool {
        refill(rate, now: now)
        guard level >= 0, UInt64(level) >= count else { return false }
        level -= Int64(count)
        return true
    }

    /// Puts tokens back that were taken and not used.
    public mutating func giveBack(_ count: UInt64, _ rate: Rate) {
        level = min(Int64(rate.size), level + Int64(clamping: min(count, rate.size)))
        if level == Int64(rate.size) { fraction = 0 }
    }

    /// Takes tokens that are already used, whether they are there or not.
    public mutating func spend(_ count: UInt64, _ rate: Rate, now: UInt64) {
        refill(rate, now: now)
        let (left, overflow) = level.subtractingReportingOverflow(Int64(clamping: count))
        level = overflow || left < TokenBucket.deepest ? TokenBucket.deepest : left
    }

    /// How long until so many tokens are there, in microseconds: 0 when they are, `.max` when they never will be.
    public mutating func wait(for count: UInt64, _ rate: Rate, now: UInt64) -> UInt64 {
        refill(rate, now: now)
        guard count <= rate.size else { return .max }
        let needed = Int64(count) - level
        guard needed > 0 else { return 0 }
        guard rate.amount > 0 else { return .max }
        // needed × period − fraction, over amount, rounded up.
        let product = UInt64(needed).multipliedFullWidth(by: rate.period)
        let (low, borrow) = product.low.subtractingReportingOverflow(min(fraction, rate.period - 1))
        let high = product.high - (borrow ? 1 : 0)
        guard high < rate.amount else { return .max }
        let (quotient, rest) = rate.amount.dividingFullWidth((high, low))
        return rest == 0 || quotient == .max ? quotient : quotient + 1
    }

    /// Whether it is as full as a new one.
    public mutating func isFull(_ rate: Rate, now: UInt64) -> Bool {
        refill(rate, now: now)
        return level == Int64(rate.size)
    }

    /// Beyond this a debt does not grow.
    private static let deepest = -(Int64(1) << 61)

    /// What has come since the last look. A clock that stands behind another thread's brings nothing.
    private mutating func refill(_ rate: Rate, now: UInt64) {
        let size = Int64(rate.size)
        if level >= size {
            (level, fraction) = (size, 0)
            updated = max(updated, now)
            return
        }
        guard now > updated else { return }
        let product = (now - updated).multipliedFullWidth(by: rate.amount)
        let (low, carry) = product.low.addingReportingOverflow(fraction)
        let high = product.high + (carry ? 1 : 0)
        updated = now
        guard high < rate.period else {
            (level, fraction) = (size, 0)
            return
        }
        let (quotient, rest) = rate.period.dividingFullWidth((high, low))
        guard quotient < UInt64(bitPattern: size &- level) else {
            (level, fraction) = (size, 0)
            return
        }
        level += Int64(quotient)
        fraction = rest
    }
}
