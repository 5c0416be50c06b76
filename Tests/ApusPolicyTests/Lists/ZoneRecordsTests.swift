import Testing

@testable import ApusPolicy

@Suite("Zone records")
struct ZoneRecordsTests {
    private struct Seen: Equatable {
        var words: [String]
        var line = 1
        var keepsOwner = false
        var isBroken = false
    }

    private func records(_ text: String) -> [Seen] {
        let bytes = Array(text.utf8)
        var records = ZoneRecords()
        var seen: [Seen] = []
        while records.next(bytes.span) {
            let words = records.words.map { String(decoding: bytes[$0], as: UTF8.self) }
            seen.append(
                Seen(words: words, line: records.start, keepsOwner: records.keepsOwner, isBroken: records.isBroken)
            )
        }
        return seen
    }

    @Test("words of records, without comments and blank lines")
    func words() {
        #expect(
            records("; head\n\na CNAME . ; why\r\n \t\n\tTXT \"a ; (b\" c\n") == [
                Seen(words: ["a", "CNAME", "."], line: 3),
                Seen(words: ["TXT", "\"a ; (b\"", "c"], line: 5, keepsOwner: true),
            ]
        )
    }

    @Test("parentheses join lines, and the line is the first")
    func parentheses() {
        #expect(
            records("a SOA b c (\n1 ; serial\n  2)\nb NS c\n( c\n NS d )") == [
                Seen(words: ["a", "SOA", "b", "c", "1", "2"]), Seen(words: ["b", "NS", "c"], line: 4),
                Seen(words: ["c", "NS", "d"], line: 5),
            ]
        )
    }

    @Test("a backslash takes the next byte along, but no end of line")
    func escapes() {
        #expect(records("a\\;b\\ c d\\\ne") == [Seen(words: ["a\\;b\\ c", "d\\"]), Seen(words: ["e"], line: 2)])
        #expect(records("\"a\\\"b\" c") == [Seen(words: ["\"a\\\"b\"", "c"])])
        #expect(records("a\\") == [Seen(words: ["a\\"])])
    }

    @Test("what is not closed, or not opened, is told")
    func broken() {
        #expect(
            records("a TXT \"b\nc") == [Seen(words: ["a", "TXT", "\"b"], isBroken: true), Seen(words: ["c"], line: 2)]
        )
        #expect(records("a )\n)\nc").map(\.isBroken) == [true, true, false])
        #expect(
            records("a\nb ( c\nd\n") == [Seen(words: ["a"]), Seen(words: ["b", "c", "d"], line: 2, isBroken: true)]
        )
        #expect(records("(") == [Seen(words: [], isBroken: true)])
    }

    @Test("a record keeps its first words only")
    func bounded() {
        #expect(records("1 2 3 4 5 6 7 8 9").first?.words == ["1", "2", "3", "4", "5", "6"])
    }
}
