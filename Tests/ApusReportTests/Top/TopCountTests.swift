import Testing

@testable import ApusReport

@Suite("Counts of a ranking")
struct TopCountTests {
    @Test("counts are added, and taken apart again") func sums() {
        var count = TopCount(requests: 3, refused: 1, bytes: 100)
        let before = count
        count.add(TopCount(requests: 2, refused: 2, bytes: 50))
        #expect(count == TopCount(requests: 5, refused: 3, bytes: 150))
        #expect(count.since(before) == TopCount(requests: 2, refused: 2, bytes: 50))
        // A counter that has begun anew tells nothing, rather than more than there is.
        #expect(before.since(count).isZero)
        #expect(before.most(TopCount(requests: 9)) == TopCount(requests: 9, refused: 1, bytes: 100))
    }

    @Test("who moves much is as heavy as who asks often") func weight() {
        #expect(TopCount(requests: 1, bytes: 10 << 20).weight == 161)
        #expect(TopCount(requests: 160, bytes: 1000).weight < 161)
    }
}
