import Testing

@testable import ApusPolicy

@Suite("pools of rows")
struct RowPoolTests {
    @Test("short and long sets are laid into the words as they are, beside what is there")
    func lay() {
        var pool = RowPool(width: 2)
        let short = pool.add([127, 3])
        let long = pool.add(Set(60...70))
        let sets = pool.sets
        var words: [UInt64] = [7, 1, 0, 9]
        sets.lay(short, into: &words, at: 1)
        #expect(words == [7, 1 | 8, 1 << 63, 9])
        words = [0, 0]
        sets.lay(long, into: &words, at: 0)
        #expect(words == [0xf << 60, 0x7f])
        sets.lay(RowPool.none, into: &words, at: 0)
        #expect(words == [0xf << 60, 0x7f])
    }

    @Test("equal sets are kept once, and the empty one not at all")
    func once() {
        var pool = RowPool(width: 1)
        #expect(pool.add([]) == RowPool.none)
        #expect(pool.add([1, 2]) == pool.add([2, 1]) && pool.add([1]) != pool.add([2]))
        var bits = BitPool(width: 1)
        #expect(bits.add([5]) == bits.add([5]) && bits.add([5]) != bits.add([6]))
        #expect(bits.words == [5, 6])
        #expect(BitPool.bits([0, 64, 65], width: 2) == [1, 3])
    }
}
