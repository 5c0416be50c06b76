import Testing

@testable import ApusReport

@Suite struct TextEscapeTests {
    private func written(_ style: TextEscape, _ text: String) -> String {
        var bytes: [UInt8] = []
        style.write(text, into: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test("plain text is the same in every style")
    func plain() {
        for style in [TextEscape.json, .quoted, .percent, .terminal, .sentence, .html] {
            #expect(written(style, "http://o.example/a?b=c#d") == "http://o.example/a?b=c#d")
        }
    }

    @Test("a quote, a line break and an escape lose their power in every style")
    func power() {
        #expect(written(.json, "\"\n\u{1b}") == #"\"\n\u001b"#)
        #expect(written(.quoted, "\"\n") == #"\"\x0a"#)
        #expect(written(.percent, "\"\n ") == "%22%0A%20")
        #expect(written(.terminal, "a b\u{1b}") == #"a%20b\u{1b}"#)
        #expect(written(.sentence, "a b\u{9b}") == #"a b\u{9b}"#)
        #expect(written(.html, "<a href='x'>&\"") == "&lt;a href=&#39;x&#39;&gt;&amp;&quot;")
    }
}
