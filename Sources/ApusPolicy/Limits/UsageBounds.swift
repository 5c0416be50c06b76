/// A ``UsageLimit`` made ready for counting: numbers alone.
public struct UsageBounds: Sendable, Hashable, BitwiseCopyable {
    let requests: TokenBucket.Rate?
    let bandwidth: TokenBucket.Rate?
    let connections: UInt32
    let tunnels: UInt32
    let volume: UInt64?
    /// In microseconds.
    let volumePeriod: Int64
    /// How much may be moved between two looks at the counts when one request runs.
    let slice: UInt64

    /// The least that is moved at once: less would cost more system calls than it gains evenness.
    static let leastSlice: UInt64 = 16 << 10
    /// The most that is moved at once where only a volume is counted.
    static let mostSlice: UInt64 = 1 << 20

    /// Without any bound.
    public static let none = UsageBounds(UsageLimit())

    /// Makes the bounds of a limit.
    public init(_ limit: UsageLimit) {
        requests = limit.requests.map { TokenBucket.Rate(amount: $0.amount, period: $0.period, size: $0.amount) }
        bandwidth = limit.bandwidth.map { rate in
            TokenBucket.Rate(
                amount: rate.amount,
                period: rate.period,
                size: max(2 * UsageBounds.leastSlice, rate.worth(of: 250_000))
            )
        }
        connections = limit.connections.map { UInt32(clamping: $0) } ?? .max
        tunnels = limit.tunnels.map { UInt32(clamping: $0) } ?? .max
        volume = limit.volume?.amount
        volumePeriod = Int64(min(max(1, limit.volume?.period ?? 1), 1 << 61))
        slice = limit.bandwidth.map { max(UsageBounds.leastSlice, $0.worth(of: 100_000)) } ?? UsageBounds.mostSlice
    }

    /// Whether bytes are counted.
    public var countsBytes: Bool { bandwidth != nil || volume != nil }

    /// Which period a moment is in, and how many seconds are left of it, at least 1.
    func period(at unix: Int64) -> (number: Int64, left: UInt32) {
        // So far as there are years; and weeks begin on a Monday, 5 January 1970 being one.
        let week: Int64 = 7 * 86_400 * 1_000_000
        let shift: Int64 = volumePeriod == week ? 4 * 86_400 : 0
        let time = (min(max(unix, -(1 << 40)), 1 << 40) - shift) * 1_000_000
        let rest = (time % volumePeriod + volumePeriod) % volumePeriod
        let left = (volumePeriod - rest + 999_999) / 1_000_000
        return ((time - rest) / volumePeriod, UInt32(clamping: left))
    }
}

extension UsageLimit.Rate {
    /// How much comes in so many microseconds, rounded down.
    fileprivate func worth(of microseconds: UInt64) -> UInt64 {
        let product = amount.multipliedFullWidth(by: microseconds)
        let period = max(1, period)
        return product.high < period ? period.dividingFullWidth(product).quotient : .max
    }
}
