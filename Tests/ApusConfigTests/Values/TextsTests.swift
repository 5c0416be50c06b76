import Testing

@testable import ApusConfig

@Suite struct TextsTests {
    @Test(
        "a text is written so that YAML reads it back as it was, in a list too",
        arguments: [
            "plain", "two words", "", "~", "null", "*.example.org", "a: b", "a #b", "- x", "[::1]:3128", "say \"hi\"",
            "back\\slash",
            "a,b", "tab\there", "line\nbreak", "{a}", "?", ":", "@x", "\u{1b}", "naïve", " space ", "10.0.0.0/8", "&a",
            "!x", "'",
        ]
    )
    func yaml(_ text: String) throws {
        var findings = Findings()
        let file = "a: \(YAMLText.scalar(text))\nb: \(YAMLText.list([text, text]))\n"
        let root = try #require(
            DocumentReader.read(file: "f", bytes: Array(file.utf8), &findings),
            "\(findings.faults)"
        )
        #expect(root["a"]?.text == text)
        guard case .list(let items) = root["b"]?.content else {
            Issue.record("no list")
            return
        }
        #expect(items.map(\.text) == [text, text])
    }

    @Test("a text in JSON is escaped")
    func json() {
        #expect(JSONText.quoted("a\"b\\c\n\t\r\u{1}é") == "\"a\\\"b\\\\c\\n\\t\\r\\u0001é\"")
    }

    @Test("plain lines and tokens refuse what could forge a line")
    func plain() throws {
        #expect(try PlainText.line("proxy team") == "proxy team")
        #expect(throws: ValueFault.self) { try PlainText.line("a\r\nb") }
        #expect(throws: ValueFault.self) { try PlainText.line(String(repeating: "x", count: 501)) }
        #expect(try PlainText.token("X-Team") == "X-Team")
        #expect(throws: ValueFault.self) { try PlainText.token("X Team") }
        #expect(throws: ValueFault.self) { try PlainText.token("") }
    }

    @Test("a relative path is one from the folder of the file that names it")
    func paths() {
        #expect(FilePath.resolve("a.txt", beside: "/etc/apus/apus.yaml") == "/etc/apus/a.txt")
        #expect(FilePath.resolve("../a.txt", beside: "conf/apus.yaml") == "conf/../a.txt")
        #expect(FilePath.resolve("a.txt", beside: "apus.yaml") == "a.txt")
        #expect(FilePath.resolve("/a.txt", beside: "/etc/apus/apus.yaml") == "/a.txt")
    }
}
