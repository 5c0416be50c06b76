import ApusWire
import Testing

@testable import ApusPolicy

@Suite("the index of hosts")
struct HostIndexTests {
    private func rows(_ index: HostIndex, _ pool: RowPool, _ host: String) -> Set<Int> {
        var words: [UInt64] = [0, 0]
        let bytes = Array(host.utf8)
        index.lay(bytes.span, pool: pool, into: &words, at: 0)
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
        #expect(rows(index, pool, "a.b") == [0, 2, 4])
        #expect(rows(index, pool, "x.a.b") == [1, 2])
        #expect(rows(index, pool, "b") == [2])
        #expect(rows(index, pool, "d.c") == [4] && rows(index, pool, "c").isEmpty)
        for host in ["", ".", "xa.b.", "ab", "a.b.x", "..", "a.bb"] {
            #expect(rows(index, pool, host).isEmpty, "\(host)")
        }
        #expect(rows(index, pool, ".b") == [2])
    }

    @Test("an index without names answers nothing")
    func empty() {
        var pool = RowPool(width: 2)
        #expect(rows(HostIndex([Condition()], pool: &pool), pool, "a.b").isEmpty)
    }

    @Test("each of ten thousand names is found, and none beside them")
    func many() {
        var pool = RowPool(width: 2)
        let conditions = (0..<100).map { row in
            Condition { $0.hosts = (0..<100).map { .name("host\($0).row\(row).example") } }
        }
        let index = HostIndex(conditions, pool: &pool)
        for row in 0..<100 {
            for host in 0..<100 { #expect(rows(index, pool, "host\(host).row\(row).example") == [row]) }
            #expect(rows(index, pool, "host100.row\(row).example").isEmpty)
        }
    }
}
