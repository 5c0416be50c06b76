import ApusSamples
import Testing

@testable import ApusFlow

@Suite("Probe table")
struct ProbeTableTests {
    private func all(_ table: borrowing ProbeTable, _ hash: UInt32) -> Set<UInt32> {
        var found: Set<UInt32> = []
        var position = table.first(hash)
        while let index = table.next(hash, &position) { found.insert(index) }
        return found
    }

    @Test("indices under the same hash are all found")
    func collisions() {
        var table = ProbeTable()
        for index in 0..<20 as Range<UInt32> { table.insert(63, index) }
        table.remove(63, 7)
        let (found, none, count) = (all(table, 63), all(table, 62), table.count)
        #expect(found == Set(0..<20).subtracting([7]))
        #expect(none.isEmpty)
        #expect(count == 19)
    }

    @Test("removing what is not there changes nothing")
    func unknown() {
        var table = ProbeTable()
        table.insert(1, 1)
        table.remove(1, 2)
        table.remove(2, 1)
        let (found, count) = (all(table, 1), table.count)
        #expect(found == [1])
        #expect(count == 1)
    }

    @Test("a random walk with few hashes and long runs agrees with a dictionary")
    func walk() {
        var random = SplitMix(seed: 5)
        var table = ProbeTable()
        var model: [UInt32: Set<UInt32>] = [:]
        for round in 0..<6_000 as Range<UInt32> {
            // Hashes at both ends of the slots, so that runs wrap around, with and without upper bits.
            let hash = UInt32(truncatingIfNeeded: Int(random.next() % 24) - 12) &+ UInt32(random.next() % 2) << 20
            if random.next() % 2 == 0, let index = model[hash]?.randomElement(using: &random) {
                table.remove(hash, index)
                model[hash]?.remove(index)
            } else {
                table.insert(hash, round)
                model[hash, default: []].insert(round)
            }
            if round % 50 == 0 {
                for (hash, indices) in model {
                    let found = all(table, hash)
                    #expect(found == indices)
                }
            }
        }
    }
}
