import Testing

@testable import ApusPolicy

@Suite("what one key has used")
struct UsageCountTests {
    private static let day: Int64 = 86_400

    private func at(_ seconds: Double, unix: Int64 = 0) -> UsageMoment {
        UsageMoment(now: UInt64(seconds * 1_000_000), unix: unix)
    }

    private func bounds(_ change: (inout UsageLimit) -> Void) -> UsageBounds {
        var limit = UsageLimit()
        change(&limit)
        return UsageBounds(limit)
    }

    @Test("the sixth of five requests a second waits for the true time")
    func requests() {
        let bounds = bounds { $0.requests = .init(5, per: 1_000_000) }
        var count = UsageCount(bounds, at: at(0))
        for _ in 0..<5 {
            expect(count.excess(bounds, isTunnel: false, at: at(0)) == nil)
            count.take(bounds, isTunnel: false, at: at(0))
        }
        expect(count.excess(bounds, isTunnel: false, at: at(0)) == LimitViolation(.requestRateLimit, retryAfter: 1))
        expect(count.excess(bounds, isTunnel: false, at: at(0.2)) == nil)
        let slow = self.bounds { $0.requests = .init(1, per: 90_000_000) }
        count = UsageCount(slow, at: at(0))
        count.take(slow, isTunnel: false, at: at(0))
        expect(count.excess(slow, isTunnel: true, at: at(0.5)) == LimitViolation(.requestRateLimit, retryAfter: 90))
        expect(count.excess(slow, isTunnel: true, at: at(89.5)) == LimitViolation(.requestRateLimit, retryAfter: 1))
    }

    @Test("what runs at the same time counts until it ends; a tunnel counts as both")
    func running() {
        let bounds = bounds {
            $0.connections = 2
            $0.tunnels = 1
        }
        var count = UsageCount(bounds, at: at(0))
        count.take(bounds, isTunnel: true, at: at(0))
        expect(count.excess(bounds, isTunnel: true, at: at(0)) == LimitViolation(.userTunnelLimit))
        expect(count.excess(bounds, isTunnel: false, at: at(0)) == nil)
        count.take(bounds, isTunnel: false, at: at(0))
        expect(count.excess(bounds, isTunnel: false, at: at(0)) == LimitViolation(.userConnectionLimit))
        expect(count.promote(bounds) == LimitViolation(.userTunnelLimit))
        count.release(isTunnel: true)
        expect(count.promote(bounds) == nil && count.open == 1 && count.tunnels == 1)
        count.demote()
        count.release(isTunnel: false)
        expect(count.open == 0 && count.tunnels == 0 && count.isIdle(bounds, at: at(0)))
    }

    @Test("a volume is used up until the next period begins")
    func volume() {
        let bounds = bounds { $0.volume = .init(1000, per: 86_400_000_000) }
        var count = UsageCount(bounds, at: at(0, unix: 10 * Self.day))
        expect(count.spend(999, bounds, at: at(0, unix: 10 * Self.day)).isUsedUp == false)
        expect(count.excess(bounds, isTunnel: false, at: at(0, unix: 10 * Self.day)) == nil)
        expect(count.spend(1, bounds, at: at(0, unix: 10 * Self.day + 1)).isUsedUp)
        expect(
            count.excess(bounds, isTunnel: false, at: at(0, unix: 11 * Self.day - 7200))
                == LimitViolation(.volumeLimit, retryAfter: 7200)
        )
        expect(!count.isIdle(bounds, at: at(0, unix: 11 * Self.day - 1)))
        expect(count.excess(bounds, isTunnel: false, at: at(0, unix: 11 * Self.day)) == nil)
        expect(count.isIdle(bounds, at: at(0, unix: 11 * Self.day)))
        expect(count.spend(.max - 1, bounds, at: at(0, unix: 12 * Self.day)).isUsedUp)
        expect(count.spend(.max, bounds, at: at(0, unix: 12 * Self.day)).isUsedUp)
    }

    @Test("bandwidth waits for its debt, in slices that all that run share")
    func bandwidth() {
        let bounds = bounds { $0.bandwidth = .init(1 << 20, per: 1_000_000) }
        var count = UsageCount(bounds, at: at(0))
        count.take(bounds, isTunnel: false, at: at(0))
        let first = count.spend(1 << 18, bounds, at: at(0))
        expect(first.wait == 0 && first.slice == (1 << 20) / 10)
        expect(count.spend(1 << 19, bounds, at: at(0)).wait == 500_000)
        expect(count.spend(0, bounds, at: at(0.4)).wait == 100_000)
        count.take(bounds, isTunnel: true, at: at(0.4))
        expect(count.spend(0, bounds, at: at(0.5)).slice == (1 << 20) / 20)
        for _ in 0..<20 { count.take(bounds, isTunnel: false, at: at(0.5)) }
        expect(count.spend(0, bounds, at: at(0.5)).slice == 16 << 10)
    }

    @Test("what a volume has left bounds the slice")
    func slices() {
        let bounds = bounds { $0.volume = .init(4 << 20, per: 86_400_000_000) }
        var count = UsageCount(bounds, at: at(0))
        expect(count.spend(0, bounds, at: at(0)).slice == 1 << 20)
        expect(count.spend(4 << 20 - 100_000, bounds, at: at(0)).slice == 100_000)
        expect(count.spend(99_000, bounds, at: at(0)).slice == 16 << 10)
    }

    @Test("a request that is given back has used nothing")
    func giveBack() {
        let bounds = bounds {
            $0.requests = .init(2, per: 1_000_000)
            $0.connections = 5
        }
        var count = UsageCount(bounds, at: at(0))
        count.take(bounds, isTunnel: true, at: at(0))
        let before = count
        count.take(bounds, isTunnel: true, at: at(0))
        count.giveBack(bounds, isTunnel: true)
        expect(count == before)
    }
}
