import Testing

@testable import ApusReactor

@Suite struct WheelTests {
    static let start: UInt64 = 5_000_000_000

    @Test("deadlines are told in order, never early and at most two ticks late")
    func order() throws {
        var io = try ReactorIO.make(clock: Self.start + 37_000)
        let handler = Recorder()
        var due: [Token: UInt64] = [:]
        for ticks in [3, 1, 0, 40, 7, 7, 1023, 1024, 1025, 2500, 100] as [UInt32] {
            let (token, _) = try io.pair(handler)
            io.arm(token, ticks: ticks)
            due[token] = io.now + UInt64(ticks) * 100_000
        }
        var told: [Token] = []
        handler.onExpired = { token, io in
            told.append(token)
            let late = Int64(io.now) - Int64(due[token] ?? 0)
            #expect(late >= 0 && late <= 200_000)
        }
        var clock = io.now
        while told.count < due.count, clock < Self.start + 400_000_000 {
            clock += 31_007
            io.manualClock = clock
            io.turn(handler, timeoutMilliseconds: 0)
        }
        #expect(told.map { due[$0] ?? 0 } == due.values.sorted())
        #expect(io.wheel.nextOccupied() == nil)
    }

    @Test("moving a deadline later or disarming it only writes the slot; sooner moves it")
    func lazy() throws {
        var io = try ReactorIO.make(clock: Self.start)
        let handler = Recorder()
        let (token, _) = try io.pair(handler)
        io.arm(token, ticks: 10)
        let first = io.wheel.nextOccupied()
        io.arm(token, ticks: 50)
        #expect(io.wheel.nextOccupied() == first)
        io.disarm(token)
        #expect(io.wheel.nextOccupied() == first)
        io.arm(token, ticks: 30)
        io.manualClock = Self.start + 2_000_000
        io.turn(handler, timeoutMilliseconds: 0)
        #expect(handler.count(.expired(token)) == 0)
        #expect(io.wheel.nextOccupied() == io.tick + 11)
        io.arm(token, ticks: 2)
        #expect(io.wheel.nextOccupied() == io.tick + 3)
        io.manualClock = Self.start + 2_300_000
        io.turn(handler, timeoutMilliseconds: 0)
        #expect(handler.count(.expired(token)) == 1)
        io.arm(token, ticks: 1)
        io.disarm(token)
        io.manualClock = Self.start + 9_000_000
        io.turn(handler, timeoutMilliseconds: 0)
        #expect(handler.count(.expired(token)) == 1)
        #expect(io.wheel.nextOccupied() == nil)
    }

    @Test("a clock that jumps over several laps tells each deadline once")
    func jump() throws {
        var io = try ReactorIO.make(clock: Self.start)
        let handler = Recorder()
        for ticks in [5, 2000, 100_000] as [UInt32] {
            let (token, _) = try io.pair(handler)
            io.arm(token, ticks: ticks)
        }
        io.manualClock = Self.start + 1_000_000_000
        io.turn(handler, timeoutMilliseconds: 0)
        #expect(handler.events.count { if case .expired = $0 { true } else { false } } == 2)
        io.manualClock = Self.start + 20_000_000_000
        io.turn(handler, timeoutMilliseconds: 0)
        #expect(handler.events.count { if case .expired = $0 { true } else { false } } == 3)
    }

    @Test("a handler may arm, move, disarm and close from inside expired")
    func inside() throws {
        var io = try ReactorIO.make(clock: Self.start)
        let handler = Recorder()
        var tokens: [Token] = []
        for _ in 0..<5 {
            let (token, _) = try io.pair(handler)
            io.arm(token, ticks: 5)
            tokens.append(token)
        }
        var first: Token?
        handler.onExpired = { token, io in
            guard first == nil else { return }
            first = token
            let others = tokens.filter { $0 != token }
            io.close(others[0])
            io.disarm(others[1])
            io.arm(others[2], ticks: 20)
            io.arm(token, ticks: 0)
        }
        io.manualClock = Self.start + 600_000
        io.turn(handler, timeoutMilliseconds: 0)
        #expect(handler.events.count { if case .expired = $0 { true } else { false } } == 2)
        io.manualClock = Self.start + 9_000_000
        io.turn(handler, timeoutMilliseconds: 0)
        #expect(handler.events.count { if case .expired = $0 { true } else { false } } == 4)
        #expect(handler.count(.expired(first ?? .none)) == 2)
    }

    @Test("random walks: what expires is what a plain list of deadlines says")
    func randomWalk() {
        var slots = SlotTable()
        var wheel = Wheel(position: 1000)
        var now: UInt32 = 1000
        var deadlines: [UInt32: UInt32] = [:]
        var state: UInt64 = 42
        func random(_ bound: UInt32) -> UInt32 {
            state = state &* 6_364_136_223_846_793_005 &+ 1
            return UInt32(state >> 33) % bound
        }
        for _ in 0..<200 { _ = slots.take(0) }
        for _ in 0..<20_000 {
            let index = random(200)
            switch random(10) {
            case 0...5:
                let deadline = now + 1 + random(random(4) == 0 ? 3000 : 60)
                wheel.arm(index, at: deadline, slots)
                deadlines[index] = deadline
            case 6:
                wheel.unlink(index, slots)
                slots[index].pointee.deadline = 0
                deadlines[index] = nil
            default:
                now += random(random(50) == 0 ? 2500 : 20)
                while let index = wheel.next(until: now, slots) {
                    let deadline = deadlines.removeValue(forKey: index)
                    #expect(deadline != nil && (deadline ?? .max) <= now)
                }
                #expect(deadlines.values.allSatisfy { $0 > now })
                #expect(wheel.position == now)
            }
        }
    }

    @Test("the loop sleeps until a deadline and no longer")
    func sleeps() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let (token, _) = try io.pair(handler)
        io.settle(handler)
        io.arm(token, ticks: 2)
        let turns = io.turns
        let begin = io.now
        while handler.count(.expired(token)) == 0 && io.turns < turns + 10 {
            io.turn(handler, timeoutMilliseconds: 300_000)
        }
        #expect(io.now - begin >= 200_000)
        #expect(io.turns - turns <= 3)
    }
}
