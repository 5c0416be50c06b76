import ApusSamples
import Testing

@testable import ApusFlow

@Suite("Index list")
struct IndexListTests {
    @Test("a random walk over three lists of one table agrees with arrays")
    func walk() {
        var random = SplitMix(seed: 3)
        var table = LinkTable()
        var lists = [IndexList(), IndexList(), IndexList()]
        var model: [[UInt32]] = [[], [], []]
        for _ in 0..<4_000 {
            let index = UInt32(random.next() % 1_500)
            let place = Int(random.next() % 3)
            if let holder = model.firstIndex(where: { $0.contains(index) }) {
                table.remove(index, &lists[holder])
                model[holder].removeAll { $0 == index }
            } else if random.next() % 2 == 0 {
                table.pushFront(index, &lists[place])
                model[place].insert(index, at: 0)
            } else {
                table.pushBack(index, &lists[place])
                model[place].append(index)
            }
        }
        for place in 0..<3 {
            var seen: [UInt32] = []
            var index = lists[place].head
            while index != IndexList.none {
                seen.append(index)
                index = table.next(index)
            }
            #expect(seen == model[place])
            #expect(lists[place].count == UInt32(model[place].count))
            #expect(lists[place].tail == model[place].last ?? IndexList.none)
        }
    }

    @Test("a list that is emptied from either end is as new")
    func emptied() {
        var table = LinkTable()
        var list = IndexList()
        table.pushFront(4, &list)
        table.pushBack(9, &list)
        table.remove(4, &list)
        table.remove(9, &list)
        #expect(list.head == IndexList.none && list.tail == IndexList.none && list.count == 0)
    }
}
