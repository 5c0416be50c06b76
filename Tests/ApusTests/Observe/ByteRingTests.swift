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

    private func chain(_ parts: [[UInt8]], _ ring: inout ByteRing) -> RecordedRun {
        parts.reduce(RecordedRun.none) { ring.chain($1.span, 0..<$1.count, behind: $0) }
    }

    @Test("a chain is read back whole, however it came and however long it is", arguments: [1, 7, 5000, 200_000])
    func chains(part: Int) {
        var ring = ByteRing(memory: 8 << 16)
        let all = pattern(min(200_000, part * 400))
        let parts = stride(from: 0, to: all.count, by: part).map { Array(all[$0..<min($0 + part, all.count)]) }
        let last = chain(parts, &ring)
        #expect(ring.chained(to: last, count: all.count) == all)
        #expect(ring.chained(to: last, count: all.count + 1) == nil)
        #expect(ring.chained(to: .none, count: 0) == [])
        #expect(ring.chained(to: .none, count: 1) == nil)
    }

    @Test("chains that come by turns do not mix") func turns() {
        var ring = ByteRing(memory: 16 << 16)
        var lasts = [RecordedRun](repeating: .none, count: 3)
        let bodies = (0..<3).map { pattern(90_000, seed: UInt8($0)) }
        for start in stride(from: 0, to: 90_000, by: 1000) {
            for body in 0..<3 {
                let bytes = bodies[body]
                lasts[body] = ring.chain(bytes.span, start..<start + 1000, behind: lasts[body])
            }
        }
        for body in 0..<3 { #expect(ring.chained(to: lasts[body], count: 90_000) == bodies[body]) }
    }

    @Test("a chain whose beginning was overwritten is gone") func gone() {
        var ring = ByteRing(memory: 0)
        let first = chain([pattern(1000)], &ring)
        let long = chain([pattern(60_000), pattern(ring.capacity)], &ring)
        #expect(ring.chained(to: first, count: 1000) == nil)
        #expect(ring.chained(to: long, count: 60_000 + ring.capacity) == nil)
    }
}
