import Testing

@testable import ApusReactor

@Suite struct HeapTrimTests {
    static let start: UInt64 = 5_000_000_000

    @Test("a fall to a quarter of the most is due once it has lasted, and once only")
    func fall() {
        let due = Self.start + 2 + HeapTrim.quiet
        let heap = Heap()
        #expect(heap.said(200, at: Self.start) == nil)
        #expect(heap.said(51, at: Self.start + 1) == nil)
        #expect(heap.said(50, at: Self.start + 2) == due)
        #expect(heap.said(0, at: Self.start + 3) == due)
        #expect(!heap.isGivenBack(0, at: due - 1))
        #expect(heap.isGivenBack(0, at: due))
        #expect(!heap.isGivenBack(0, at: due + HeapTrim.quiet))
        #expect(heap.said(0, at: due + 1) == nil)
    }

    @Test("connections that come again put it off, and the next fall begins anew")
    func comeAgain() {
        let later = Self.start + 3 * HeapTrim.quiet
        let heap = Heap()
        #expect(heap.said(100, at: Self.start) == nil)
        #expect(heap.said(10, at: Self.start + 1) != nil)
        #expect(heap.said(30, at: Self.start + 2) == nil)
        #expect(!heap.isGivenBack(30, at: later - 1))
        #expect(heap.said(20, at: later) == later + HeapTrim.quiet)
        #expect(heap.said(101, at: later + 1) == nil)
        #expect(!heap.isGivenBack(101, at: later + 2 * HeapTrim.quiet))
    }

    @Test("few sockets are nothing that is given back")
    func few() {
        let heap = Heap()
        #expect(heap.said(HeapTrim.least - 1, at: Self.start) == nil)
        #expect(heap.said(0, at: Self.start + 1) == nil)
        #expect(!heap.isGivenBack(0, at: Self.start + 2 * HeapTrim.quiet))
    }

    @Test("a loop without anything else to do wakes up for it")
    func wakes() throws {
        var io = try ReactorIO.make(clock: Self.start)
        let handler = Recorder()
        let tokens = try (0..<Int(HeapTrim.least)).map { _ in try io.pair(handler).0 }
        io.turn(handler, timeoutMilliseconds: 0)
        #expect(io.trim.due == 0)
        for token in tokens { io.close(token) }
        io.turn(handler, timeoutMilliseconds: 0)
        #expect(io.trim.due == Self.start + HeapTrim.quiet)
        io.manualClock = Self.start + HeapTrim.quiet
        io.turn(handler, timeoutMilliseconds: 0)
        #expect(io.trim.due == 0)
    }
}

/// What a trim says, as values that a test can ask for.
private final class Heap {
    private var trim = HeapTrim()

    func said(_ used: Int, at now: UInt64) -> UInt64? { trim.note(used: used, now: now) }
    func isGivenBack(_ used: Int, at now: UInt64) -> Bool { trim.isDue(used: used, now: now) }
}
