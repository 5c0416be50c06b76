import Testing

@testable import ApusConfig

@Suite struct HelpTextTests {
    @Test("the whole page names every option, common ones first, and fits every width", arguments: [40, 80, 100])
    func whole(_ columns: Int) throws {
        let help = HelpText(columns: columns).render(.whole)
        let lines = help.split(separator: "\n", omittingEmptySubsequences: false)
        for line in lines where line.count > columns {
            // What is to be typed is not broken.
            #expect(line.hasPrefix("  apus ") || line.hasPrefix("  curl ") || !line.trimmed.contains(" "), "\(line)")
        }
        for setting in Settings.all {
            #expect(lines.contains { $0.hasPrefix("  --\(setting.flag)") }, "\(setting.flag)")
        }
        let listen = try #require(lines.firstIndex { $0.hasPrefix("  --listen") })
        let limits = try #require(lines.firstIndex { $0.hasPrefix("  --max-") })
        #expect(listen < limits)
        #expect(lines.prefix(16).contains { $0.contains("curl -x http://127.0.0.1:3128") })
    }

    @Test("without a terminal a line has 80 characters and no escape; the widest has 100")
    func width() {
        #expect(HelpText().width == 80 && HelpText(columns: 300).width == 100 && HelpText(columns: 1).width == 40)
        #expect(!HelpText().render(.whole).utf8.contains(0x1b))
        #expect(HelpText(isStyled: true).render(.whole).contains("\u{1b}[1mExamples:\u{1b}[0m"))
    }

    @Test("each kind of block has its form")
    func blocks() {
        let page = HelpPage(
            name: "a b",
            summary: "Do it.",
            sections: [
                .init(HelpPage.usage, [.lines(["a b FILE"])]),
                .init(HelpPage.description, [.paragraph("First `one`."), .paragraph("Second.")]),
                .init("Options", [.heading("These"), .entry("--a", ["Says a.", "Twice. [off]"])]),
                .init("Examples", [.example(.init(line: "a b c", meaning: "Do c."))]),
            ]
        )
        #expect(
            HelpText(columns: 40).render(page) == """
                a b - Do it.

                Usage:
                  a b FILE

                First one.

                Second.

                These:
                  --a       Says a.
                            Twice. [off]

                Examples:
                  a b c
                      Do c.
                """
        )
    }

    @Test("a word longer than the column stays whole, and so does a default")
    func wrap() {
        #expect(HelpText.wrap("a bc defghij k", 4) == ["a bc", "defghij", "k"])
        #expect(HelpText.wrap("", 4) == [])
        #expect(HelpText.wrap("a [b c]", 6) == ["a", "[b c]"])
        #expect(HelpText.wrap("[b c]", 4) == ["[b", "c]"])
    }
}
