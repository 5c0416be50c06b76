import Testing

@testable import ApusReport

@Suite struct MediaRangeTests {
    private func range(_ text: String) -> (Int, [Int]) {
        let bytes = Array(text.utf8)
        let range = MediaRange(bytes.span, from: 0, to: bytes.count)
        return (range.quality, ReplyFormat.allCases.map { range.specificity(for: $0, bytes.span) })
    }

    @Test("a range covers what it names, its type or all, the closer the higher")
    func specificity() {
        #expect(range("*/*").1 == [1, 1, 1])
        #expect(range("text/*").1 == [2, 2, 0])
        #expect(range("Text/HTML ; level=1").1 == [0, 3, 0])
        #expect(range("application/problem+json").1 == [0, 0, 3])
        #expect(range("image/png").1 == [0, 0, 0])
    }

    @Test("a quality is thousandths; one that is malformed counts as none")
    func quality() {
        #expect(range("*/*").0 == 1000)
        #expect(range("*/*;q=0.8").0 == 800)
        #expect(range("*/* ; Q=0.125").0 == 125)
        #expect(range("*/*;q=1.001").0 == 0)
        #expect(range("*/*;q=2").0 == 0)
        #expect(range("*/*;q=0.1234").0 == 0)
    }
}
