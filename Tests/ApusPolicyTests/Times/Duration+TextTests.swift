import ApusPolicy
import Testing

@Suite("times as settings write them")
struct DurationTextTests {
    @Test("with the units that they need, the larger first") func units() {
        let texts: [(Duration, String)] = [
            (.zero, "0"), (.seconds(-1), "0"), (.microseconds(999), "0"), (.milliseconds(250), "250ms"),
            (.seconds(60), "1m"), (.seconds(5400), "1h30m"), (.seconds(90_061), "1d1h1m1s"),
        ]
        for (time, text) in texts { #expect(time.settingText == text) }
    }
}
