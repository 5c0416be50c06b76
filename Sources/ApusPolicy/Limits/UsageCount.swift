/// What one key of one limit has used.
struct UsageCount: Sendable, Hashable, BitwiseCopyable {
    private var requests: TokenBucket
    private var bandwidth: TokenBucket
    /// Requests and tunnels that run.
    private(set) var open: UInt32 = 0
    /// Tunnels that run.
    private(set) var tunnels: UInt32 = 0
    /// The bytes of the period.
    private var used: UInt64 = 0
    private var period: Int64

    private static let unlimited = TokenBucket.Rate(amount: 0, period: 1, size: 0)

    /// Nothing used.
    init(_ bounds: UsageBounds, at moment: UsageMoment) {
        requests = TokenBucket(bounds.requests ?? UsageCount.unlimited, now: moment.now)
        bandwidth = TokenBucket(bounds.bandwidth ?? UsageCount.unlimited, now: moment.now)
        period = bounds.period(at: moment.unix).number
    }

    /// What speaks against another request or tunnel; takes nothing.
    mutating func excess(_ bounds: UsageBounds, isTunnel: Bool, at moment: UsageMoment) -> LimitViolation? {
        var excess: LimitViolation?
        if open >= bounds.connections { excess = LimitViolation(.userConnectionLimit) }
        if isTunnel, tunnels >= bounds.tunnels { excess = LimitViolation(.userTunnelLimit) }
        if let rate = bounds.requests {
            let wait = requests.wait(for: 1, rate, now: moment.now)
            if wait > 0 {
                let seconds = UInt32(clamping: wait / 1_000_000 + (wait % 1_000_000 > 0 ? 1 : 0))
                excess = LimitViolation(.requestRateLimit, retryAfter: seconds).longer(excess)
            }
        }
        if let volume = bounds.volume {
            let left = turn(bounds, at: moment)
            if used >= volume { excess = LimitViolation(.volumeLimit, retryAfter: left).longer(excess) }
        }
        return excess
    }

    /// Counts a request or tunnel, which ``excess(_:isTunnel:at:)`` has let through.
    mutating func take(_ bounds: UsageBounds, isTunnel: Bool, at moment: UsageMoment) {
        if let rate = bounds.requests { _ = requests.take(1, rate, now: moment.now) }
        open += 1
        if isTunnel { tunnels += 1 }
    }

    /// Undoes ``take(_:isTunnel:at:)``: the request is not served after all.
    mutating func giveBack(_ bounds: UsageBounds, isTunnel: Bool) {
        if let rate = bounds.requests { requests.giveBack(1, rate) }
        release(isTunnel: isTunnel)
    }

    /// A request or tunnel has ended.
    mutating func release(isTunnel: Bool) {
        if open > 0 { open -= 1 }
        if isTunnel, tunnels > 0 { tunnels -= 1 }
    }

    /// A request that runs is to become a tunnel.
    mutating func promote(_ bounds: UsageBounds) -> LimitViolation? {
        guard tunnels < bounds.tunnels else { return LimitViolation(.userTunnelLimit) }
        tunnels += 1
        return nil
    }

    /// Undoes ``promote(_:)``.
    mutating func demote() {
        if tunnels > 0 { tunnels -= 1 }
    }

    /// Counts bytes that have passed, and says how it goes on.
    mutating func spend(_ bytes: UInt64, _ bounds: UsageBounds, at moment: UsageMoment) -> UsagePace {
        var pace = UsagePace()
        if let rate = bounds.bandwidth {
            bandwidth.spend(bytes, rate, now: moment.now)
            pace.wait = bandwidth.wait(for: 0, rate, now: moment.now)
            pace.slice = max(UsageBounds.leastSlice, bounds.slice / UInt64(max(1, open)))
        }
        if let volume = bounds.volume {
            _ = turn(bounds, at: moment)
            let (sum, overflow) = used.addingReportingOverflow(bytes)
            used = overflow ? .max : sum
            pace.isUsedUp = used >= volume
            if used < volume {
                let left = max(UsageBounds.leastSlice, min(volume - used, UsageBounds.mostSlice))
                pace.slice = min(pace.slice, left)
            }
        }
        return pace
    }

    /// The bytes of the period that a moment is in.
    func passed(_ bounds: UsageBounds, at moment: UsageMoment) -> UInt64 {
        bounds.period(at: moment.unix).number == period ? used : 0
    }

    /// Whether it says no more than a new count would, so that it can be forgotten.
    mutating func isIdle(_ bounds: UsageBounds, at moment: UsageMoment) -> Bool {
        guard open == 0, tunnels == 0 else { return false }
        if let rate = bounds.requests, !requests.isFull(rate, now: moment.now) { return false }
        if let rate = bounds.bandwidth, !bandwidth.isFull(rate, now: moment.now) { return false }
        guard bounds.volume != nil else { return true }
        _ = turn(bounds, at: moment)
        return used == 0
    }

    /// Begins a new period when the old one is over.
    ///
    /// - Returns: how many seconds are left of the one that runs.
    private mutating func turn(_ bounds: UsageBounds, at moment: UsageMoment) -> UInt32 {
        let (number, left) = bounds.period(at: moment.unix)
        if number != period { (period, used) = (number, 0) }
        return left
    }
}
