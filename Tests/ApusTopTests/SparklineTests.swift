import Testing

@testable import ApusTop

@Suite struct SparklineTests {
    @Test("the newest values are shown at the right, the largest at full height")
    func text() {
        #expect(Sparkline.text([0, 1, 4, 8], columns: 4) == " ▂▅█")
        #expect(Sparkline.text([9, 0, 1], columns: 2) == " █")
        #expect(Sparkline.text([1], columns: 3) == "  █")
        #expect(Sparkline.text([], columns: 2) == "  ")
        #expect(Sparkline.text([0, 0], columns: 2) == "  ")
        #expect(Sparkline.text([1], columns: 0) == "")
        #expect(Sparkline.text([-1, .infinity, 1], columns: 3) == "  █")
    }
}
