import ApusReport
import ApusSamples
import Testing

@Suite("A field of a head in a line of the log") struct LoggedFieldTests {
    private func text(_ field: LoggedField, _ head: [UInt8]) -> String? { field.text(in: head.span) }
    private func plain(_ field: LoggedField, _ head: [UInt8]) -> Range<Int>? { field.plain(in: head.span) }

    @Test("is the text of its value; nil, and an empty place, where there is none") func text() {
        let head = Array("GET / HTTP/1.1\r\nUser-Agent: curl/8 (x)\r\nReferer: http://a.example/b\r\n\r\n".utf8)
        #expect(text(.userAgent, head) == "curl/8 (x)" && text(.referer, head) == "http://a.example/b")
        #expect(text(.contentType, head) == nil && plain(.contentType, head)?.isEmpty == true)
        #expect(plain(.userAgent, head).map { String(decoding: head[$0], as: UTF8.self) } == "curl/8 (x)")
    }

    @Test("is cut where it is too long, never within a character") func cut() {
        for count in 250...260 {
            let agent = String(repeating: "x", count: count) + "漢字"
            let head = Array("User-Agent: \(agent)\r\n".utf8)
            let shown = text(.userAgent, head) ?? ""
            #expect(shown.utf8.count <= 256 + "…".utf8.count && !shown.contains("\u{fffd}"))
            #expect(shown == agent || shown.hasSuffix("…") && agent.hasPrefix(shown.dropLast()))
        }
        let long = Array("Referer: http://a.example/\(String(repeating: "a", count: 2000))\r\n".utf8)
        #expect(text(.referer, long)?.utf8.count == 1024 + "…".utf8.count && plain(.referer, long) == nil)
    }

    @Test("has no plain place where JSON would escape a byte of it", arguments: hostileTexts)
    func escapes(_ hostile: String) {
        let head = Array("User-Agent: x\(hostile)y\r\n".utf8)
        guard let place = plain(.userAgent, head) else { return }
        var line: [UInt8] = []
        TextEscape.json.write(String(decoding: head[place], as: UTF8.self), into: &line)
        #expect(line[...] == head[place])
    }

    @Test(
        "a URL hides userinfo, and of its query what the log leaves out",
        arguments: [
            ("http://a.example/b", false, false), ("http://u:p@a.example/b", true, true),
            ("http://a.example/?page=2", false, true), ("http://a.example/?token=2", true, true),
            ("http://a.example/#access_token=2", true, true), ("http://a.example/%40", false, false),
        ]
    )
    func hidden(_ url: String, known: Bool, all: Bool) {
        let bytes = Array(url.utf8)
        #expect(LoggedField.isHidden(bytes.span, bytes.indices, .known) == known)
        #expect(LoggedField.isHidden(bytes.span, bytes.indices, .all) == all)
        #expect(LoggedField.isHidden(bytes.span, bytes.indices, .none) == url.contains("@"))
    }
}
