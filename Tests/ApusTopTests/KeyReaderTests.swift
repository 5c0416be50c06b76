import ApusTop
import Testing

@Suite struct KeyReaderTests {
    private static let typed: [(String, [Key])] = [
        ("q", [.character("q")]),
        ("\u{1b}[A\u{1b}[B\u{1b}OA\u{1b}OB", [.up, .down, .up, .down]),
        ("\u{1b}[5~\u{1b}[6~\u{1b}[H\u{1b}[F\u{1b}[1~\u{1b}[4~", [.pageUp, .pageDown, .home, .end, .home, .end]),
        ("\u{1b}[1;5A", [.up]),
        (
            "\r\n\t\u{1b}[Z\u{7f}\u{8}\u{3}\u{c}",
            [.enter, .enter, .tab, .backTab, .backspace, .backspace, .interrupt, .redraw]
        ),
        ("é漢🦅", [.character("é"), .character("漢"), .character("🦅")]),
        ("\u{1b}[200~x", [.character("x")]),
        ("\u{0}\u{1}z", [.character("z")]),
    ]

    @Test("keys are read alike however they are cut")
    func everyCut() {
        for (text, keys) in Self.typed {
            let bytes = Array(text.utf8)
            for step in 1...max(bytes.count, 1) {
                var reader = KeyReader()
                var read: [Key] = []
                for start in stride(from: 0, to: bytes.count, by: step) {
                    read += reader.feed(Array(bytes[start..<min(start + step, bytes.count)]))
                }
                #expect(read == keys)
                #expect(!reader.isPending)
            }
        }
    }

    @Test("an escape is a key of its own when nothing follows, or something else does")
    func escape() {
        var reader = KeyReader()
        #expect(reader.feed([0x1b]) == [])
        #expect(reader.isPending)
        #expect(reader.flush() == [.escape])
        #expect(reader.feed([0x1b, 0x71]) == [.escape, .character("q")])
        #expect(reader.flush() == [])
    }

    @Test("bytes that are no text are passed over")
    func invalid() {
        var reader = KeyReader()
        #expect(reader.feed([0xff, 0xfe, 0x80, 0x80, 0x61, 0x61]) == [.character("a"), .character("a")])
        #expect(reader.feed([0x1b, 0x5b] + [UInt8](repeating: 0x31, count: 40)).allSatisfy { $0 == .character("1") })
    }
}
