import Testing

@testable import ApusReport

@Suite("What a ranking is by")
struct TopWindowTests {
    @Test("a measure is a member of a count") func measures() {
        let count = TopCount(requests: 1, refused: 2, bytes: 3)
        #expect(TopMeasure.allCases.map { $0.of(count) } == [1, 3, 2])
        #expect(TopWindow.allCases.map(\.rawValue) == ["1m", "5m", "1h", "start"])
    }
}
