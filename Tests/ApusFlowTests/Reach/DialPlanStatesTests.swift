import ApusSamples
import ApusWire
import Testing

@testable import ApusFlow

@Suite("Dial plan: every event in every state")
struct DialPlanStatesTests {
    private let addresses = (0..<8).map { IPAddress(v4: $0 + 1) }

    @Test("before addresses are known only they and the end matter")
    func unresolved() {
        let dial = Dial()
        #expect(dial.dialed(0) == .quiet)
        #expect(dial.failed(0, .refused) == .quiet)
        #expect(dial.ticked(at: 99_000_000) == .quiet)
        #expect(!dial.plan.isOver)
        #expect(dial.resolved(addresses).start?.attempt == 0)
        let other = Dial()
        #expect(other.abandoned() == .quiet)
        #expect(other.plan.isOver)
        #expect(other.resolved(addresses) == .quiet)
    }

    @Test("while dialling, a second answer and events of attempts not in flight are dropped")
    func dialing() {
        let dial = Dial()
        _ = dial.resolved(addresses)
        #expect(dial.resolved(addresses) == .quiet)
        for attempt in [1, 7, 8, 255] as [UInt8] {
            #expect(dial.dialed(attempt) == .quiet)
            #expect(dial.failed(attempt, .refused) == .quiet)
        }
        _ = dial.failed(0, .refused)
        #expect(dial.failed(0, .refused) == .quiet)
        #expect(dial.dialed(0) == .quiet)
        #expect(dial.plan.inFlight == 0b10)
    }

    @Test("once abandoned, connected, failed or timed out, nothing happens any more", arguments: 0..<4)
    func over(way: Int) {
        let dial = Dial()
        _ = dial.resolved(way == 2 ? [addresses[0]] : addresses)
        let last =
            switch way {
            case 0: dial.abandoned()
            case 1: dial.dialed(0)
            case 2: dial.failed(0, .reset)
            default: dial.ticked(at: 10_000_000)
            }
        #expect(last.wakeAt == nil)
        #expect(last.losers == (way == 0 || way == 3 ? 1 : 0))
        #expect((last.outcome == .pending) == (way == 0))
        #expect(dial.plan.isOver)
        #expect(dial.resolved(addresses) == .quiet)
        #expect(dial.dialed(0) == .quiet)
        #expect(dial.failed(0, .refused) == .quiet)
        #expect(dial.ticked(at: 20_000_000) == .quiet)
        #expect(dial.abandoned() == .quiet)
    }

    @Test("a random walk keeps the promises of the plan", arguments: 0..<400 as Range<UInt64>)
    func walk(seed: UInt64) {
        var random = SplitMix(seed: seed)
        let most = Int(random.next() % 3) + 1
        let count = Int(random.next() % 9) + 1
        let dial = Dial(DialSettings(maxInFlight: most))
        var open: Set<UInt8> = []
        var ended: Set<UInt8> = []
        var outcomes = 0
        var started: UInt8 = 0
        var now: UInt64 = random.next() % 1_000
        let began = now
        var step = dial.resolved((0..<UInt32(count)).map { IPAddress(v4: $0 + 1) }, at: now)

        func perform(_ step: DialStep) {
            if let cancelled = step.cancel {
                #expect(open.remove(cancelled) != nil)
                ended.insert(cancelled)
            }
            for attempt in 0..<8 as Range<UInt8> where step.losers & (1 << attempt) != 0 {
                #expect(open.remove(attempt) != nil)
                ended.insert(attempt)
            }
            if let start = step.start {
                #expect(outcomes == 0 && step.outcome == .pending)
                #expect(start.attempt == started)
                #expect(dial.plan.address(of: start.attempt) == start.address)
                started += 1
                open.insert(start.attempt)
            }
            if case .pending = step.outcome {} else { outcomes += 1 }
            if let wakeAt = step.wakeAt { #expect(wakeAt <= began + 10_000_000) }
            #expect(open.count <= most)
            #expect(dial.plan.inFlight == open.reduce(0) { $0 | 1 << $1 })
        }

        perform(step)
        for _ in 0..<200 where !dial.plan.isOver {
            let attempt = UInt8(random.next() % 9)
            switch random.next() % 12 {
            case 0:
                step = dial.dialed(attempt, at: now)
                if step.outcome == .connected(attempt) {
                    #expect(open.remove(attempt) != nil)
                    ended.insert(attempt)
                }
            case 1, 2, 3:
                let wasOpen = open.remove(attempt) != nil
                if wasOpen { ended.insert(attempt) }
                step = dial.failed(attempt, DialFailure(rawValue: UInt8(random.next() % 7)) ?? .other, at: now)
                if !wasOpen { #expect(step == .quiet) }
            case 4:
                step = dial.resolved(addresses, at: now)
                #expect(step == .quiet)
            default:
                now += random.next() % 400_000
                step = dial.ticked(at: now)
            }
            perform(step)
        }
        if !dial.plan.isOver { perform(dial.ticked(at: began + 10_000_000)) }
        #expect(outcomes == 1)
        #expect(open.isEmpty)
        #expect(ended.count == Int(started))
    }
}
