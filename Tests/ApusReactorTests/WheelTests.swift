import Testing

@testable import ApusReactor

@Suite struct WheelTests {
    static let start: UInt64 = 5_000_000_000

    /// A deadline of a kind of its own.
    private func timer(_ index: UInt32, serial: UInt32 = 1) -> Timer { Timer(kind: 3, index: index, serial: serial) }

    private func expired(_ handler: Recorder) -> Int {
        handler.events.count { if case .expired = $0 { true } else { false } }
    }

    @Test("deadlines are told in order, never early and at most two ticks late")
    func order() throws {
        var io = try ReactorIO.make(clock: Self.start + 37_000)
        let handler = Recorder()
        var due: [Timer: UInt64] = [:]
        for (index, ticks) in zip(UInt32(0)..., [3, 1, 0, 40, 7, 7, 1023, 1024, 1025, 2500, 100] as [UInt32]) {
            io.arm(timer(index), ticks: ticks)
            due[timer(index)] = io.now + UInt64(ticks) * 100_000
        }
        var told: [Timer] = []
        handler.onExpired = { timer, io in
            told.append(timer)
            let late = Int64(io.now) - Int64(due[timer] ?? 0)
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

    @Test("moving a deadline later or disarming it only writes its node; sooner moves it")
    func lazy() throws {
        var io = try ReactorIO.make(clock: Self.start)
        let handler = Recorder()
        let timer = timer(7)
        io.arm(timer, ticks: 10)
        let first = io.wheel.nextOccupied()
        io.arm(timer, ticks: 50)
        #expect(io.wheel.nextOccupied() == first)
        io.disarm(timer)
        #expect(io.wheel.nextOccupied() == first)
        io.arm(timer, ticks: 30)
        io.manualClock = Self.start + 2_000_000
        io.turn(handler, timeoutMilliseconds: 0)
        #expect(handler.count(.expired(timer)) == 0)
        #expect(io.wheel.nextOccupied() == io.tick + 11)
        io.arm(timer, ticks: 2)
        #expect(io.wheel.nextOccupied() == io.tick + 3)
        io.manualClock = Self.start + 2_300_000
        io.turn(handler, timeoutMilliseconds: 0)
        #expect(handler.count(.expired(timer)) == 1)
        io.arm(timer, ticks: 1)
        io.disarm(timer)
        io.manualClock = Self.start + 9_000_000
        io.turn(handler, timeoutMilliseconds: 0)
        #expect(handler.count(.expired(timer)) == 1)
        #expect(io.wheel.nextOccupied() == nil)
    }

    @Test("a place has one deadline: the next one's takes it, and the last one's can no longer be disarmed")
    func serials() throws {
        var io = try ReactorIO.make(clock: Self.start)
        let handler = Recorder()
        io.arm(timer(4, serial: 1), ticks: 5)
        io.arm(timer(4, serial: 2), ticks: 9)
        io.disarm(timer(4, serial: 1))
        io.manualClock = Self.start + 20_000_000
        io.turn(handler, timeoutMilliseconds: 0)
        #expect(handler.events == [.expired(timer(4, serial: 2))])
    }

    @Test("the same index of another kind is another deadline; what is beyond the bounds has none")
    func kinds() throws {
        var io = try ReactorIO.make(clock: Self.start)
        let handler = Recorder()
        let last = Timer.limit - 1
        for kind in 0..<Timer.kinds {
            for index in [0, 255, 256, last] { io.arm(Timer(kind: kind, index: index, serial: .max), ticks: 1) }
        }
        io.arm(Timer(kind: Timer.kinds, index: 0, serial: 1), ticks: 1)
        io.arm(Timer(kind: .max, index: .max, serial: 1), ticks: 1)
        io.arm(Timer(kind: 0, index: Timer.limit, serial: 1), ticks: 1)
        io.disarm(Timer(kind: 0, index: Timer.limit, serial: 1))
        io.disarm(Timer(kind: 0, index: 1 << 20, serial: 0))
        io.manualClock = Self.start + 300_000
        var told: Set<Timer> = []
        handler.onExpired = { timer, io in
            told.insert(timer)
            #expect(timer.serial == .max && [0, 255, 256, last].contains(timer.index))
        }
        io.turn(handler, timeoutMilliseconds: 0)
        #expect(told.count == 4 * Int(Timer.kinds) && expired(handler) == told.count)
    }

    @Test("a clock that jumps over several laps tells each deadline once")
    func jump() throws {
        var io = try ReactorIO.make(clock: Self.start)
        let handler = Recorder()
        for ticks in [5, 2000, 100_000] as [UInt32] { io.arm(timer(ticks), ticks: ticks) }
        io.manualClock = Self.start + 1_000_000_000
        io.turn(handler, timeoutMilliseconds: 0)
        #expect(expired(handler) == 2)
        io.manualClock = Self.start + 20_000_000_000
        io.turn(handler, timeoutMilliseconds: 0)
        #expect(expired(handler) == 3)
    }

    @Test("a handler may arm, move and disarm from inside expired")
    func inside() throws {
        var io = try ReactorIO.make(clock: Self.start)
        let handler = Recorder()
        let timers = (0..<5).map { timer(UInt32($0)) }
        for timer in timers { io.arm(timer, ticks: 5) }
        var first: Timer?
        handler.onExpired = { timer, io in
            guard first == nil else { return }
            first = timer
            let others = timers.filter { $0 != timer }
            io.disarm(others[0])
            io.disarm(others[1])
            io.arm(others[2], ticks: 20)
            io.arm(timer, ticks: 0)
        }
        io.manualClock = Self.start + 600_000
        io.turn(handler, timeoutMilliseconds: 0)
        #expect(expired(handler) == 2)
        io.manualClock = Self.start + 9_000_000
        io.turn(handler, timeoutMilliseconds: 0)
        #expect(expired(handler) == 4)
        #expect(first.map { handler.count(.expired($0)) } == 2)
    }

    @Test("random walks: each armed deadline is told once, in time, as its last serial, and never once it is disarmed")
    func randomWalk() {
        var wheel = Wheel(position: 1000)
        var now: UInt32 = 1000
        /// What is armed, by kind and index.
        var model: [UInt64: (serial: UInt32, deadline: UInt32)] = [:]
        var (told, taken, kept) = (0, 0, 0)
        var state: UInt64 = 42
        func random(_ bound: UInt32) -> UInt32 {
            state = state &* 6_364_136_223_846_793_005 &+ 1
            return UInt32(state >> 33) % bound
        }
        for step in 0..<40_000 as Range<UInt32> {
            let (kind, index) = (random(7), random(10) == 0 ? Timer.limit - 1 - random(9) : random(6))
            let place = UInt64(kind) << 32 | UInt64(index)
            let timer = Timer(kind: UInt8(kind), index: index, serial: model[place]?.serial ?? step)
            switch random(12) {
            case 0...6:
                // Most of what has a place has it for long; now and then another one takes it.
                let fresh = Timer(kind: timer.kind, index: index, serial: random(4) == 0 ? step : timer.serial)
                let deadline = now + 1 + random(random(4) == 0 ? 3000 : 60)
                wheel.arm(fresh, at: deadline)
                model[place] = (fresh.serial, deadline)
            case 7:
                wheel.disarm(timer)
                if model.removeValue(forKey: place) != nil { taken += 1 }
            case 8:
                wheel.disarm(Timer(kind: timer.kind, index: index, serial: timer.serial &- 1))
                if model[place] != nil { kept += 1 }
            default:
                now += random(random(200) == 0 ? 2500 : 3)
                while let timer = wheel.next(until: now) {
                    let armed = model.removeValue(forKey: UInt64(timer.kind) << 32 | UInt64(timer.index))
                    #expect(armed?.serial == timer.serial && (armed?.deadline ?? .max) <= now)
                    told += 1
                }
                #expect(model.values.allSatisfy { $0.deadline > now })
                #expect(wheel.position == now)
            }
        }
        // A walk that goes nowhere proves nothing.
        #expect(told > 3_000 && taken > 300 && kept > 300)
    }

    @Test("the loop sleeps until a deadline and no longer")
    func sleeps() throws {
        var io = try ReactorIO.make()
        let handler = Recorder()
        let timer = timer(1)
        io.arm(timer, ticks: 2)
        let turns = io.turns
        let begin = io.now
        while handler.count(.expired(timer)) == 0 && io.turns < turns + 10 {
            io.turn(handler, timeoutMilliseconds: 300_000)
        }
        #expect(io.now - begin >= 200_000)
        #expect(io.turns - turns <= 3)
    }
}
