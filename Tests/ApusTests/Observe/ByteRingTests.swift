import Testing

@testable import Apus

@Suite("The recorder's ring of bytes")
struct ByteRingTests {
    private func keep(_ bytes: [UInt8], _ ring: inout ByteRing) -> RecordedRun {
        ring.keep(bytes.span, 0..<bytes.count)
    }

    @Test("what was kept is read back until it is overwritten, then it is gone") func overwritten() {
        var ring = ByteRing(memory: 4 << 16)
        var runs: [(RecordedRun, [UInt8])] = []
        for number in 0..<100 {
            let bytes = pattern(9000 + number, seed: UInt8(number))
            runs.append((keep(bytes, &ring), bytes))
        }
        let held = runs.filter { ring.bytes(of: $0.0) != nil }
        // Four chunks of seven runs each, the last not full.
        #expect(held.count >= 21 && held.count <= 28)
        for (run, bytes) in held { #expect(ring.bytes(of: run).map(Array.init) == bytes) }
        #expect(ring.bytes(of: runs[0].0) == nil)
        #expect(ring.bytes(of: runs[99].0) != nil)
    }

    @Test("nothing is nothing, and what is too long is kept in part") func edges() {
        var ring = ByteRing(memory: 0)
        #expect(keep([], &ring).isEmpty)
        #expect(ring.bytes(of: .none) == nil)
        let long = pattern(100_000)
        let run = keep(long, &ring)
        #expect(run.count == ByteRing.longest)
        #expect(ring.bytes(of: run).map(Array.init) == Array(long.prefix(ByteRing.longest)))
    }

    @Test("a reserved run is filled by parts") func parts() {
        var ring = ByteRing(memory: 0)
        let run = ring.reserve(5)
        let (first, second): ([UInt8], [UInt8]) = ([1, 2], [9, 3, 4, 5])
        ring.append(first.span, 0..<2)
        ring.append(second.span, 1..<4)
        #expect(ring.bytes(of: run).map(Array.init) == [1, 2, 3, 4, 5])
    }
}
