import Testing

@testable import ApusPolicy

@Suite("Text lines")
struct TextLinesTests {
    private func lines(_ text: String) -> [String] {
        let bytes = Array(text.utf8)
        var lines = TextLines()
        var found: [String] = []
        while let line = lines.next(bytes.span) { found.append(String(decoding: bytes[line], as: UTF8.self)) }
        #expect(lines.number == found.count)
        return found
    }

    @Test("lines come without blanks, CR and byte order mark, empty ones too")
    func lines() {
        #expect(lines("a\nb") == ["a", "b"])
        #expect(lines("a\n") == ["a"])
        #expect(lines("\u{feff} a b \r\n\n\t\nc\r") == ["a b", "", "", "c"])
        #expect(lines("") == [])
        #expect(lines("\n") == [""])
    }

    @Test("words and parts")
    func words() {
        let bytes = Array("  one\ttwo # three".utf8)
        let part = TextLines.part(bytes.span, 2..<bytes.count, before: 0x23)
        #expect(part == 2..<9)
        let first = TextLines.word(bytes.span, 0..<part.upperBound)
        #expect(first == 2..<5)
        #expect(TextLines.word(bytes.span, first.upperBound..<part.upperBound) == 6..<9)
        #expect(TextLines.word(bytes.span, 9..<part.upperBound).isEmpty)
        #expect(TextLines.part(bytes.span, 2..<5, before: 0x23) == 2..<5)
    }

    @Test("texts are compared in any case")
    func texts() {
        let bytes = Array("Some.RPZ-ip".utf8)
        let (some, kind) = (Array("some".utf8), Array(".rpz-ip".utf8))
        let equal = TextLines.equals(bytes.span, 0..<4, some)
        let longer = TextLines.equals(bytes.span, 0..<5, some)
        let suffix = TextLines.hasSuffix(bytes.span, 0..<11, kind)
        let shorter = TextLines.hasSuffix(bytes.span, 5..<11, kind)
        #expect(equal && suffix)
        #expect(!longer && !shorter)
    }
}
