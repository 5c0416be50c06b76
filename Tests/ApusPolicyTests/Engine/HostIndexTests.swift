import ApusSamples
import ApusWire
import Testing

@testable import ApusPolicy

@Suite("the index of hosts")
struct HostIndexTests {
    private func rows(_ index: borrowing HostIndex, _ sets: borrowing RowSets, _ host: String) -> Set<Int> {
        var words: [UInt64] = [0, 0]
        let bytes = Array(host.utf8)
        index.lay(bytes.span, sets: sets, into: &words, at: 0)
        return Set((0..<128).filter { words[$0 / 64] >> UInt64($0 % 64) & 1 == 1 })
    }

    @Test("names, suffixes and both of one text are told apart")
    func kinds() {
        var pool = RowPool(width: 2)
        let patterns: [[HostPattern]] = [
            [.name("a.b")], [.under("a.b")], [.under("b"), .name("b")], [.any, .list("x")],
            [.name("a.b"), .under("c")],
        ]
        let index = HostIndex(patterns.map { hosts in Condition { $0.hosts = hosts } }, pool: &pool)
        #expect(rows(index, pool.sets, "a.b") == [0, 2, 4])
        #expect(rows(index, pool.sets, "x.a.b") == [1, 2])
        #expect(rows(index, pool.sets, "b") == [2])
        #expect(rows(index, pool.sets, "d.c") == [4] && rows(index, pool.sets, "c").isEmpty)
        for host in ["", ".", "xa.b.", "ab", "a.b.x", "..", "a.bb"] {
            #expect(rows(index, pool.sets, host).isEmpty, "\(host)")
        }
        #expect(rows(index, pool.sets, ".b") == [2])
    }

    @Test("an index without names answers nothing")
    func empty() {
        var pool = RowPool(width: 2)
        #expect(rows(HostIndex([Condition()], pool: &pool), pool.sets, "a.b").isEmpty)
    }

    @Test("each of ten thousand names is found, and none beside them")
    func many() {
        var pool = RowPool(width: 2)
        let conditions = (0..<100).map { row in
            Condition { $0.hosts = (0..<100).map { .name("host\($0).row\(row).example") } }
        }
        let index = HostIndex(conditions, pool: &pool)
        let sets = pool.sets
        for row in 0..<100 {
            for host in 0..<100 { #expect(rows(index, sets, "host\(host).row\(row).example") == [row]) }
            #expect(rows(index, sets, "host100.row\(row).example").isEmpty)
        }
    }
}
