import Testing

@testable import ApusReactor

@Suite struct DropNoticeTests {
    @Test("the first drop is told at once, the next ones once an interval, and the last ones are not forgotten")
    func intervals() {
        var notice = DropNotice(interval: 60_000_000)
        let steps: [(dropped: UInt64, now: UInt64, isDue: Bool, timeout: Int32)] = [
            (0, 5, false, -1),
            (1, 1_000_000, true, -1),
            (1, 2_000_000, false, -1),
            (7, 31_000_000, false, 30_001),
            (7, 61_000_000, true, -1),
            (7, 200_000_000, false, -1),
            (8, 200_000_000, true, -1),
        ]
        for step in steps {
            let isDue = notice.isDue(step.dropped, step.now)
            #expect(isDue == step.isDue, "\(step)")
            #expect(notice.timeout(step.now) == step.timeout, "\(step)")
        }
    }
}
