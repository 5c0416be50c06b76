import ApusReport
import ApusSamples
import Testing

@Suite struct HelpPageTests {
    private func response(_ page: HelpPage, _ form: ReplyFormat) throws -> Response {
        var bytes: [UInt8] = []
        page.append(to: &bytes, form: form, secondsSince1970: 0)
        return try #require(Response(bytes))
    }

    @Test("the page tells how to use the proxy, with its own address", arguments: ReplyFormat.allCases)
    func recipes(_ form: ReplyFormat) throws {
        let response = try response(HelpPage(listener: "127.0.0.1:3128"), form)
        #expect(response.statusLine == "HTTP/1.1 200 OK")
        #expect(response.field("content-length") == String(response.content.count))
        #expect(response.field("content-type") == (form == .html ? ReplyFormat.html : .text).mediaType.description)
        #expect(response.field("connection") == "keep-alive")
        for part in [
            "curl -x http://127.0.0.1:3128 ", "git config", "Acquire::http::Proxy", "pip install", "Port: 3128",
        ] {
            #expect(response.text.contains(part), "\(part)")
        }
        #expect(response.text.contains("HTTP proxy: 127.0.0.1\n"))
    }

    @Test("an IPv6 listener keeps its brackets, and the answer to HEAD has no content")
    func variants() throws {
        #expect(try response(HelpPage(listener: "[::1]:3128"), .text).text.contains("HTTP proxy: [::1]\n"))
        let head = try response(HelpPage(listener: "[::1]:3128", close: true, headOnly: true), .html)
        #expect(head.content.isEmpty)
        #expect(head.field("connection") == "close")
    }

    @Test("an address from a Host field stays text", arguments: hostileTexts)
    func injection(_ text: String) throws {
        let page = try response(HelpPage(listener: text), .html).text
        let plain = try response(HelpPage(listener: "h:1"), .html).text
        for mark in ["<", ">"] as [Character] {
            #expect(page.filter { $0 == mark }.count == plain.filter { $0 == mark }.count)
        }
        #expect(!hasPower(page.utf8.filter { $0 != 0x0a }))
    }
}
