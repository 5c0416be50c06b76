import Testing

@testable import ApusTop

@Suite struct TextWidthTests {
    @Test("wide characters take two columns, marks none")
    func width() {
        #expect(TextWidth.of("abc") == 3)
        #expect(TextWidth.of("漢字") == 4)
        #expect(TextWidth.of("ﾊﾝ") == 2)
        #expect(TextWidth.of("e\u{301}") == 1)
        #expect(TextWidth.of("🦅") == 2)
        #expect(TextWidth.of("ｱＡ") == 3)
        #expect(TextWidth.of("▁█…↑") == 4)
    }

    @Test("a text is cut where it ends, and never wider than its columns")
    func cut() {
        #expect(TextWidth.cut("abc", to: 3) == "abc")
        #expect(TextWidth.cut("abcd", to: 3) == "ab…")
        #expect(TextWidth.cut("漢字漢", to: 4) == "漢…")
        #expect(TextWidth.cut("漢字", to: 3) == "漢…")
        #expect(TextWidth.cut("漢", to: 1) == "…")
        #expect(TextWidth.cut("abc", to: 0) == "")
        for columns in 0...8 { #expect(TextWidth.of(TextWidth.cut("a漢e\u{301}🦅z字", to: columns)) <= columns) }
    }
}
