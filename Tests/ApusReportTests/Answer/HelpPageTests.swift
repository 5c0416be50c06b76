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

    @Test("the admin page is named where it is told, and only there", arguments: ReplyFormat.allCases)
    func page(_ form: ReplyFormat) throws {
        let url = "http://127.0.0.1:9128/"
        let told = try response(HelpPage(listener: "127.0.0.1:3128", page: url), form)
        #expect(told.text.contains("What passes through it is shown at "))
        #expect(told.text.contains(form == .html ? "<a href=\"\(url)\">\(url)</a>" : url))
        #expect(try !response(HelpPage(listener: "127.0.0.1:3128"), form).text.contains("is shown at"))
    }

    @Test("the page's policy lets the script run that copies, by its hash, and nothing else")
    func script() throws {
        let page = try response(HelpPage(listener: "127.0.0.1:3128"), .html)
        let policy = try #require(page.field("content-security-policy"))
        let parts = page.text.split(separator: "<script>", maxSplits: 1)
        let script = try #require(parts.last?.split(separator: "</script>", maxSplits: 1).first)
        #expect(policy.contains("script-src 'sha256-\(SHA256.base64(Array(script.utf8)))';"))
        #expect(policy.hasPrefix("default-src 'none';") && !policy.contains("script-src 'unsafe"))
        // A long line is broken, not cut off.
        #expect(page.text.contains("white-space:pre-wrap"))
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
