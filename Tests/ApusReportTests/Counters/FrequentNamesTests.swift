import Testing

@testable import ApusReport

@Suite("The most frequent names")
struct FrequentNamesTests {
    private func add(_ name: String, _ times: Int = 1, to names: inout FrequentNames, now: UInt64 = 0) {
        let bytes = Array(name.utf8)
        for _ in 0..<times { names.add(bytes.span, bytes: 10, now: now) }
    }

    @Test("a few names are counted exactly") func few() {
        var names = FrequentNames()
        add("b.example", 3, to: &names)
        add("a.example", 5, to: &names)
        add("", to: &names)
        #expect(
            names.rows(limit: 10, now: 0) == [
                FrequentName(name: "a.example", requests: 5, bytes: 50),
                FrequentName(name: "b.example", requests: 3, bytes: 30),
            ]
        )
        #expect(names.rows(limit: 1, now: 0).map(\.name) == ["a.example"])
    }

    @Test("a name that comes most often is found among thousands that come once") func heavy() throws {
        var names = FrequentNames()
        for round in 0..<10_000 {
            add("rare-\(round).example", to: &names)
            if round % 4 == 0 { add("often.example", to: &names) }
        }
        let first = try #require(names.rows(limit: 1, now: 0).first)
        #expect(first.name == "often.example")
        #expect(first.requests <= 2500 && first.requests > 1000)
        #expect(names.rows(limit: 1000, now: 0).count <= 128)
    }

    @Test("what is a minute old counts half, and in the end nothing") func halves() {
        var names = FrequentNames()
        add("a.example", 8, to: &names)
        #expect(names.rows(limit: 1, now: 60_000_000).first?.requests == 4)
        #expect(names.rows(limit: 1, now: 59_999_999).first?.requests == 8)
        add("b.example", 1, to: &names, now: 120_000_000)
        #expect(names.rows(limit: 9, now: 120_000_000).map(\.requests) == [2, 1])
        #expect(names.rows(limit: 9, now: 6_000_000_000).isEmpty)
    }

    @Test("a long name is cut") func long() {
        var names = FrequentNames()
        add(String(repeating: "x", count: 400), to: &names)
        #expect(names.rows(limit: 1, now: 0).first?.name.count == 255)
    }
}
