import ApusWire
import Testing

@testable import ApusFlow

@Suite("The throttle of failures") struct FailureThrottleTests {
    private let second: UInt64 = 1_000_000
    private let anna = IPAddress(v4: 0x0a00_0001)

    @Test("ten failures pass, then one each six seconds, and it tells how long that takes") func rate() {
        var throttle = FailureThrottle()
        for _ in 0..<10 {
            #expect(throttle.wait(anna, now: second) == 0)
            throttle.failed(anna, now: second)
        }
        #expect(throttle.wait(anna, now: second) == 6 * second)
        #expect(throttle.wait(anna, now: 3 * second) == 4 * second)
        #expect(throttle.wait(anna, now: 7 * second) == 0)
        throttle.failed(anna, now: 7 * second)
        #expect(throttle.wait(anna, now: 7 * second) == 6 * second)
        // A minute without a failure, and all is forgotten.
        #expect(throttle.wait(anna, now: 73 * second) == 0)
        for _ in 0..<10 { throttle.failed(anna, now: 73 * second) }
        #expect(throttle.wait(anna, now: 73 * second) == 6 * second)
    }

    @Test("failures of attempts that were under way count, up to a bound") func burst() {
        var throttle = FailureThrottle()
        for _ in 0..<50 { throttle.failed(anna, now: 0) }
        #expect(throttle.wait(anna, now: 0) == (50 - 9) * 6 * second)
        for _ in 0..<1000 { throttle.failed(anna, now: 0) }
        #expect(throttle.wait(anna, now: 0) == (100 - 9) * 6 * second)
    }

    @Test("clients are told apart: IPv4 by address, mapped or not, IPv6 by its first 64 bits") func clients() throws {
        var throttle = FailureThrottle(FailureThrottleSettings(failures: 1))
        throttle.failed(anna, now: 0)
        throttle.failed(try #require(IPAddress("2001:db8:0:1::1")), now: 0)
        for (text, waits) in [
            ("10.0.0.1", true), ("::ffff:10.0.0.1", true), ("10.0.0.2", false), ("2001:db8:0:1::1", true),
            ("2001:db8:0:1:ffff::9", true), ("2001:db8:0:2::1", false),
        ] {
            #expect((throttle.wait(try #require(IPAddress(text)), now: 0) > 0) == waits, "\(text)")
        }
        #expect(throttle.count == 2)
    }

    @Test("how much of an IPv6 address tells clients apart is a setting, and NAT64 shows the IPv4 client") func bits()
        throws
    {
        let first = try #require(IPAddress("2001:db8:0:1::1"))
        let neighbour = try #require(IPAddress("2001:db8:0:1::2"))
        for (bits, waits) in [(64, true), (48, true), (128, false)] as [(UInt8, Bool)] {
            var throttle = FailureThrottle(FailureThrottleSettings(failures: 1, bits: bits))
            throttle.failed(first, now: 0)
            #expect((throttle.wait(neighbour, now: 0) > 0) == waits, "\(bits)")
            throttle.failed(try #require(IPAddress("64:ff9b::10.0.0.1")), now: 0)
            #expect(throttle.wait(anna, now: 0) > 0)
        }
    }

    @Test("it remembers so many clients: those first forgotten who are nearest to it") func bound() {
        var throttle = FailureThrottle(FailureThrottleSettings(failures: 1, capacity: 3))
        for low in 1...3 as ClosedRange<UInt32> { throttle.failed(IPAddress(v4: low), now: UInt64(4 - low)) }
        throttle.failed(IPAddress(v4: 9), now: 4)
        #expect(throttle.count == 3)
        #expect([1, 2, 3, 9].map { throttle.wait(IPAddress(v4: $0), now: 5) > 0 } == [true, true, false, true])
        throttle.failed(IPAddress(v4: 10), now: 100 * second)
        #expect(throttle.count == 1)
    }

    @Test("where it is full a quarter is forgotten at once, and no more, however many are alike") func room() {
        var throttle = FailureThrottle(FailureThrottleSettings(failures: 1, capacity: 100))
        for low in 1...100 as ClosedRange<UInt32> { throttle.failed(IPAddress(v4: low), now: low > 50 ? 2 : 1) }
        throttle.failed(IPAddress(v4: 101), now: 3)
        #expect(throttle.count == 76)
        #expect((51...101).allSatisfy { throttle.wait(IPAddress(v4: $0), now: 3) > 0 })
    }

    @Test("none is counted where any number may fail") func off() {
        var throttle = FailureThrottle(FailureThrottleSettings(failures: 0))
        for _ in 0..<100 { throttle.failed(anna, now: 0) }
        #expect(throttle.wait(anna, now: 0) == 0 && throttle.count == 0)
    }
}
