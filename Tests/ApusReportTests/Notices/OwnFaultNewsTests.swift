import Testing

@testable import ApusReport

@Suite("What is told of own faults") struct OwnFaultNewsTests {
    @Test("is the first at once, then how many there were, once a minute at most") func pause() {
        let minute: UInt64 = 60_000_000
        for start in [0, 1, 5 * minute] {
            var news = OwnFaultNews()
            #expect(news.met(now: start) == 1 && news.untold == 0)
            #expect(news.met(now: start) == nil)
            #expect(news.met(now: start + minute - 1) == nil && news.untold == 2)
            #expect(news.met(now: start + minute) == 3 && news.untold == 0)
            #expect(news.met(now: start + minute + 1) == nil && news.untold == 1)
            // A thread whose clock was read a little earlier.
            #expect(news.met(now: start) == nil && news.untold == 2)
            #expect(news.met(now: start + 9 * minute) == 3)
        }
    }
}
