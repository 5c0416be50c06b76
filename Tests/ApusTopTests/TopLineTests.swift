import Testing

@testable import ApusTop

@Suite struct TopLineTests {
    @Test("a column is filled, aligned and cut, and what has power is escaped")
    func columns() {
        var line = TopLine(20, colour: false)
        line.put("ab", width: 4)
        line.put("cd", width: 4, rightAligned: true)
        line.put("\u{1b}[2J")
        line.finish()
        #expect(String(decoding: line.bytes, as: UTF8.self) == "ab     cd \\u{1b}[2J")
        #expect(line.left == 0 || line.left == 20 - 19)
    }

    @Test("a chosen line is inverse to its end, without styles in it")
    func chosen() {
        var line = TopLine(5, colour: true, chosen: true)
        line.put("a", .red)
        line.finish()
        #expect(String(decoding: line.bytes, as: UTF8.self) == "\u{1b}[7ma    \u{1b}[0m")
        #expect(line.left == 0)
    }
}
