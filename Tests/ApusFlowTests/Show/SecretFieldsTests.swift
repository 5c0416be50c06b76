import Testing

@testable import ApusFlow

@Suite struct SecretFieldsTests {
    private func shown(_ name: String, _ value: String, redactingQueries: Bool = false) -> String {
        SecretFields.shown(name, value, redactingQueries: redactingQueries)
    }

    @Test("credentials keep their scheme alone", arguments: ["Authorization", "proxy-authorization"])
    func credentials(_ name: String) {
        #expect(shown(name, "Basic YWxpY2U6cGFzcw==") == "Basic (redacted)")
        #expect(shown(name, "bearer  eyJh.x.y") == "bearer (redacted)")
        #expect(shown(name, "Digest username=\"alice\", response=\"00\"") == "Digest (redacted)")
        #expect(shown(name, "Negotiate") == "Negotiate")
        #expect(shown(name, "") == "")
    }

    @Test("a word that is no known scheme may be the secret itself")
    func bareKey() {
        #expect(shown("Authorization", "sk-12345") == "(redacted)")
        #expect(shown("Authorization", "sk-12345 67") == "(redacted)")
        #expect(shown("Authorization", "Basic\u{301} YWxpY2U=") == "(redacted)")
    }

    @Test("cookies keep their names")
    func cookies() {
        #expect(shown("Cookie", "sid=abc; theme=dark") == "sid=(redacted); theme=(redacted)")
        #expect(shown("cookie", "a=b=c;d=e") == "a=(redacted); d=(redacted)")
        #expect(shown("Cookie", "nameless; a=1") == "(redacted); a=(redacted)")
        #expect(shown("Cookie", "") == "")
        #expect(shown("Cookie", "a=1;\u{301}b=2") == "a=(redacted); \u{301}b=(redacted)")
    }

    @Test("a cookie that is set keeps its attributes")
    func setCookie() {
        let value = "sid=abc; Path=/; Expires=Wed, 21 Oct 2015 07:28:00 GMT; Secure; SameSite=Lax"
        let redacted = "sid=(redacted); Path=/; Expires=Wed, 21 Oct 2015 07:28:00 GMT; Secure; SameSite=Lax"
        #expect(shown("Set-Cookie", value) == redacted)
        #expect(shown("Set-Cookie", "sid=abc; token=def; flag") == "sid=(redacted); token=(redacted); (redacted)")
        #expect(
            shown("Set-Cookie", "a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT, b=2") == "a=(redacted); Expires=(redacted)"
        )
    }

    @Test("a name that ends in one of the words holds a secret")
    func words() {
        for name in ["X-Auth-Token", "X-API-KEY", "client-secret", "X-Password", "Token", "X-Amz-Security-Token"] {
            #expect(shown(name, "abc") == "(redacted)")
        }
        for name in ["Host", "Accept", "X-Tokens", "Monkey", "ETag", "WWW-Authenticate", "Keystone"] {
            #expect(shown(name, "abc") == "abc")
        }
        #expect(shown("X-Token", "") == "")
    }

    @Test("a field that holds a URL shows no userinfo, and no query if they are redacted")
    func locations() {
        #expect(shown("Location", "https://u:p@o.example/a?b") == "https://(redacted)@o.example/a?b")
        #expect(shown("Referer", "http://o.example/a?b#c", redactingQueries: true) == "http://o.example/a?…")
        #expect(shown("Host", "o.example?", redactingQueries: true) == "o.example?")
    }
}
