import ApusWire
import Testing

@testable import ApusFlow

/// A plan whose events can be said within an expectation.
final class Dial {
    var plan: DialPlan

    init(_ settings: DialSettings = DialSettings()) { plan = DialPlan(settings) }

    func resolved(_ addresses: [IPAddress], at now: UInt64 = 0) -> DialStep { plan.resolved(addresses, now: now) }
    func dialed(_ attempt: UInt8, at now: UInt64 = 0) -> DialStep { plan.dialed(attempt, now: now) }
    func failed(_ attempt: UInt8, _ reason: DialFailure, at now: UInt64 = 0) -> DialStep {
        plan.dialFailed(attempt, reason: reason, now: now)
    }
    func ticked(at now: UInt64) -> DialStep { plan.ticked(now: now) }
    func abandoned() -> DialStep { plan.abandoned() }
}

private let ms: UInt64 = 1_000

private func hosts(_ count: Int) -> [IPAddress] { (0..<count).map { IPAddress(v4: UInt32($0) + 1) } }

private func start(_ attempt: UInt8, wakeAt: UInt64, cancel: UInt8? = nil) -> DialStep {
    DialStep(
        start: DialStep.Start(attempt: attempt, address: IPAddress(v4: UInt32(attempt) + 1)),
        cancel: cancel,
        wakeAt: wakeAt
    )
}

@Suite("Dial plan")
struct DialPlanTests {
    @Test("a single address has the whole timeout and connects")
    func single() {
        let dial = Dial()
        #expect(dial.resolved(hosts(1), at: 5 * ms) == start(0, wakeAt: 10_005 * ms))
        #expect(dial.plan.inFlight == 1)
        #expect(dial.ticked(at: 300 * ms) == DialStep(wakeAt: 10_005 * ms))
        #expect(dial.plan.address(of: 0) == IPAddress(v4: 1))
        #expect(dial.plan.address(of: 1) == nil)
        #expect(dial.dialed(0, at: 400 * ms) == DialStep(outcome: .connected(0)))
        #expect(dial.plan.isOver)
    }

    @Test("a single address that fails ends the dial with its reason", arguments: [DialFailure.refused, .other])
    func singleFails(reason: DialFailure) {
        let dial = Dial()
        _ = dial.resolved(hosts(1))
        #expect(dial.failed(0, reason) == DialStep(outcome: .failed(reason)))
    }

    @Test("the next address starts after the attempt delay, and the first to connect wins")
    func race() {
        let dial = Dial()
        #expect(dial.resolved(hosts(3)) == start(0, wakeAt: 250 * ms))
        #expect(dial.ticked(at: 249 * ms) == DialStep(wakeAt: 250 * ms))
        #expect(dial.ticked(at: 250 * ms) == start(1, wakeAt: 500 * ms))
        #expect(dial.ticked(at: 510 * ms) == start(2, wakeAt: 10_000 * ms))
        #expect(dial.dialed(1, at: 600 * ms) == DialStep(losers: 0b101, outcome: .connected(1)))
        #expect(dial.plan.inFlight == 0)
    }

    @Test("a failed attempt starts the next address at once, and the delay anew")
    func failover() {
        let dial = Dial()
        _ = dial.resolved(hosts(3))
        #expect(dial.failed(0, .refused, at: 10 * ms) == start(1, wakeAt: 260 * ms))
        #expect(dial.ticked(at: 250 * ms) == DialStep(wakeAt: 260 * ms))
        #expect(dial.failed(1, .refused, at: 255 * ms) == start(2, wakeAt: 10_000 * ms))
        #expect(dial.dialed(2, at: 256 * ms) == DialStep(outcome: .connected(2)))
    }

    @Test("a failure while others run leaves them running")
    func failureBesideOthers() {
        let dial = Dial()
        _ = dial.resolved(hosts(2))
        _ = dial.ticked(at: 250 * ms)
        #expect(dial.failed(1, .refused, at: 260 * ms) == DialStep(wakeAt: 10_000 * ms))
        #expect(dial.dialed(0, at: 270 * ms) == DialStep(outcome: .connected(0)))
    }

    @Test("the connect timeout ends the dial and closes what is in flight")
    func timeout() {
        let dial = Dial()
        _ = dial.resolved(hosts(2))
        _ = dial.ticked(at: 250 * ms)
        #expect(dial.ticked(at: 9_999 * ms) == DialStep(wakeAt: 10_000 * ms))
        #expect(dial.ticked(at: 10_000 * ms) == DialStep(losers: 0b11, outcome: .failed(.timedOut)))
    }

    @Test("no address is started once the time is over, whichever event notices it")
    func lateFailure() {
        let dial = Dial()
        _ = dial.resolved(hosts(3))
        #expect(dial.failed(0, .refused, at: 10_000 * ms) == DialStep(outcome: .failed(.timedOut)))
    }

    @Test("black-holed first addresses give way when their share is used up")
    func shares() {
        let dial = Dial()
        // Four addresses, three side by side: two rounds, so the first may have half of the ten seconds.
        _ = dial.resolved(hosts(4))
        _ = dial.ticked(at: 250 * ms)
        #expect(dial.ticked(at: 500 * ms) == start(2, wakeAt: 5_000 * ms))
        #expect(dial.ticked(at: 4_999 * ms) == DialStep(wakeAt: 5_000 * ms))
        #expect(dial.ticked(at: 5_000 * ms) == start(3, wakeAt: 10_000 * ms, cancel: 0))
        #expect(dial.failed(0, .timedOut, at: 5_001 * ms) == .quiet)
        #expect(dial.dialed(3, at: 5_002 * ms) == DialStep(losers: 0b110, outcome: .connected(3)))
    }

    @Test("with one attempt at a time, eight black holes are all tried within the timeout")
    func oneAtATime() {
        let dial = Dial(DialSettings(timeout: 24_000 * ms, maxInFlight: 1))
        var step = dial.resolved(hosts(8))
        var starts: [UInt64] = []
        var now: UInt64 = 0
        while let wakeAt = step.wakeAt {
            if step.start != nil { starts.append(now) }
            #expect(dial.plan.inFlight.nonzeroBitCount == 1)
            now = wakeAt
            step = dial.ticked(at: now)
        }
        #expect(starts == (0..<8).map { $0 * 3_000 * ms })
        #expect(step == DialStep(losers: 1 << 7, outcome: .failed(.timedOut)))
        #expect(now == 24_000 * ms)
    }

    @Test("of nine addresses eight are tried")
    func bound() {
        let dial = Dial()
        _ = dial.resolved(hosts(9))
        for attempt in 0..<7 as Range<UInt8> { #expect(dial.failed(attempt, .refused).start?.attempt == attempt + 1) }
        #expect(dial.failed(7, .refused) == DialStep(outcome: .failed(.refused)))
    }

    @Test("the preference decides which family is first")
    func preference() {
        let (v4, v6) = (IPAddress(v4: 1), IPAddress(v6High: 1, low: 1))
        func first(_ preference: AddressPreference, _ addresses: [IPAddress]) -> IPAddress? {
            Dial(DialSettings(preference: preference)).resolved(addresses).start?.address
        }
        #expect(first(.asResolved, [v4, v6]) == v4)
        #expect(first(.asResolved, [v6, v4]) == v6)
        #expect(first(.v6First, [v4, v6]) == v6)
        #expect(first(.v4First, [v6, v4]) == v4)
    }

    @Test("of several failures the most telling is reported")
    func telling() {
        let order: [DialFailure] = [.exhausted, .refused, .reset, .timedOut, .prohibited, .unreachable, .other]
        for (rank, better) in order.enumerated() {
            for worse in order[rank...] {
                for pair in [[better, worse], [worse, better]] {
                    let dial = Dial()
                    _ = dial.resolved(hosts(2))
                    _ = dial.failed(0, pair[0])
                    #expect(dial.failed(1, pair[1]) == DialStep(outcome: .failed(better)))
                }
            }
        }
    }

    @Test("without an address that the guard allows, the dial is prohibited")
    func noAddress() {
        #expect(Dial().resolved([]) == DialStep(outcome: .failed(.prohibited)))
    }

    @Test("settings out of range are taken as the nearest that make sense")
    func settings() {
        let dial = Dial(DialSettings(attemptDelay: 0, timeout: .max, maxInFlight: 0))
        #expect(dial.resolved(hosts(2)).wakeAt == 1_800_000 * ms)
        let eager = Dial(DialSettings(attemptDelay: 0, timeout: 0, maxInFlight: 99))
        #expect(eager.resolved(hosts(2), at: 7).wakeAt == 7)
        #expect(eager.ticked(at: 7).outcome == .failed(.timedOut))
        #expect(Dial(DialSettings(attemptDelay: 0)).resolved(hosts(2)).wakeAt == 10 * ms)
    }

    @Test("a clock that stands or steps back starts nothing early")
    func clock() {
        let dial = Dial()
        _ = dial.resolved(hosts(2), at: 1_000 * ms)
        #expect(dial.ticked(at: 0) == DialStep(wakeAt: 1_250 * ms))
        #expect(dial.ticked(at: 1_250 * ms).start?.attempt == 1)
    }

    @Test("it is small")
    func size() {
        #expect(MemoryLayout<DialPlan>.size <= 208)
    }
}
