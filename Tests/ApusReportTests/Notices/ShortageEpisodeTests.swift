import Testing

@testable import ApusReport

@Suite("An episode of want")
struct ShortageEpisodeTests {
    private let second: UInt64 = 1_000_000

    @Test("it is told at its beginning, once a minute, and at its end") func told() {
        var episode = ShortageEpisode()
        #expect(episode.looked(now: 0) == nil)
        #expect(episode.met(1, now: 100 * second) == .began)
        var lines: [ShortageEpisode.News] = []
        for now in 101...220 as ClosedRange<UInt64> {
            if let news = episode.met(2, now: now * second) { lines.append(news) }
            if let news = episode.looked(now: now * second) { lines.append(news) }
        }
        #expect(lines == [.goesOn(120), .goesOn(120)])
        #expect(episode.isOn)
        #expect(episode.looked(now: 230 * second - 1) == nil)
        #expect(episode.looked(now: 230 * second) == .ended(241, seconds: 120))
        #expect(episode.looked(now: 300 * second) == nil && !episode.isOn)
    }

    @Test("a pause shorter than ten seconds is no end, and after an end another begins") func pauses() {
        var episode = ShortageEpisode()
        #expect(episode.met(1, now: 0) == .began)
        #expect(episode.met(1, now: 9 * second) == nil)
        #expect(episode.met(0, now: 18 * second) == nil)
        #expect(episode.met(0, now: 19 * second) == .ended(2, seconds: 9))
        #expect(episode.met(1, now: 20 * second) == .began)
        #expect(episode.looked(now: 30 * second) == .ended(1, seconds: 0))
    }

    @Test("threads whose clocks differ do no harm") func clocks() {
        var episode = ShortageEpisode()
        #expect(episode.met(1, now: 50 * second) == .began)
        #expect(episode.met(1, now: 49 * second) == nil)
        #expect(episode.looked(now: 49 * second) == nil)
        #expect(episode.looked(now: 60 * second) == .ended(2, seconds: 0))
    }
}
