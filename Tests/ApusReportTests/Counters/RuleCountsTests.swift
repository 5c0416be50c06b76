import Testing

@testable import ApusReport

@Suite("Counts of a rule")
struct RuleCountsTests {
    @Test("the counts of threads are added; the last match is the latest") func sums() {
        var one = RuleCounts()
        (one.decided, one.refused, one.limited, one.wouldRefuse, one.bytes, one.lastAt) = (1, 2, 3, 4, 5, 6)
        var sum = one
        sum.add(one)
        #expect(
            [sum.decided, sum.refused, sum.limited, sum.wouldRefuse, sum.bytes] == [2, 4, 6, 8, 10] && sum.lastAt == 6
        )
        #expect(one.matches == 8 && one.top == TopCount(requests: 8, refused: 5, bytes: 5))
    }
}
