import Testing

@testable import ApusReport

@Suite("What a thread counts by name")
struct NameTallyTests {
    private func counts(_ tally: NameTally) -> [String: TopCount] {
        var all: [String: TopCount] = [:]
        tally.each { name, count in all[String(decoding: name, as: UTF8.self)] = count }
        return all
    }

    @Test("each name counts for itself") func names() {
        var tally = NameTally(seed: 7)
        for (name, bytes, refused) in [
            ("a.example", 10, false), ("b.example", 5, true), ("a.example", 1, true), ("a.exampl", 2, false),
        ] { tally.add(Array(name.utf8).span, bytes: UInt64(bytes), isRefused: refused) }
        #expect(
            counts(tally) == [
                "a.example": TopCount(requests: 2, refused: 1, bytes: 11),
                "b.example": TopCount(requests: 1, refused: 1, bytes: 5), "a.exampl": TopCount(requests: 1, bytes: 2),
            ]
        )
    }

    @Test("what is beyond the most names is counted without one, and the known ones go on") func bounded() {
        var tally = NameTally(seed: 1)
        for round in 0..<3 {
            for number in 0..<1200 where round < 2 || number < 10 {
                tally.add(Array("host-\(number).example".utf8).span, bytes: 1, isRefused: false)
            }
        }
        let all = counts(tally)
        #expect(tally.count == NameTally.most && all.count == 1001)
        #expect(all["host-9.example"]?.requests == 3 && all["host-999.example"]?.requests == 2)
        #expect(all[""] == TopCount(requests: 400, bytes: 400))
    }

    @Test("a name that is too long is cut, and an address has four bytes or sixteen") func lengths() {
        var tally = NameTally(seed: 2)
        tally.add([UInt8](repeating: 0x61, count: 300).span, bytes: 0, isRefused: false)
        tally.add(high: 0, low: 0x7f00_0001, isV6: false, bytes: 3, isRefused: true)
        tally.add(high: 0x2001_0db8_0000_0000, low: 0x0a12, isV6: true, bytes: 4, isRefused: false)
        tally.add(high: 0, low: 0x7f00_0001, isV6: false, bytes: 3, isRefused: true)
        var names: [[UInt8]] = []
        tally.each { name, _ in names.append(Array(name)) }
        #expect(names[0].count == 255 && names[1] == [127, 0, 0, 1])
        #expect(names[2] == [0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x0a, 0x12] && names.count == 3)
    }
}
