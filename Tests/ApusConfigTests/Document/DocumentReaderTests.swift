import ApusPolicy
import Testing

@testable import ApusConfig

@Suite struct DocumentReaderTests {
    private func read(_ text: String) -> (root: SettingsNode?, faults: [String]) {
        var findings = Findings()
        let root = DocumentReader.read(file: "f", bytes: Array(text.utf8), &findings)
        return (root, findings.sorted().faults.map(\.description))
    }

    @Test("scalars, lists and mappings have the line and column where they stand, keys too")
    func places() throws {
        let root = try #require(read("a: 1\n\nb:\n  - x\n  - { c: \"y\" }\n").root)
        guard case .mapping(let entries) = root.content else { throw Unexpected() }
        #expect(entries.map(\.key) == ["a", "b"])
        #expect(entries.map(\.place.description) == ["f:1:1", "f:3:1"])
        #expect(root["a"]?.place.description == "f:1:4")
        guard case .list(let items) = root["b"]?.content else { throw Unexpected() }
        #expect(items.map(\.place.description) == ["f:4:5", "f:5:5"])
        #expect(items[1]["c"] == SettingsNode(.scalar("y"), SourcePosition(file: "f", line: 5, column: 10)))
    }

    private struct Unexpected: Error {}

    @Test("columns count characters, not bytes", arguments: ["ü: [é, 1]", "\u{feff}ü: [é, 1]"])
    func columns(_ text: String) throws {
        guard case .list(let items) = read(text).root?["ü"]?.content else { throw Unexpected() }
        #expect(items.map(\.place.column) == [5, 8])
    }

    @Test("nothing, ~ and null are empty; in quotes they are texts; a * that is not in front is one too")
    func scalars() {
        let root = read("a:\nb: ~\nc: null\nd: \"null\"\ne: ''\nf: a*b\ng: \"*.x\"\nh: |\n  *\n").root
        for key in ["a", "b", "c"] { #expect(root?[key]?.content == .empty) }
        #expect(root?["d"]?.text == "null")
        #expect(root?["e"]?.text == "")
        #expect(root?["f"]?.text == "a*b")
        #expect(root?["g"]?.text == "*.x")
        #expect(root?["h"]?.text == "*\n")
    }

    @Test(
        "a file that says nothing has no root and no fault",
        arguments: ["", "\n", "# only a comment\n", "---\n", "\u{feff}"]
    )
    func nothing(_ text: String) {
        #expect(read(text).faults == [])
        #expect(read(text).root == nil || read(text).root?.content == .empty)
    }

    @Test(
        "anchors, aliases, merge keys and tags are refused with their place, wherever a value or a key may stand",
        arguments: [
            ("&r x", [1]), ("a: &r x", [4]), ("a: &r", [4]), ("&r a: x", [1]), ("- &r x", [3]), ("a: [x, &r [y]]", [8]),
            ("a: { b: &r { c: 1 } }", [9]), ("a: { b: [{ &r c: 1 }] }", [12]), ("a: &r 'x'", [4]),
            ("a: *r", [4]), ("*r : x", [1]), ("- *r", [3]), ("a: [x, *r]", [8]), ("a: { b: *r }", [9]),
            ("a: { b: [{ *r : 1 }] }", [12]), ("a: &r [*r]", [4, 8]),
            ("<<: { a: 1 }", [1]), ("a: { <<: *r, b: 1 }", [6]), ("- { <<: [*r, *s] }", [5]),
            ("a: [{ b: { <<: x } }]", [12]),
            ("a: !r x", [4]), ("!r a: x", [1]), ("- !!int 1", [3]), ("a: { b: !!set { c: } }", [9]),
            ("a: &r !s x", [4, 4]),
        ]
    )
    func refused(_ text: String, _ columns: [Int]) {
        // What stands in front of it and behind it is read on, and its faults are told too.
        var findings = Findings()
        _ = DocumentReader.read(file: "f", bytes: Array((text + "\n").utf8), &findings)
        #expect(findings.faults.map(\.place) == columns.map { SourcePosition(file: "f", line: 1, column: $0) })
    }

    @Test("what is refused is told in one go with what else is wrong, and no value comes of a reference")
    func refusedTogether() {
        let (root, faults) = read("base: &base { a: 1 }\nx: { <<: *base, b: 3, b: 4 }\ny: *base\n")
        #expect(
            faults == [
                "f:1:7: YAML's anchors are not taken: leave &base out, and write the value wherever it is needed (lists and groups "
                    + "name hosts and users once), or in quotes if a text is meant: \"&base\"",
                "f:2:6: << puts no other mapping in here; write the keys that it stands for, or \"<<\" for a text",
                "f:2:23: b is given again; it is there in line 2 already",
                "f:3:4: YAML's aliases are not taken: in place of *base write the value itself (lists and groups name hosts and "
                    + "users once), or in quotes if a text is meant: \"*base\"",
            ]
        )
        #expect(root?["x"]?["a"] == nil && root?["x"]?["b"]?.text == "3")
        #expect(root?["y"]?.content == .faulty)
    }

    @Test("in quotes, in a block and inside a text the same characters are text, keys too")
    func marksAsTexts() {
        let (root, faults) = read("a: \"*r\"\nb: '&r x'\nc: x &r *r\n\"<<\": '!r'\n'*r': |\n  *r\n")
        #expect(faults == [])
        #expect(root?["a"]?.text == "*r" && root?["b"]?.text == "&r x" && root?["c"]?.text == "x &r *r")
        #expect(root?["<<"]?.text == "!r" && root?["*r"]?.text == "*r\n")
    }

    @Test("aliases that would multiply without end are refused, each once")
    func bomb() {
        var lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
        for level in 1...40 {
            lines.append("a\(level): &a\(level) [\(String(repeating: "*a\(level - 1), ", count: 10))x]")
        }
        #expect(read(lines.joined(separator: "\n")).faults.count == 41 + 40 * 10)
    }

    @Test(
        "each fault in the syntax has its place and says what to mend",
        arguments: [
            (
                "a: b: c",
                "f:1:5: a second colon in one line: put the text in quotes, or begin a new line with more indentation"
            ),
            (
                "a:\n\t- b",
                "f:2:1: this is a tab: indent by spaces"
            ),
            (
                "a: @b",
                "f:1:4: @ cannot begin a text: put the text in quotes"
            ),
            ("a: \"b\nc: d\n", "f:1:4: the quotes that begin here are never closed"),
            ("a: [b, c\nd: e\n", "f:2:2: expected a comma or ] for the [ in line 1"),
            ("a: {b: c\n", "f:2:1: expected a comma or } for the { in line 1"),
            (
                "a:\n  b: 1\n c: 2\n",
                "f:3:2: expected a key here: its indentation fits no line above, or a text in quotes goes on behind them"
            ),
            (
                "a: \"b\" c\n",
                "f:1:8: expected a key here: its indentation fits no line above, or a text in quotes goes on behind them"
            ),
            ("a:\n- b\nc\n", "f:3:1: expected a colon and a space behind this key"),
            ("- a\nb: c\n", "f:2:1: expected an item of the list, - and a space, with the indentation of those above"),
            ("a: - b\n", "f:1:4: a list cannot begin here: put its first - on a new line"),
            ("a: \"\\q\"\n", "f:1:5: this is no escape that YAML knows: write \\\\, or use single quotes"),
            ("a: 1\n---\nb: 2\n", "f:2:1: a second document begins here; a file has one"),
            ("listen: [::1]:3128\n", "f:1:10: an address in brackets needs quotes: \"[::1]:3128\""),
            ("listen: [127.0.0.1:1, [::1]:3128]\n", "f:1:24: an address in brackets needs quotes: \"[::1]:3128\""),
            (
                "a: [b, ::1]\n",
                "f:1:8: expected a value here: a text that begins with a colon or a comma needs quotes, as \"::1\""
            ),
            ("a: !!int 1\n", "f:1:4: tags such as !!int are not needed here; leave it out"),
            (
                "a: *.example.org\n",
                "f:1:4: YAML takes a * in front for a reference; put it in quotes: \"*.example.org\""
            ),
            ("a: [x, *.b.org, y]\n", "f:1:8: YAML takes a * in front for a reference; put it in quotes: \"*.b.org\""),
            ("*.b.org: x\n", "f:1:1: YAML takes a * in front for a reference; put it in quotes: \"*.b.org\""),
            ("a: &.b\n", "f:1:4: YAML takes a & in front for a reference; put it in quotes: \"&.b\""),
            ("a: [*]\n", "f:1:5: YAML takes a * in front for a reference; put it in quotes: \"*\""),
            ("? [a]\n: b\n", "f:1:3: a key is a text; this is a list or a mapping"),
            ("a: b\u{7}\n", "f:1:5: the character U+0007 cannot stand in a file of settings; remove it"),
            ("a: b\r\nc: \u{80}\n", "f:2:4: the character U+0080 cannot stand in a file of settings; remove it"),
        ]
    )
    func syntax(_ text: String, _ fault: String) {
        let faults = read(text).faults
        #expect(faults.count == 1)
        #expect(faults.first?.hasPrefix(fault) == true, "\(faults)")
    }

    @Test("bytes that are no UTF-8 are told with their place")
    func encoding() {
        var findings = Findings()
        _ = DocumentReader.read(file: "f", bytes: Array("a: b\nc: ".utf8) + [0xff, 0x0a], &findings)
        _ = DocumentReader.read(file: "g", bytes: [0x61, 0xef, 0xbf, 0xbe], &findings)
        #expect(findings.faults.last?.message == "the character U+FFFE cannot stand in a file of settings; remove it")
        #expect(
            findings.faults.prefix(1).map(\.description) == ["f:2:4: these bytes are no UTF-8; save the file as UTF-8"]
        )
    }

    @Test("every key that is there twice is told, and what else is wrong too; the first one counts")
    func repeated() {
        let text = "a: 1\nb: 2\na: 3\nc: { x: 1, 'x': 2, \"x\": 3 }\nb: 4\nd: *none\na: 5\n"
        let (root, faults) = read(text)
        #expect(
            faults == [
                "f:3:1: a is given again; it is there in line 1 already",
                "f:4:12: x is given again; it is there in line 4 already",
                "f:4:20: x is given again; it is there in line 4 already",
                "f:5:1: b is given again; it is there in line 2 already",
                "f:6:4: YAML's aliases are not taken: in place of *none write the value itself (lists and groups name hosts and "
                    + "users once), or in quotes if a text is meant: \"*none\"",
                "f:7:1: a is given again; it is there in line 1 already",
            ]
        )
        #expect(root?["a"]?.text == "1")
    }

    @Test(
        "keys that cannot be told apart by a character are still one fault",
        arguments: ["'': 1\n'': 2\n", "\"x\": 1\nx: 2\n"]
    )
    func repeatedOddly(_ text: String) {
        let faults = read(text).faults
        #expect(faults.count == 1)
        #expect(
            faults.first?.contains("more than once") == true || faults.first?.contains("given again") == true,
            "\(faults)"
        )
    }

    @Test("a document nested without end is a fault", arguments: ["[", "{a: ", "- ", "? "])
    func depth(_ text: String) {
        #expect(read(String(repeating: text, count: 5000)).faults.count == 1)
    }
}
