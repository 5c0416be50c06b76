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

    @Test("aliases stand for what they name, and merge keys fill in what is not given")
    func aliases() throws {
        let text =
            "base: &base { a: 1, b: 2 }\nx: { <<: *base, b: 3 }\ny: [*base, &s text, *s]\nz: { <<: [{ c: 4 }, *base], c: 5 }\n"
        let (root, faults) = read(text)
        #expect(faults == [])
        #expect(root?["x"]?["a"]?.text == "1")
        #expect(root?["x"]?["b"]?.text == "3")
        guard case .list(let items) = root?["y"]?.content else { throw Unexpected() }
        #expect(items[0]["b"]?.text == "2")
        #expect(items[2].text == "text")
        #expect(root?["z"]?["a"]?.text == "1")
        #expect(root?["z"]?["c"]?.text == "5")
        // What stands behind an anchor is told where it stands.
        #expect(root?["x"]?["a"]?.place.description == "f:1:18")
    }

    @Test("an alias that would multiply without end is refused, and quickly")
    func bomb() {
        var lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
        for level in 1...40 {
            lines.append("a\(level): &a\(level) [\(String(repeating: "*a\(level - 1), ", count: 10))x]")
        }
        let faults = read(lines.joined(separator: "\n")).faults
        #expect(faults.count == 1)
        #expect(faults.first?.hasSuffix("the file has more than 1000000 values") == true)
        let keys = "a: &a [x, x]\nb: &b { *a : x }\n? *b\n: x\n"
        #expect(read(keys).faults.count == 2)
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
                "f:2:1: this character cannot begin a text: put the text in quotes, and indent by spaces, not by tabs"
            ),
            (
                "a: @b",
                "f:1:4: this character cannot begin a text: put the text in quotes, and indent by spaces, not by tabs"
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
            ("a: *b\nbc: &bc x\n", "f:1:4: there is no &b above that *b could stand for"),
            (
                "a: *.example.org\n",
                "f:1:4: YAML takes a * in front for a reference; put it in quotes: \"*.example.org\""
            ),
            ("a: [*]\n", "f:1:5: YAML takes a * in front for a reference; put it in quotes: \"*\""),
            ("a: &a [*a]\n", "f:1:8: there is no &a above that *a could stand for"),
            ("a: { <<: x }\n", "f:1:10: << takes a mapping, or a list of mappings; this is a text"),
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

    @Test("a misspelt reference names the nearest")
    func nearestAnchor() {
        #expect(
            read("host: &host x\na: *hots\n").faults == [
                "f:2:4: there is no &hots above that *hots could stand for; did you mean *host?"
            ]
        )
    }

    @Test("bytes that are no UTF-8 are told with their place")
    func encoding() {
        var findings = Findings()
        _ = DocumentReader.read(file: "f", bytes: Array("a: b\nc: ".utf8) + [0xff, 0x0a], &findings)
        // U+FDD0 is what stands for a star while YAML is read.
        _ = DocumentReader.read(file: "g", bytes: [0x61, 0xef, 0xb7, 0x90], &findings)
        #expect(findings.faults.last?.message == "the character U+FDD0 cannot stand in a file of settings; remove it")
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
                "f:6:4: there is no &none above that *none could stand for",
                "f:7:1: a is given again; it is there in line 1 already",
            ]
        )
        #expect(root?["a"]?.text == "1")
    }

    @Test(
        "keys that cannot be told apart by a character are still one fault",
        arguments: ["'': 1\n'': 2\n", "&a x: 1\nx: 2\n"]
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
