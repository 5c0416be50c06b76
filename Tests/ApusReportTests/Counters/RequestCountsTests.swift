import ApusWire
import Testing

@testable import ApusReport

@Suite("Requests by method and status")
struct RequestCountsTests {
    @Test("each method and well-known status has a row of its own") func rows() {
        var counts = RequestCounts()
        counts.add(.get, 200)
        counts.add(.get, 200)
        counts.add(.connect, 403)
        counts.add(.other, 0)
        let rows = counts.rows.sorted { $0.status < $1.status }
        #expect(rows.map(\.status) == [0, 200, 403])
        #expect(rows.map(\.method) == [.other, .get, .connect])
        #expect(rows.map(\.count) == [1, 2, 1])
        #expect(counts.total == 4)
        #expect(counts.classes == [1, 0, 2, 0, 1, 0])
    }

    @Test("an unusual status counts with its class, an impossible one as none") func unusual() {
        var counts = RequestCounts()
        for status: UInt16 in [299, 499, 599, 600, 65_535] { counts.add(.get, status) }
        #expect(counts.rows.map(\.status) == [0, 200, 400, 500])
        #expect(counts.classes == [2, 0, 1, 0, 1, 1])
    }

    @Test("tables of threads are added") func sums() {
        var one = RequestCounts()
        one.add(.post, 201)
        var other = one
        other.add(.put, 204)
        one.add(other)
        #expect(one.total == 3)
    }
}
