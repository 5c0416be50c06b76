import Testing

@testable import ApusReport

@Suite("A ranking over time")
struct TopTableTests {
    private func table(cells: Int = 5000, now: Int64 = 1000) -> TopTable {
        TopTable(cells: cells, text: 40 << 10, now: now)
    }

    private func add(_ name: String, _ count: TopCount, at now: Int64, to table: inout TopTable) {
        table.add(Array(name.utf8)[...], count, at: now)
    }

    private func names(_ table: inout TopTable, _ window: TopWindow, _ measure: TopMeasure = .requests, at now: Int64)
        -> [String]
    {
        table.ranking(window, by: measure, limit: 10, at: now).rows.map(\.name)
    }

    @Test("it is by requests, by bytes or by refusals, and who has none of it is not in it") func measures() {
        var table = table()
        add("often", TopCount(requests: 9, bytes: 90), at: 1000, to: &table)
        add("big", TopCount(requests: 1, bytes: 5000), at: 1001, to: &table)
        add("refused", TopCount(requests: 4, refused: 4, bytes: 0), at: 1002, to: &table)
        #expect(names(&table, .minute, at: 1003) == ["often", "refused", "big"])
        #expect(names(&table, .minute, .bytes, at: 1003) == ["big", "often"])
        #expect(names(&table, .minute, .refused, at: 1003) == ["refused"])
        let ranking = table.ranking(.start, by: .bytes, limit: 1, at: 1003)
        #expect(ranking.rows.count == 1 && ranking.keys == 3 && ranking.seconds == 3)
        #expect(ranking.total == TopCount(requests: 14, refused: 4, bytes: 5090))
    }

    @Test("what has gone out of a window counts no more in it, and the windows agree with a plain sum")
    func windows() {
        var table = table(now: 12_345)
        var seen: [(at: Int64, requests: UInt64)] = []
        var state: UInt64 = 9
        for second in stride(from: Int64(12_345), to: 22_000, by: 3) {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let requests = state >> 60
            add("a", TopCount(requests: requests), at: second, to: &table)
            seen.append((second, requests))
            guard second % 97 == 0 else { continue }
            for (window, least, most) in [(TopWindow.minute, 60, 70), (.fiveMinutes, 300, 360), (.hour, 3600, 4200)] {
                let ranking = table.ranking(window, by: .requests, limit: 1, at: second)
                #expect(ranking.seconds <= Int64(most))
                #expect(ranking.seconds >= min(Int64(least), second - 12_345), "\(window) at \(second)")
                let from = second - ranking.seconds
                let right = seen.filter { $0.at >= from }.reduce(0) { $0 + $1.requests }
                #expect(ranking.total.requests == right, "\(window) at \(second)")
                #expect(ranking.rows.first.map(\.count.requests) ?? 0 == right)
                #expect(ranking.rows.first?.missing.isZero ?? true)
            }
        }
        let all = seen.reduce(0) { $0 + $1.requests }
        #expect(table.ranking(.start, by: .requests, limit: 1, at: 22_000).rows[0].count.requests == all)
    }

    @Test("after a night without a request only what is counted since the start is left") func night() {
        var table = table()
        add("a", TopCount(requests: 5), at: 1000, to: &table)
        #expect(names(&table, .hour, at: 1000 + 40_000) == [] && names(&table, .start, at: 1000 + 40_000) == ["a"])
        add("b", TopCount(requests: 1), at: 41_005, to: &table)
        #expect(names(&table, .minute, at: 41_006) == ["b"])
    }

    @Test("a thousand keys are exact in every window") func exact() {
        var table = table(cells: 100_000)
        for second in stride(from: Int64(1000), to: 1600, by: 20) {
            for number in 0..<1000 { add("host-\(number)", TopCount(requests: 1, bytes: 2), at: second, to: &table) }
        }
        for window in TopWindow.allCases {
            let ranking = table.ranking(window, by: .requests, limit: 2000, at: 1600)
            #expect(ranking.rows.count == 1000 && ranking.rows.allSatisfy { $0.missing.isZero })
            #expect(Set(ranking.rows.map(\.count)).count == 1)
        }
    }

    @Test("where there is no room for all, what may be missing is said, and the truth lies between") func bounds() {
        var table = table(cells: 400)
        var truth: [String: UInt64] = [:]
        var state: UInt64 = 11
        for step in 0..<30_000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let dice = state >> 40
            let name = dice % 5 == 0 ? "big-\(dice / 5 % 7)" : "small-\(dice % 5000)"
            // All within the hour.
            truth[name, default: 0] += 1
            add(name, TopCount(requests: 1), at: 1000 + Int64(step / 20), to: &table)
        }
        for window in [TopWindow.hour, .start] {
            let ranking = table.ranking(window, by: .requests, limit: 50, at: 2500)
            #expect(ranking.total.requests == 30_000)
            #expect(ranking.rows.prefix(7).allSatisfy { $0.name.hasPrefix("big-") })
            for row in ranking.rows {
                let right = truth[row.name] ?? 0
                #expect(
                    row.count.requests <= right && right <= row.count.requests + row.missing.requests,
                    "\(window): \(row), truly \(right)"
                )
            }
        }
    }

    @Test("what was not kept apart counts in all, and may be missing of each") func rest() {
        var table = table()
        add("a", TopCount(requests: 2), at: 1000, to: &table)
        table.add([], TopCount(requests: 5), at: 1001)
        let ranking = table.ranking(.minute, by: .requests, limit: 5, at: 1002)
        #expect(ranking.total.requests == 7 && ranking.rows.map(\.missing.requests) == [5])
    }
}
