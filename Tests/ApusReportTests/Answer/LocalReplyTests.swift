import ApusPolicy
import ApusReport
import ApusSamples
import ApusWire
import Testing

@Suite struct LocalReplyTests {
    private func response(_ answer: LocalReply, _ form: ReplyFormat = .text) throws -> Response {
        var bytes: [UInt8] = []
        answer.append(to: &bytes, form: form, secondsSince1970: 784_111_777)
        return try #require(Response(bytes))
    }

    private let denied = LocalReply(
        status: 403,
        error: .httpRequestDenied,
        sentence: "No rule allows example.com.",
        hint: "Start with --allow-to example.com.",
        id: 0xabc
    )

    @Test("an answer is a whole response that tells why, and what it is not told", arguments: ReplyFormat.allCases)
    func head(_ form: ReplyFormat) throws {
        let response = try response(denied, form)
        #expect(response.statusLine == "HTTP/1.1 403 Forbidden")
        #expect(response.field("date") == "Sun, 06 Nov 1994 08:49:37 GMT")
        #expect(response.field("content-type") == form.mediaType.description)
        #expect(response.field("content-length") == String(response.content.count))
        #expect(response.field("cache-control") == "no-store")
        #expect(response.field("proxy-status") == "apus; error=http_request_denied")
        #expect(response.field("connection") == "close")
        #expect(response.field("server") == nil)
        for part in [
            "No rule allows example.com.", "--allow-to", "0000000000000abc", "http_request_denied", "Forbidden",
        ] {
            #expect(response.text.contains(part), "\(part)")
        }
        #expect(response.text.hasSuffix("\n"))
    }

    @Test("without a hint, an id and an error none is shown", arguments: ReplyFormat.allCases)
    func bare(_ form: ReplyFormat) throws {
        let response = try response(LocalReply(status: 503, sentence: "Busy.", close: false), form)
        #expect(response.field("proxy-status") == nil)
        #expect(response.field("connection") == "keep-alive")
        #expect(!response.text.contains("Decision"))
        #expect(!response.text.contains("decision_id"))
    }

    @Test("a rule and whom to ask are told where they are given", arguments: ReplyFormat.allCases)
    func rule(_ form: ReplyFormat) throws {
        var answer = denied
        #expect(try !response(answer, form).text.lowercased().contains("rule:"))
        answer.rule = "no <social> media"
        answer.contact = "proxy-team@example.org"
        let told = try response(answer, form).text
        #expect(told.contains(form == .html ? "no &lt;social&gt; media" : "no <social> media"))
        #expect(told.contains("proxy-team@example.org"))
    }

    @Test("a page says that a proxy refuses, which host, and whom to ask") func refuser() throws {
        var answer = denied
        answer.host = "www.<social>.example"
        #expect(
            try response(answer, .html).text.contains("This proxy does not let you reach www.&lt;social&gt;.example;")
        )
        #expect(try !response(answer, .html).text.contains("Ask whoever"))
        answer.hint = nil
        #expect(try response(answer, .html).text.contains("Ask whoever runs this proxy"))
        answer.contact = "the web team"
        let asked = try response(answer, .html).text
        #expect(asked.contains("Ask the web team.") && !asked.contains("Ask whoever"))
        // How often is no question of the host.
        answer.status = 429
        #expect(try !response(answer, .html).text.contains("This proxy does not let you reach"))
        answer.error = .dnsError
        answer.status = 502
        #expect(try !response(answer, .html).text.contains("This proxy does not let you reach"))
    }

    @Test("a phrase of its own stands in the status line, and the id behind it") func phrase() throws {
        var answer = denied
        answer.phrase = "Denied by rule \"\(String(repeating: "n", count: RuleWords.longestPhrase - 17))\""
        let line = try response(answer).statusLine
        #expect(line.hasPrefix("HTTP/1.1 403 Denied by rule \"n") && line.hasSuffix("n\" (id 0000000000000abc)"))
        #expect(line.utf8.count == "HTTP/1.1 403 ".utf8.count + 80)
        #expect(try response(answer).text.contains("403 Forbidden"))
        answer.id = nil
        answer.phrase = "Forbidden"
        #expect(try response(answer).statusLine == "HTTP/1.1 403 Forbidden")
    }

    @Test("the answer to HEAD has the length but not the content", arguments: ReplyFormat.allCases)
    func headOnly(_ form: ReplyFormat) throws {
        var answer = denied
        answer.headOnly = true
        let response = try response(answer, form)
        #expect(response.content.isEmpty)
        #expect(response.field("content-length") == String(try self.response(denied, form).content.count))
    }

    @Test("the text is a few lines")
    func text() throws {
        #expect(
            try response(denied).text == """
                403 Forbidden
                No rule allows example.com.
                Start with --allow-to example.com.
                Reason: http_request_denied
                Decision: 0000000000000abc

                """
        )
    }

    @Test("the JSON is a problem document")
    func json() throws {
        let members = try StrictJSON.members(try response(denied, .json).content.dropLast())
        #expect(
            members == [
                "title": "Forbidden", "status": "403", "detail": "No rule allows example.com.",
                "hint": "Start with --allow-to example.com.", "proxy_error": "http_request_denied",
                "decision_id": "0000000000000abc",
            ]
        )
    }

    @Test("the page needs nothing from elsewhere and may do nothing")
    func page() throws {
        let response = try response(denied, .html)
        let policy = try #require(response.field("content-security-policy"))
        #expect(policy.contains("default-src 'none'"))
        #expect(response.text.hasPrefix("<!DOCTYPE html>"))
        #expect(response.text.contains("color-scheme:light dark"))
        for outside in ["http:", "https:", "src=", "href=", "url(", "@import", "<script"] {
            #expect(!response.text.contains(outside))
        }
    }

    @Test("text of a peer stays text in every form", arguments: hostileTexts)
    func injection(_ text: String) throws {
        var answer = denied
        answer.title = text
        answer.sentence = "Host \(text)."
        answer.hint = text
        let html = try response(answer, .html).text
        let plainHTML = try response(denied, .html).text
        for mark in ["<", ">", "\"", "'"] as [Character] {
            #expect(html.filter { $0 == mark }.count == plainHTML.filter { $0 == mark }.count, "\(mark)")
        }
        #expect(!hasPower(html.utf8.filter { $0 != 0x0a }))
        let members = try StrictJSON.members(try response(answer, .json).content.dropLast())
        #expect(members["detail"] == "Host \(text).")
        #expect(members["title"] == text)
        let plain = try response(answer).content
        #expect(plain.filter { $0 == 0x0a }.count == 5)
        #expect(!hasPower(plain.filter { $0 != 0x0a }))
    }

    @Test("further fields are sent, and can neither end their line nor have a name that is none")
    func fields() throws {
        var answer = denied
        answer.fields = [
            FieldLine("Retry-After", "3"), FieldLine("Allow", "GET\r\nSet-Cookie: a=b"), FieldLine("X y", "1"),
            FieldLine("Evil\r\nX", "1"), FieldLine("", "1"),
        ]
        let response = try response(answer, .html)
        #expect(response.field("retry-after") == "3")
        #expect(response.field("allow") == "GET  Set-Cookie: a=b")
        #expect(response.fields.count == 10)
        #expect(response.field("set-cookie") == nil)
    }

    @Test("parameters of the error go into Proxy-Status")
    func parameters() throws {
        let answer = LocalReply(
            status: 502,
            error: .dnsError,
            parameters: [.init("rcode", .string("NXDOMAIN\r\nX: y"))],
            sentence: "No such name."
        )
        #expect(try response(answer).field("proxy-status") == "apus; error=dns_error; rcode=\"NXDOMAIN??X: y\"")
    }

    @Test("every fault of a request and of a response makes an answer")
    func faults() throws {
        for fault in RequestFault.allCases {
            let response = try response(LocalReply(fault, id: 1))
            #expect(response.statusLine.hasPrefix("HTTP/1.1 \(fault.status) "))
            #expect(response.field("proxy-status") == "apus; error=\(fault.proxyErrorType.token)")
            #expect(response.field("connection") == "close")
            #expect(response.text.contains(fault.sentence.description))
        }
        for fault in ResponseFault.allCases {
            let response = try response(LocalReply(fault, close: false))
            #expect(response.statusLine == "HTTP/1.1 502 Bad Gateway")
            #expect(response.field("proxy-status") == "apus; error=\(fault.proxyErrorType.token)")
            #expect(response.field("connection") == "keep-alive")
        }
    }
}
