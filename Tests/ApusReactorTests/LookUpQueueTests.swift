import Testing

@testable import ApusReactor

/// A generator whose numbers are the same every time.
private struct Numbers: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}

/// A queue whose look-ups are numbers.
private struct Line {
    var queue: LookUpQueue
    var now = ContinuousClock.now

    init(mostWaiting: Int = 1000, mostOfOne: Int = 4) {
        queue = LookUpQueue(mostWaiting: mostWaiting, mostOfOne: mostOfOne)
    }

    static func asker(_ number: UInt64) -> ResolvedAddress { ResolvedAddress(high: 0, low: number, isV6: false) }

    static func id(_ number: UInt64) -> LookUpQueue.ID { LookUpQueue.ID(source: 0, ticket: number) }

    /// - Returns: what was given up.
    mutating func add(_ number: UInt64, for asker: UInt64, spare: Int = 0) -> UInt64? {
        let work = LookUpWork(name: "\(number)", ticket: number) { _ in }
        return queue.add(Line.id(number), work, for: Line.asker(asker), spare: spare, now: now)?.ticket
    }

    mutating func join(_ number: UInt64, for asker: UInt64) {
        queue.join(Line.id(number), for: Line.asker(asker), now: now)
    }

    mutating func next() -> UInt64? { queue.next(now: now)?.work.ticket }

    mutating func end(_ number: UInt64) { queue.ended(Line.id(number)) }

    /// Takes all that may run.
    mutating func all() -> [UInt64] {
        var numbers: [UInt64] = []
        while let number = next() { numbers.append(number) }
        return numbers
    }
}

@Suite("Queue of look-ups")
struct LookUpQueueTests {
    @Test("askers take turns, each in the order it asked") func turns() {
        var line = Line()
        for number in 0..<6 as Range<UInt64> { #expect(line.add(number, for: 1) == nil) }
        for number in 10..<12 as Range<UInt64> { #expect(line.add(number, for: 2) == nil) }
        #expect(line.add(20, for: 3) == nil)
        #expect(line.queue.readyCount == 4 + 2 + 1)
        #expect(line.all() == [0, 10, 20, 1, 11, 2, 3])
        #expect(line.queue.waitingCount == 2 && line.queue.runningCount == 7 && line.queue.readyCount == 0)
    }

    @Test("one asker has so many under way, and the next begins when one has ended") func bound() {
        var line = Line(mostOfOne: 2)
        for number in 0..<5 as Range<UInt64> { _ = line.add(number, for: 1) }
        #expect(line.all() == [0, 1])
        _ = line.add(9, for: 2)
        #expect(line.all() == [9])
        line.end(1)
        #expect(line.queue.readyCount == 1)
        #expect(line.all() == [2])
        line.end(9)
        #expect(line.all() == [])
        for number in [0, 2] as [UInt64] { line.end(number) }
        #expect(line.all() == [3, 4])
        for number in [3, 4, 4, 77] as [UInt64] { line.end(number) }
        #expect(line.queue.runningCount == 0 && line.queue.waitingCount == 0)
    }

    @Test("without a bound all of one asker may run") func unbound() {
        var line = Line(mostOfOne: 0)
        for number in 0..<50 as Range<UInt64> { _ = line.add(number, for: 1) }
        #expect(line.queue.readyCount == 50)
        #expect(line.all().count == 50)
    }

    @Test("a look-up that another waits for too runs when it is the turn of either, once") func joined() {
        var line = Line(mostOfOne: 1)
        for number in 0..<3 as Range<UInt64> { _ = line.add(number, for: 1) }
        #expect(line.all() == [0])
        // The first asker's one is stuck; who joins what waits behind it does not wait for that.
        line.join(2, for: 2)
        line.join(2, for: 2)
        line.join(2, for: 3)
        #expect(line.all() == [2])
        #expect(line.queue.waitingCount == 1)
        line.join(2, for: 4)
        line.join(99, for: 4)
        #expect(line.all() == [])
        line.end(0)
        #expect(line.all() == [1])
    }

    @Test("who joins begins the time anew that a look-up may wait") func joinedTime() throws {
        var line = Line()
        let began = line.now
        _ = line.add(1, for: 1)
        line.now = began + .seconds(4)
        line.join(1, for: 2)
        let next = line.queue.next(now: began + .seconds(6))
        let taken = try #require(next)
        #expect(taken.waited == .seconds(2))
        #expect(line.queue.runningTime(taken.id, now: began + .seconds(9)) == .seconds(3))
        #expect(line.queue.stuckCount(.seconds(3), now: began + .seconds(9)) == 1)
        #expect(line.queue.stuckCount(.seconds(4), now: began + .seconds(9)) == 0)
        line.end(1)
        #expect(line.queue.runningTime(taken.id, now: began + .seconds(9)) == nil)
    }

    @Test("where too many wait, whoever has most waiting gives up its last, and else who comes") func full() {
        var line = Line(mostWaiting: 4)
        for number in 0..<4 as Range<UInt64> { #expect(line.add(number, for: 1) == nil) }
        #expect(line.add(4, for: 1) == 4)
        #expect(line.add(10, for: 2) == 3)
        #expect(line.add(20, for: 3) == 2)
        // 1 has two, 2 and 3 have one each: nobody has more than the newcomer would.
        #expect(line.add(11, for: 2) == 11)
        #expect(line.add(30, for: 4) == 1)
        #expect(line.add(40, for: 5) == 40)
        #expect(line.add(41, for: 5, spare: 1) == nil)
        #expect(Set(line.all()) == [0, 10, 20, 30, 41])
    }

    @Test("a number that is under way is not taken a second time") func twice() {
        var line = Line()
        #expect(line.add(1, for: 1) == nil)
        #expect(line.add(1, for: 2) == 1)
        #expect(line.all() == [1])
        #expect(line.add(1, for: 1) == 1)
        line.end(1)
        #expect(line.add(1, for: 1) == nil)
    }

    @Test("a random walk runs each look-up once, none beyond its asker's bound, and lets no asker wait for another's")
    func walk() {
        var random = Numbers(state: 3)
        var line = Line(mostWaiting: 40, mostOfOne: 3)
        var waiting: [UInt64: Set<UInt64>] = [:]
        var running: [UInt64: UInt64] = [:]
        for number in 0..<20_000 as Range<UInt64> {
            let asker = random.next() % 6
            switch random.next() % 5 {
            case 0, 1:
                let givenUp = line.add(number, for: asker)
                if givenUp != number { waiting[number] = [asker] }
                if let givenUp { waiting[givenUp] = nil }
            case 2:
                guard let other = waiting.keys.randomElement(using: &random) else { continue }
                line.join(other, for: asker)
                waiting[other]?.insert(asker)
            case 3:
                guard let other = running.keys.randomElement(using: &random) else { continue }
                running[other] = nil
                line.end(other)
            default:
                func count(_ asker: UInt64) -> Int { running.values.count { $0 == asker } }
                let mayRun = waiting.values.contains { $0.contains { count($0) < 3 } }
                guard let taken = line.next() else {
                    #expect(!mayRun)
                    continue
                }
                let owners = waiting.removeValue(forKey: taken) ?? []
                // It runs for one of those who asked, and that one had room.
                let owner = owners.first { count($0) < 3 }
                #expect(owner != nil)
                // Which of them is the queue's to choose: the walk learns it from what may run next.
                running[taken] = owners.count == 1 ? owner : line.owner(of: taken)
            }
            #expect(line.queue.waitingCount == waiting.count && line.queue.waitingCount <= 40)
            #expect(line.queue.runningCount == running.count)
        }
    }
}

extension Line {
    func owner(of number: UInt64) -> UInt64? { queue.asker(of: Line.id(number))?.low }
}
