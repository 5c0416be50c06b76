import Testing

@testable import ApusFlow

@Suite struct SecretLocationTests {
    @Test("userinfo of a request target is never shown")
    func userinfo() {
        let lines = [
            "GET http://u:p@o.example/a@b?c@d HTTP/1.1": "GET http://(redacted)@o.example/a@b?c@d HTTP/1.1",
            "GET http://u@p@o.example HTTP/1.1": "GET http://(redacted)@o.example HTTP/1.1",
            "GET http://u:p@\u{301}o.example/ HTTP/1.1": "GET http://(redacted)@\u{301}o.example/ HTTP/1.1",
            "CONNECT u:p@o.example:443 HTTP/1.1": "CONNECT (redacted)@o.example:443 HTTP/1.1",
            "GET u:p@o.example/": "GET (redacted)@o.example/",
            "GET //u:p@o.example/ HTTP/1.1": "GET //(redacted)@o.example/ HTTP/1.1",
        ]
        for (line, shown) in lines { #expect(SecretLocation.line(line, redactingQueries: false) == shown) }
    }

    @Test(
        "a line without secrets stays as it is",
        arguments: [
            "GET http://o.example/a@b?c=d HTTP/1.1", "CONNECT [::1]:443 HTTP/1.1", "OPTIONS * HTTP/1.1",
            "GET /a@b HTTP/1.0", "HTTP/1.1 200 What? me@example", "HTTP/1.1 204 ", "HTTP/1.1 204", "GET", "", " ", "  ",
        ]
    )
    func kept(_ line: String) {
        #expect(SecretLocation.line(line, redactingQueries: false) == line)
    }

    @Test("a query is cut from its mark on, and a fragment too")
    func queries() {
        let lines = [
            "GET http://o.example/a?b=c?d HTTP/1.1": "GET http://o.example/a?… HTTP/1.1",
            "GET /a?b HTTP/1.1": "GET /a?… HTTP/1.1",
            "HTTP/1.1 200 What? yes": "HTTP/1.1 200 What? yes",
        ]
        for (line, shown) in lines { #expect(SecretLocation.line(line, redactingQueries: true) == shown) }
        #expect(
            SecretLocation.shown("https://o.example/#token=1", redactingQueries: true, isOne: true)
                == "https://o.example/#…"
        )
        let link = "<https://u:p@o.example/?p=1>; rel=\"next\", <//o.example/?q>"
        let shown = "<https://(redacted)@o.example/?…>; rel=\"next\", <//o.example/?…>"
        #expect(SecretLocation.shown(link, redactingQueries: true, isOne: false) == shown)
    }
}
