import ApusSamples
import Testing

@testable import ApusFlow

@Suite("Slab")
struct SlabTests {
    @Test("an empty slab holds nothing and has no room")
    func empty() {
        let slab = Slab<UInt64>()
        let (count, capacity, contains) = (slab.count, slab.capacity, slab.contains(0))
        #expect(count == 0)
        #expect(capacity == 0)
        #expect(!contains)
    }

    @Test("values are found by their index and changed in place")
    func values() {
        var slab = Slab<UInt64>()
        let first = slab.insert(7)
        let second = slab.insert(8)
        slab[first] += 10
        let values = [slab[first], slab[second]]
        #expect(first != second)
        #expect(values == [17, 8])
    }

    @Test("it grows by chunks of 1,024 and keeps what it has")
    func growth() {
        var slab = Slab<UInt32>()
        var capacities: [Int] = []
        for value in 0..<3_000 as Range<UInt32> {
            let index = slab.insert(value)
            #expect(index == value)
            if capacities.last != slab.capacity { capacities.append(slab.capacity) }
        }
        var sum = 0
        for index in 0..<3_000 as Range<UInt32> { sum += Int(slab[index]) }
        #expect(capacities == [1_024, 2_048, 3_072])
        #expect(sum == 2_999 * 3_000 / 2)
    }

    @Test("a freed index is given out again, the last freed first, before it grows")
    func reuse() {
        var slab = Slab<UInt32>()
        for value in 0..<1_024 as Range<UInt32> { _ = slab.insert(value) }
        slab.remove(5)
        slab.remove(900)
        let indices = [slab.insert(1), slab.insert(2), slab.insert(3)]
        #expect(indices == [900, 5, 1_024])
    }

    @Test("values that have an index one after the other are told apart by their serials")
    func serials() {
        var slab = Slab<UInt32>()
        let first = slab.insert(1)
        let old = slab.serial(of: first)
        let before = slab.contains(first, serial: old)
        slab.remove(first)
        let between = slab.contains(first, serial: old)
        let second = slab.insert(2)
        let new = slab.serial(of: second)
        let (isOld, isNew) = (slab.contains(second, serial: old), slab.contains(second, serial: new))
        #expect(before && !between)
        #expect(second == first && !isOld && isNew)
        var serials: Set<UInt32> = []
        for value in 0..<2_000 as Range<UInt32> {
            let index = slab.insert(value)
            serials.insert(slab.serial(of: index))
        }
        #expect(serials.count == 2_000 && !serials.contains(old))
        let beyond = slab.contains(9_999, serial: 0)
        #expect(!beyond)
    }

    @Test("its serials begin anew behind two thousand millions, and a slot in use stays one")
    func serialsBeginAnew() {
        var slab = Slab<UInt32>()
        slab.inserted = .max >> 1
        let index = slab.insert(7)
        let (serial, contains) = (slab.serial(of: index), slab.contains(index))
        #expect(serial == 0 && contains)
    }

    @Test("what was never used of a chunk is not there")
    func unused() {
        var slab = Slab<UInt32>()
        let index = slab.insert(7)
        let (written, contains, removed) = (slab.chunks[0].count, slab.contains(index + 1), slab.remove(index + 1))
        #expect(written == 1)
        #expect(!contains && !removed)
        let (next, capacity) = (slab.insert(8), slab.capacity)
        #expect(next == index + 1 && capacity == Slab<UInt32>.chunkSize)
    }

    @Test("freeing a free index, or one that never was, changes nothing")
    func doubleFree() {
        var slab = Slab<UInt32>()
        let index = slab.insert(1)
        let answers = [slab.remove(index), slab.remove(index), slab.remove(77), slab.remove(.max)]
        let (first, second, count) = (slab.insert(1), slab.insert(2), slab.count)
        #expect(answers == [true, false, false, false])
        #expect(first != second)
        #expect(count == 2)
    }

    @Test("a random walk agrees with a dictionary")
    func walk() {
        var random = SplitMix(seed: 1)
        var slab = Slab<UInt64>()
        var model: [UInt32: UInt64] = [:]
        for _ in 0..<20_000 {
            if random.next() % 5 < 3 || model.isEmpty {
                let value = random.next()
                let index = slab.insert(value)
                #expect(model.updateValue(value, forKey: index) == nil)
            } else {
                let index = UInt32(random.next() % UInt64(slab.capacity))
                let removed = slab.remove(index)
                #expect(removed == (model.removeValue(forKey: index) != nil))
            }
        }
        var wrong = 0
        for (index, value) in model where slab[index] != value || !slab.contains(index) { wrong += 1 }
        let count = slab.count
        #expect(wrong == 0)
        #expect(count == model.count)
    }
}
