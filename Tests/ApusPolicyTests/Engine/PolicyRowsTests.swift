import ApusSamples
import ApusWire
import Testing

@testable import ApusPolicy

@Suite("rows of a policy")
struct PolicyRowsTests {
    @Test("rules come first, their exceptions behind them, and these ask as their rule does")
    func order() {
        let inner = Condition { $0.ports = [3...3] }
        let outer = Condition {
            $0.ports = [2...2]
            $0.exceptions = [inner]
        }
        let rows = PolicyRows([
            .limit { $0.exceptions = [outer, Condition()] }, .allow { $0.exceptions = [inner] }, .deny(report: true),
        ])
        #expect(rows.conditions.map { $0.ports.first?.lowerBound } == [nil, nil, nil, 2, nil, 3, 3])
        #expect(rows.exceptions == [3..<5, 5..<6, 6..<6, 6..<7, 7..<7, 7..<7, 7..<7])
        #expect(rows.asks == [false, true, false, false, false, true, false])
        #expect(rows.takesAway == [true, false, true, false, false, true, true])
    }

    @Test("an address that was written as a name is an address")
    func addresses() throws {
        let rows = PolicyRows([.allow { $0.hosts = [.name("10.0.0.1"), .name("a.b"), .name("::1")] }])
        #expect(
            try rows.conditions[0].hosts == [.network(CIDR("10.0.0.1")), .name("a.b"), .network(CIDR("::1"))]
        )
    }

    @Test("a prefix is kept once where its two forms are the same")
    func prefixes() {
        let rests = ResidualTable(PolicyRows([.allow { $0.paths = ["/a/", "/b%2f", "//"] }]), lists: [:])
        #expect(rests.rows[0].paths == 0..<3 && !rests.rows[0].takesAway)
        #expect(rests.prefixes.map { $0.sent == $0.unified } == [true, false, false])
        let either = [PathForm.eitherSlash]
        let forms = ["/a/", "/b", "/b/", "//", "/"].map { Array($0.utf8) }
        #expect(rests.text == forms[0] + forms[1] + either + forms[2] + forms[3] + forms[4])
    }

    @Test("equal windows are kept once")
    func windows() {
        let rows = PolicyRows([
            .allow { $0.times = [TimeWindow(), TimeWindow(days: 1)] }, .allow { $0.times = [TimeWindow(days: 1)] },
        ])
        let rests = ResidualTable(rows, lists: [:])
        #expect(rests.windows == [TimeWindow(), TimeWindow(days: 1)] && rests.windowNumbers == [0, 1, 1])
        #expect(rests.rows[1].times == 2..<3 && rests.rows[1].parts == .times)
    }
}
