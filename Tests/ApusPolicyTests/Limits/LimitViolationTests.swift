import ApusPolicy
import Testing

@Suite("over a limit")
struct LimitViolationTests {
    @Test("of several reasons the one that takes the longest to pass is told")
    func longer() {
        let tunnels = LimitViolation(.userTunnelLimit)
        let rate = LimitViolation(.requestRateLimit, retryAfter: 2)
        let volume = LimitViolation(.volumeLimit, retryAfter: 3)
        #expect(tunnels.longer(nil) == tunnels && tunnels.longer(rate) == rate && rate.longer(tunnels) == rate)
        #expect(rate.longer(volume) == volume && volume.longer(rate) == volume)
    }

    @Test("of several paces the slower counts in each respect")
    func slower() {
        var one = UsagePace()
        one.wait = 5
        one.slice = 100
        var other = UsagePace()
        other.wait = 3
        other.slice = 50
        other.isUsedUp = true
        let both = one.slower(other)
        #expect(both == other.slower(one) && both.wait == 5 && both.slice == 50 && both.isUsedUp)
        #expect(one.slower(UsagePace()) == one)
    }
}
