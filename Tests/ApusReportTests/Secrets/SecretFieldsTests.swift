import Testing

@testable import ApusReport

@Suite struct SecretFieldsTests {
    private func shown(_ name: String, _ value: String, redactingQueries: QueryRedaction = .none) -> String {
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

    @Test(
        "of cookies their number is shown, for a token with padding looks like a name; on wish the names, never values"
    )
    func cookies() {
        #expect(shown("Cookie", "eyJhbGciOiJIUzI1NiJ9==; theme=dark") == "(redacted); (redacted)")
        #expect(shown("Cookie", "") == "")
        func named(_ value: String) -> String {
            SecretFields.shown("cookie", value, redactingQueries: .none, names: SecretNames(["token"]))
        }
        #expect(named("sid=abc; theme=dark") == "sid=(redacted); theme=(redacted)")
        #expect(named("a=b=c;d=e") == "a=(redacted); d=(redacted)")
        #expect(named("nameless; a=1") == "(redacted); a=(redacted)" && named("") == "")
        #expect(named("a=1;\u{301}b=2") == "a=(redacted); \u{301}b=(redacted)")
    }

    @Test("a cookie that is set keeps its attributes")
    func setCookie() {
        let value = "sid=abc; Path=/; Expires=Wed, 21 Oct 2015 07:28:00 GMT; Secure; SameSite=Lax"
        let redacted = "(redacted); Path=/; Expires=Wed, 21 Oct 2015 07:28:00 GMT; Secure; SameSite=Lax"
        #expect(shown("Set-Cookie", value) == redacted)
        #expect(shown("Set-Cookie", "sid=abc; token=def; flag") == "(redacted); (redacted); (redacted)")
        #expect(
            shown("Set-Cookie", "a=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT, b=2") == "(redacted); (redacted)"
        )
        let named = SecretFields.shown("Set-Cookie", value, redactingQueries: .none, names: SecretNames([]))
        #expect(named == "sid=" + redacted)
    }

    @Test("a name that holds one of the words holds a secret")
    func words() {
        for name in ["X-Auth-Token", "X-API-KEY", "client-secret", "X-Password", "Token", "X-Amz-Security-Token"] {
            #expect(shown(name, "abc") == "(redacted)")
        }
        for name in ["Host", "Accept", "ETag", "WWW-Authenticate", "X-Forwarded-For"] {
            #expect(shown(name, "abc") == "abc")
        }
        #expect(shown("X-Token", "") == "")
    }

    @Test("a value that begins with the scheme of credentials is one, wherever it stands")
    func values() {
        #expect(shown("X-Forwarded-Access", "Bearer eyJh.x.y") == "Bearer (redacted)")
        #expect(shown("X-Upstream", "basic\tYTpi") == "basic (redacted)")
        #expect(shown("X-Plan", "Basic") == "Basic" && shown("X-Plan", "Basics a") == "Basics a")
        #expect(shown("Sec-WebSocket-Protocol", "base64url.bearer.authorization.k8s.io.dG9rZW4") == "(redacted)")
        #expect(shown("Signature", "keyId=\"a\",signature=\"b\"") == "(redacted)")
    }

    @Test("a challenge is shown, but for what belongs to a handshake") func challenges() {
        for name in ["WWW-Authenticate", "proxy-authenticate"] {
            for value in ["Basic realm=\"a\"", "Bearer realm=\"a\"", "Negotiate", "Digest nonce=\"1\""] {
                #expect(shown(name, value) == value)
            }
            #expect(shown(name, "Negotiate YIIZ") == "Negotiate (redacted)")
            #expect(shown(name, "NTLM TlRMTVNTUAAC") == "NTLM (redacted)")
        }
    }

    @Test("whether a field is shown as it is") func secret() {
        for (name, value, isSecret) in [
            ("Cookie", "a=b", true), ("Accept", "Bearer x", true), ("Accept", "*/*", false), ("X-Key", "", false),
            ("Location", "http://u:p@h/", true), ("Location", "http://h/?token=1", false),
        ] {
            #expect(SecretFields.isSecret(name, value, names: .standard) == isSecret, "\(name)")
        }
    }

    @Test("a field that holds a URL shows no userinfo, and no query if they are redacted")
    func locations() {
        #expect(shown("Location", "https://u:p@o.example/a?b") == "https://(redacted)@o.example/a?b")
        #expect(shown("Referer", "http://o.example/a?b#c", redactingQueries: true) == "http://o.example/a?…")
        #expect(shown("Host", "o.example?", redactingQueries: true) == "o.example?")
    }
}
