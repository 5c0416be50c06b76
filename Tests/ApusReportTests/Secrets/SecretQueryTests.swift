import Testing

@testable import ApusReport

@Suite("Secrets in queries") struct SecretQueryTests {
    @Test(
        "are the values of names that are well known, however they are spelt",
        arguments: [
            "token", "access_token", "accessToken", "ACCESS-TOKEN", "csrf.token", "tokens", "id%5Ftoken", "%74oken",
            "client_secret", "password", "passwd", "passwort", "user[password]", "db_pwd", "api_key", "apikey",
            "X-Api-Key",
            "AWSAccessKeyId", "X-Amz-Signature", "X-Amz-Credential", "X-Amz-Security-Token", "X-Goog-Signature", "jwt",
            "session", "PHPSESSIONID", "session_id", "auth", "authorization", "oauth_nonce", "auth_code",
            "author_authorization", "client_assertion", "bearer_token", "privateKey", "key", "sig", "sid", "pass", "pw",
        ]
    )
    func names(name: String) {
        for (text, shown) in [
            ("/a?\(name)=s3cr3t", "/a?\(name)=…"), ("/a?b=c&\(name)=s3=cr3t/&d", "/a?b=c&\(name)=…&d"),
            ("?x;\(name)=a;\(name)=b", "?x;\(name)=…;\(name)=…"), ("/cb#\(name)=s&b=c", "/cb#\(name)=…&b=c"),
            ("/a?\(name)=", "/a?\(name)="), ("/a?\(name)", "/a?\(name)"),
        ] {
            #expect(SecretQuery.shown(text, .known) == shown)
        }
        #expect(SecretQuery.isSecret(pair: "\(name)=x") && !SecretQuery.isSecret(pair: "x=\(name)"))
    }

    @Test(
        "are not all values",
        arguments: [
            "q", "page", "author", "authors", "coauthor", "keyword", "monkey", "design", "side", "passenger", "assign",
            "compass", "tok", "en", "", "s%65", "%", "%7", "é",
        ]
    )
    func others(name: String) {
        let text = "/token=a/secret?\(name)=value&&=x"
        #expect(SecretQuery.shown(text, .known) == text && !SecretQuery.isSecret(pair: "\(name)=value"))
    }

    @Test("a query is shown, redacted as a whole, or not at all") func redactions() {
        let text = "/a?token=b&c=d"
        #expect(SecretQuery.shown(text, .none) == text && SecretQuery.shown("/a", .all) == "/a")
        #expect(SecretQuery.shown(text, .all) == "/a?…" && SecretQuery.shown(text, .all, mark: "...") == "/a?...")
        #expect(SecretQuery.shown(text, .known, mark: "...") == "/a?token=...&c=d")
        #expect(SecretQuery.shown("/token=b", .known) == "/token=b")
        let (yes, no): (QueryRedaction, QueryRedaction) = (true, false)
        #expect(yes == .all && no == .none)
    }
}
