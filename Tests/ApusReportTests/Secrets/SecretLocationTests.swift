import Testing

@testable import ApusReport

@Suite struct SecretLocationTests {
    @Test("userinfo of a request target is never shown")
    func userinfo() {
        let lines = [
            "GET http://u:p@o.example/a@b?c@d HTTP/1.1": "GET http://(redacted)@o.example/a@b?c@d HTTP/1.1",
            "GET http://u@p@o.example HTTP/1.1": "GET http://(redacted)@o.example HTTP/1.1",
            "GET http://u:p@\u{301}o.example/ HTTP/1.1": "GET http://(redacted)@\u{301}o.example/ HTTP/1.1",
            "CONNECT u:p@o.example:443 HTTP/1.1": "CONNECT (redacted)@o.example:443 HTTP/1.1",
            "GET u:p@o.example/": "GET (redacted)@o.example/",
            "GET https://u:p@o.example/a HTTP/1.1": "GET https://(redacted)@o.example/a HTTP/1.1",
        ]
        for (line, shown) in lines { #expect(SecretLocation.line(line, redactingQueries: false) == shown) }
    }

    @Test(
        "of a target that is none nothing is shown from the segment on that may be userinfo",
        arguments: [
            ("http:/u:pw@h/", "http:/"), ("//u:pw@h/", "//"), ("//ghp_token@h", "//"), ("http:///u:pw@h", "http:///"),
            ("HTTPS:/u:pw@h", "HTTPS:/"), ("/http://u:pw@h/", "/"), ("http://u:p/w@h/", "http://"),
            ("http://u:p?w@h", "http://"), ("http://u:p#w@h", "http://"), ("u:p/w@h", ""), ("ftp://u:pw@h/", ""),
            ("/a//u:pw@h", "/a//"), ("http://[::1]:x/a@b", "http://"), ("http:/u:pw%40h", "http:/"),
            ("http://u:pw%40h/", "http://"), ("u:pw%40h:443", ""),
        ]
    )
    func odd(target: String, shown: String) {
        for redaction in [QueryRedaction.none, .known, .all] {
            let line = SecretLocation.line("GET \(target) HTTP/1.1", redactingQueries: redaction)
            #expect(line == "GET \(shown) HTTP/1.1")
        }
    }

    @Test(
        "what holds no @, or one in a path alone, hides nothing",
        arguments: [
            "http:/h", "foo:bar", "http://h:99999/x", "//h:x", "", "http://h/%41", "/a%4", "/a@b:c", "http://h:80/a@b",
            "http://[::1]/a@b", "http://h?a@b",
        ]
    )
    func harmless(target: String) {
        let bytes = Array(target.utf8)
        let hidden = SecretLocation.hidden(bytes.span, 0, bytes.count)
        #expect(hidden.range == bytes.count..<bytes.count && !hidden.isUserinfo)
        #expect(SecretLocation.line("GET \(target) HTTP/1.1", redactingQueries: .none) == "GET \(target) HTTP/1.1")
    }

    @Test(
        "of the beginning of a target nothing is shown from the segment on that may be the beginning of userinfo",
        arguments: [
            ("http://u:pw", "http://"), ("http://host", "http://host"), ("http://h:80", "http://"),
            ("http://h:80/a:b", "http://h:80/a:b"), ("http://u:pw/x", "http://"), ("//u:pw", "//"), ("u:pw", ""),
            ("/a:b", "/a:b"), ("host", "host"), ("http:/u:p", "http:/"), ("", ""), ("http://u:pw@h/a", "http://h/a"),
        ]
    )
    func beginning(target: String, shown: String) {
        let bytes = Array(target.utf8)
        let hidden = SecretLocation.hidden(bytes.span, 0, bytes.count, isWhole: false).range
        #expect(String(decoding: bytes[..<hidden.lowerBound] + bytes[hidden.upperBound...], as: UTF8.self) == shown)
    }

    @Test("values of well-known names are not shown, in queries and fragments, one by one") func known() {
        let lines = [
            "GET http://o.example/a?token=b&c=d HTTP/1.1": "GET http://o.example/a?token=…&c=d HTTP/1.1",
            "GET /a?c=d HTTP/1.1": "GET /a?c=d HTTP/1.1",
        ]
        for (line, shown) in lines { #expect(SecretLocation.line(line, redactingQueries: .known) == shown) }
        #expect(
            SecretLocation.shown("https://o.example/#access_token=1", redactingQueries: .known, isOne: true)
                == "https://o.example/#access_token=…"
        )
        let link = "<https://u:p@o.example/?key=1>; rel=\"next\", <//o.example/?q=2&sig=3>; title=\"a\""
        let shown = "<https://(redacted)@o.example/?key=…>; rel=\"next\", <//o.example/?q=2&sig=…>; title=\"a\""
        #expect(SecretLocation.shown(link, redactingQueries: .known, isOne: false) == shown)
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
