import ApusReport
import ApusWire
import Testing

@Suite struct ReplyFormatTests {
    @Test(
        "the form follows Accept",
        arguments: [
            ("", ReplyFormat.text), ("*/*", .text), ("text/html", .html), ("TEXT/HTML", .html),
            ("application/json", .json),
            ("application/problem+json", .json), ("text/plain", .text), ("text/*", .text), ("application/*", .json),
            ("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8", .html),
            ("application/json, text/plain, */*", .json), ("text/plain, application/json", .text),
            ("text/html;q=0.5, */*", .text), ("text/html;q=0.5, application/json;q=0.6", .json),
            ("text/html;q=0, */*", .text), ("text/plain;q=0, */*;q=0.1", .html), ("*/*, text/html", .html),
            ("text/html;level=1;Q=0.4, application/json;q=0.3", .html), ("image/png", .text), ("text/html;q=0", .text),
            (" text/html ; q=1.000 ", .html), ("text/html;q=1.5, application/json;q=0.1", .json),
            ("text/html;q=x, application/json", .json), (",,;,text/html;", .html), ("text/html;q=0.0001", .text),
            ("application/json;q=1.001,text/html;q=0.001", .html), ("text/htm", .text), ("text/html-x", .text),
        ]
    )
    func choice(_ accept: String, _ form: ReplyFormat) {
        let bytes = Array("Accept: \(accept)\r\n".utf8)
        #expect(ReplyFormat.choose(bytes.span, ByteRange(8, bytes.count - 2)) == form)
    }

    @Test("any bytes are a preference for something, and every cut of a field too")
    func robust() {
        let bytes = Array("text/html;q=0.5;x, application/json;q=,;;q=1,*/*;q=0.333".utf8)
        for start in bytes.indices {
            for end in start...bytes.count {
                let form = ReplyFormat.choose(bytes.span, ByteRange(start, end))
                #expect(ReplyFormat.allCases.contains(form))
            }
        }
        #expect(ReplyFormat.choose(bytes.span, ByteRange(0, bytes.count + 9)) == ReplyFormat.html)
    }
}
