import ApusPolicy
import ApusWire
import Testing

@testable import ApusFlow

/// A queue of words, and those that have a place.
private final class Bench {
    private var queue: FairQueue<String>
    private var atWork: [FairQueue<String>.Entry] = []

    init(places: Int = 2, perClient: Int = 2, perUser: Int = 2, waiting: Int = 100) {
        queue = FairQueue(
            FairQueueSettings(places: places, perClient: perClient, perUser: perUser, waiting: waiting)
        )
    }

    var waiting: Int { queue.waiting }
    var atWorkCount: Int { queue.atWork }
    var isIdle: Bool { queue.waiting == 0 && queue.atWork == 0 && queue.isForgotten && atWork.isEmpty }

    /// What came of it: `begins`, `waits`, `waits instead of …` or `refused`.
    func admit(
        _ item: String,
        from client: UInt32,
        as name: String? = nil,
        at now: UInt64 = 0,
        patience: UInt64 = 1_000_000
    ) -> String {
        let user = name.map { UserDigest(Array($0.utf8).span) }
        switch queue.admit(item, client: IPAddress(v4: client), user: user, now: now, patience: patience) {
        case .begins(let entry):
            atWork.append(entry)
            return "begins"
        case .waits(let other): return other.map { "waits instead of \($0)" } ?? "waits"
        case .refused: return "refused"
        }
    }

    /// What comes next, without an end.
    func next(at now: UInt64 = 0) -> [String] {
        var found: [String] = []
        while let next = queue.next(now: now) {
            switch next {
            case .begins(let entry):
                found.append(entry.item)
                atWork.append(entry)
            case .late(let item): found.append("late \(item)")
            }
        }
        return found
    }

    /// The oldest that has a place comes to its end; answers what comes next.
    func end(took: UInt64? = nil, at now: UInt64 = 0) -> [String] {
        if !atWork.isEmpty { queue.finished(atWork.removeFirst(), took: took) }
        return next(at: now)
    }
}

@Suite("The fair queue") struct FairQueueTests {
    @Test("goes round the clients: one with many lets each other one pass") func rounds() {
        let bench = Bench(places: 1)
        #expect(bench.admit("a0", from: 1) == "begins")
        for number in 1..<50 { #expect(bench.admit("a\(number)", from: 1) == "waits") }
        for (client, number) in [(2, 0), (2, 1), (3, 0), (3, 1)] as [(UInt32, Int)] {
            #expect(bench.admit("\(client == 2 ? "b" : "c")\(number)", from: client) == "waits")
        }
        var order: [String] = []
        while bench.atWorkCount > 0 { order += bench.end() }
        #expect(order.prefix(7) == ["a1", "b0", "c0", "a2", "b1", "c1", "a3"])
        #expect(order.count == 53 && bench.isIdle)
    }

    @Test("one client, and one user whom many claim to be, have a handful of the places") func handful() {
        let bench = Bench(places: 100, perClient: 3, perUser: 2)
        let first = (0..<5).map { bench.admit("a\($0)", from: 1, as: "user\($0)") }
        #expect(first == ["begins", "begins", "begins", "waits", "waits"])
        let second = (0..<4).map { bench.admit("x\($0)", from: 10 + UInt32($0), as: "anna") }
        #expect(second == ["begins", "begins", "waits", "waits"])
        // Nobody else is kept back by them, nor who does not say.
        #expect(bench.admit("bo", from: 20, as: "bo") == "begins")
        #expect(bench.admit("token", from: 20) == "begins")
        // What waits for its user's turn lets the same client's other one pass.
        #expect(bench.admit("x4", from: 21, as: "anna") == "waits")
        #expect(bench.admit("free", from: 21, as: "carl") == "begins")
        // The ends of a0, a1, a2, x0 and x1.
        #expect((0..<5).map { _ in bench.end() } == [["a3"], ["a4"], [], ["x2"], ["x3"]])
    }

    @Test("refuses at once what could not be in time, by what the latest took") func lateness() {
        let bench = Bench(places: 2)
        #expect(bench.admit("first", from: 1) == "begins")
        #expect(bench.end(took: 100).isEmpty)
        for number in 0..<2 { #expect(bench.admit("w\(number)", from: 1, patience: 500) == "begins") }
        // Two end each 100, so that the seventh would end after 500.
        let waiting = (0..<8).map { bench.admit("q\($0)", from: 1, patience: 500) }
        #expect(waiting == Array(repeating: "waits", count: 6) + ["refused", "refused"])
        // Another client has a turn of its own.
        #expect(bench.admit("other", from: 2, patience: 500) == "waits")
        // One has not whose user's line is long.
        let slow = Bench(places: 100, perClient: 100, perUser: 1)
        #expect(slow.admit("x", from: 1, as: "anna") == "begins" && slow.end(took: 100).isEmpty)
        let claims = (0..<6).map { slow.admit("y\($0)", from: UInt32($0), as: "anna", patience: 500) }
        #expect(claims == ["begins", "waits", "waits", "waits", "refused", "refused"])
        #expect(slow.admit("z", from: 9, as: "bo", patience: 500) == "begins")
    }

    @Test("tells what has waited too long, whoever's turn it is") func late() {
        let bench = Bench(places: 1)
        #expect(bench.admit("a", from: 1) == "begins")
        #expect(bench.admit("b", from: 1, at: 10, patience: 100) == "waits")
        #expect(bench.admit("c", from: 2, at: 50, patience: 100) == "waits")
        #expect(bench.next(at: 109).isEmpty)
        #expect(bench.next(at: 110) == ["late b"])
        #expect(bench.end(at: 110) == ["c"] && bench.waiting == 0 && bench.atWorkCount == 1)
    }

    @Test("as many wait as may; the newest of the longest line makes room for a shorter one") func room() {
        let bench = Bench(places: 1, waiting: 4)
        #expect(bench.admit("a", from: 1) == "begins")
        for number in 0..<4 { #expect(bench.admit("a\(number)", from: 1) == "waits") }
        #expect(bench.admit("a4", from: 1) == "refused")
        #expect(bench.admit("b", from: 2) == "waits instead of a3")
        #expect(bench.admit("c", from: 3) == "waits instead of a2")
        #expect(bench.admit("d", from: 4) == "waits instead of a1")
        #expect(bench.admit("e", from: 5) == "refused" && bench.waiting == 4)
    }

    @Test("what hangs keeps its place, and shuts neither its client nor its user out") func hanging() {
        let bench = Bench(places: 4, perClient: 2, perUser: 2)
        for _ in 0..<2 { #expect(bench.admit("hangs", from: 1, as: "anna", patience: 100) == "begins") }
        #expect(bench.admit("a", from: 1, as: "anna", at: 199) == "waits")
        #expect(bench.admit("b", from: 2, as: "anna", at: 199) == "waits")
        #expect(bench.admit("c", from: 1, as: "anna", at: 200) == "begins")
        #expect(bench.next(at: 200) == ["a"] && bench.atWorkCount == 4)
        // All places are taken, and their ends are told after all.
        #expect(bench.admit("d", from: 3, at: 200) == "waits")
        #expect(bench.end(at: 300) == ["d"] && bench.end(at: 300).isEmpty && bench.end(at: 300) == ["b"])
        while bench.atWorkCount > 0 { _ = bench.end() }
        #expect(bench.isIdle)
    }

    @Test("keeps nothing of who is through") func counts() {
        let bench = Bench(places: 4, perClient: 1, perUser: 1)
        for number in 0..<200 as Range<UInt32> {
            _ = bench.admit("\(number)", from: number % 7, as: "u\(number % 3)")
            if number % 3 == 0 { _ = bench.end(took: 1) }
        }
        while bench.atWorkCount > 0 { _ = bench.end(took: 1) }
        #expect(bench.isIdle)
    }
}
