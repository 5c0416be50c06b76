import Testing

@testable import ApusFlow

private let second: UInt64 = 1_000_000

@Suite("Which parents are in service") struct ParentHealthTableTests {
    /// Without a spread: this number stands in the middle.
    private static let middle: UInt32 = 200

    private static func table(failures: UInt16 = 3) -> ParentHealthTable {
        ParentHealthTable([
            ParentHealthSettings(failures: failures, backOff: second),
            ParentHealthSettings(failures: 1, backOff: second),
        ])
    }

    @Test("some failures in a row make one out, and an answer between them begins anew") func failures() {
        var table = Self.table()
        for _ in 0..<2 { expect(!table.failed(0, spread: Self.middle, now: 0)) }
        table.answered(0)
        for _ in 0..<2 { expect(!table.failed(0, spread: Self.middle, now: 0)) }
        expect(table.isUp(0))
        let out = table.failed(0, spread: Self.middle, now: 0)
        expect(out && !table.isUp(0) && table.isUp(1))
    }

    @Test("one that is out is left alone, then tried by one request at a time, and is up by its answer") func trial() {
        var table = Self.table(failures: 1)
        table.failed(0, spread: Self.middle, now: 0)
        expect(!table.mayTry(0, now: second - 1) && table.mayTry(0, now: second))
        table.tries(0, patience: 5 * second, now: second)
        expect(!table.mayTry(0, now: 6 * second - 1))
        // Who tried it is gone without a word: another does.
        expect(table.mayTry(0, now: 6 * second))
        let wasOut = table.answered(0)
        expect(wasOut && table.isUp(0) && table.mayTry(0, now: 0))
        let again = table.answered(0)
        expect(!again)
    }

    @Test("the time doubles up to a minute; failures that began before it was out count once") func backOff() {
        var table = Self.table(failures: 1)
        var now: UInt64 = 0
        for seconds: UInt64 in [1, 2, 4, 8, 16, 32, 60, 60] {
            table.failed(0, spread: Self.middle, now: now)
            table.failed(0, spread: Self.middle, now: now + 1)
            expect(!table.mayTry(0, now: now + seconds * second - 1) && table.mayTry(0, now: now + seconds * second))
            now += seconds * second
        }
    }

    @Test("the spread moves it by a fifth at most", arguments: [0, 100, 400, 401, UInt32.max])
    func spread(_ number: UInt32) {
        var table = Self.table(failures: 1)
        table.failed(0, spread: number, now: 0)
        expect(!table.mayTry(0, now: second / 5 * 4 - 1) && table.mayTry(0, now: second / 5 * 6))
    }

    @Test("there is none behind the last") func beyond() {
        var table = Self.table()
        expect(!table.isUp(2) && !table.mayTry(2, now: 0))
        let out = table.failed(2, spread: 0, now: 0)
        let up = table.answered(2)
        expect(!out && !up)
        table.tries(2, patience: 1, now: 0)
        expect(table.count == 2)
    }
}
