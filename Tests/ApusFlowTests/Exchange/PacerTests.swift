import ApusPolicy
import Testing

@testable import ApusFlow

@Suite("The pace of bytes that a limit counts")
struct PacerTests {
    private func pace(wait: UInt64 = 0, slice: UInt64 = .max, isUsedUp: Bool = false) -> UsagePace {
        var pace = UsagePace()
        (pace.wait, pace.slice, pace.isUsedUp) = (wait, slice, isUsedUp)
        return pace
    }

    @Test("what is to be moved passes in slices, the last of them what is left")
    func slices() {
        var pacer = Pacer()
        pacer.begin(.down, 250)
        var moved: [UInt64] = []
        while pacer.hasMore(.down) {
            guard case .move(let count) = pacer.next(.down, pace(slice: 100)) else { break }
            moved.append(count)
            #expect(pacer.moved(.down) == count && pacer.moved(.down) == 0)
        }
        #expect(moved == [100, 100, 50])
        #expect(pacer.next(.down, pace(slice: 100)) == .nothing)
        #expect(pacer.next(.up, pace(slice: 100)) == .nothing)
    }

    @Test("what ends with its source has no last slice")
    func endless() {
        var pacer = Pacer()
        pacer.begin(.up, .max)
        for _ in 0..<1000 { #expect(pacer.next(.up, pace(slice: 1 << 60)) == .move(1 << 60)) }
        #expect(pacer.hasMore(.up))
        pacer.stop(.up)
        #expect(!pacer.hasMore(.up) && pacer.next(.up, pace(slice: 100)) == .nothing)
    }

    @Test(
        "a pause is rounded down to ticks, and looked at again every second",
        arguments: [
            (1, 0), (99_999, 0), (100_000, 1), (999_999, 9), (1_000_000, 10), (UInt64.max, 10),
        ] as [(UInt64, UInt32)]
    )
    func pauses(wait: UInt64, ticks: UInt32) {
        var pacer = Pacer()
        pacer.begin(.down, 10)
        #expect(pacer.next(.down, pace(wait: wait, slice: 5)) == .pause(ticks))
        #expect(pacer.isWaiting && pacer.waits(.down) && !pacer.waits(.up))
        #expect(pacer.ticked(pace(wait: wait), isIdle: true) == .pause(ticks))
        #expect(pacer.ticked(pace(), isIdle: true) == .goesOn(up: false, down: true))
        #expect(!pacer.isWaiting && pacer.next(.down, pace(slice: 5)) == .move(5))
        #expect(pacer.next(.down, pace(slice: 50)) == .move(5))
    }

    @Test("both ways go on when a pause is over, and each asks for itself")
    func bothWays() {
        var pacer = Pacer()
        pacer.begin(.up, .max)
        pacer.begin(.down, .max)
        #expect(pacer.next(.up, pace(wait: 200_000)) == .pause(2))
        #expect(pacer.next(.down, pace(wait: 300_000)) == .pause(3))
        #expect(pacer.ticked(pace(), isIdle: false) == .goesOn(up: true, down: true))
        #expect(pacer.next(.up, pace(wait: 100_000)) == .pause(1))
        #expect(pacer.next(.down, pace(slice: 7)) == .move(7))
        #expect(pacer.ticked(pace(), isIdle: false) == .goesOn(up: true, down: false))
    }

    @Test("bytes that have been read wait for their time, and are then let through")
    func admitted() {
        var pacer = Pacer()
        #expect(pacer.admit(.down, pace(slice: 10)) == .nothing && !pacer.isWaiting)
        #expect(pacer.admit(.down, pace(wait: 100_000)) == .pause(1) && pacer.waits(.down))
        #expect(pacer.admit(.down, pace()) == .nothing && !pacer.isWaiting)
        #expect(pacer.admit(.down, pace(wait: 100_000)) == .pause(1))
        pacer.stop(.down)
        #expect(!pacer.isWaiting && pacer.ticked(pace(), isIdle: true) == .runs(100))
    }

    @Test("what is under way is counted every second, and where nothing moves every ten")
    func counting() {
        var pacer = Pacer()
        pacer.begin(.up, .max)
        #expect(pacer.next(.up, pace(slice: 10)) == .move(10))
        #expect(pacer.ticked(pace(), isIdle: false) == .runs(10))
        #expect(pacer.ticked(pace(), isIdle: true) == .runs(100))
    }

    @Test("when the volume is used up nothing more passes, whatever waits")
    func usedUp() {
        var pacer = Pacer()
        pacer.begin(.up, .max)
        let last = pace(wait: 5, isUsedUp: true)
        #expect(pacer.next(.up, last) == .usedUp && pacer.admit(.up, last) == .usedUp)
        #expect(!pacer.isWaiting)
        #expect(pacer.next(.up, pace(wait: 5)) == .pause(0))
        #expect(pacer.ticked(last, isIdle: false) == .usedUp)
    }
}
