import Testing

@testable import ApusFlow

@Suite("Counts of bytes")
struct ByteCountsTests {
    @Test("each direction is added to its own") func add() {
        var counts = ByteCounts(fromClient: 1, toClient: 2, fromUpstream: 3, toUpstream: 4)
        counts.add(ByteCounts(fromClient: 10, toClient: 20, fromUpstream: 30, toUpstream: 40))
        #expect(counts == ByteCounts(fromClient: 11, toClient: 22, fromUpstream: 33, toUpstream: 44))
    }
}
