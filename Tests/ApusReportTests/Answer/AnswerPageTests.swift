import Testing

@testable import ApusReport

@Suite struct AnswerPageTests {
    @Test("a title and a paragraph are escaped, and the page is whole")
    func page() {
        var bytes: [UInt8] = []
        AnswerPage.begin(title: "<script>", into: &bytes)
        AnswerPage.paragraph("a & b", into: &bytes)
        AnswerPage.end(into: &bytes)
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.hasPrefix("<!DOCTYPE html>") && text.hasSuffix("</body>\n</html>\n"))
        #expect(!text.contains("<script>") && text.contains("<h1>&lt;script&gt;</h1>"))
        #expect(text.contains("<p>a &amp; b</p>"))
    }

    @Test("its policy lets nothing be loaded or run")
    func policy() {
        #expect(AnswerPage.policy.value.hasPrefix("default-src 'none'"))
        #expect(!AnswerPage.policy.value.contains("script"))
    }
}
