import ApusPolicy
import Testing

@Suite("credentials of Proxy-Authorization") struct ProxyCredentialsTests {
    private func parse(_ text: String) throws(CredentialsFault) -> ProxyCredentials {
        let bytes = Array("<\(text)>".utf8)
        return try ProxyCredentials(bytes.span, 1..<bytes.count - 1)
    }

    private func fault(_ text: String) -> CredentialsFault? {
        do throws(CredentialsFault) {
            _ = try parse(text)
            return nil
        } catch {
            return error
        }
    }

    @Test("Basic is a name and a password, split at the first colon, in any case of the scheme") func basic() throws {
        let aladdin = ProxyCredentials.basic(user: "Aladdin", password: Secret("open sesame"))
        for scheme in ["Basic", "basic", "BASIC", "Basic  "] {
            #expect(try parse("\(scheme) QWxhZGRpbjpvcGVuIHNlc2FtZQ==") == aladdin)
        }
        // anna:a:b, anna:, :pw
        #expect(try parse("Basic YW5uYTphOmI=") == .basic(user: "anna", password: Secret("a:b")))
        #expect(try parse("Basic YW5uYTo=") == .basic(user: "anna", password: Secret("")))
        #expect(try parse("Basic OnB3") == .basic(user: "", password: Secret("pw")))
    }

    @Test("Basic is UTF-8: the example of RFC 7617 §2.1") func unicode() throws {
        #expect(try parse("Basic dGVzdDoxMjPCow==") == .basic(user: "test", password: Secret("123£")))
        // test:123 and a lone 0xa3, which is Latin-1; then 0xa3: in the name.
        #expect(fault("Basic dGVzdDoxMjOj") == .malformed)
        #expect(fault("Basic ozp4") == .malformed)
    }

    @Test(
        "what is not written as Basic asks is malformed",
        arguments: [
            "Basic", "Basic ", "Basic=", "Basic YW5uYTo", "Basic YW5uYTo= ", "Basic YW5uYTo=, x", "Basic YW5uYQ==",
            "Basic\tYW5uYTo=", "Basic realm=\"x\"",
            // anna:NUL, anna:LF, anna:DEL, BEL in the name
            "Basic YW5uYToA", "Basic YW5uYToK", "Basic YW5uYTp/", "Basic BzphYg==", "", " ", ",", "\"Basic\" x",
        ]
    )
    func malformed(text: String) { #expect(fault(text) == .malformed) }

    @Test("Bearer is a b64token") func bearer() throws {
        for token in ["a", "mF_9.B5f-4.1JqM", "a.b.c==", "+/~-._AZaz09"] {
            #expect(try parse("bearer \(token)") == .bearer(Secret(token)))
        }
        for token in ["", "=", "a b", "a=b", "a,b", "é", "\"a\""] { #expect(fault("Bearer \(token)") == .malformed) }
        #expect(fault("Bearer") == .malformed)
    }

    @Test("another scheme is told apart from a fault", arguments: ["Digest a=b", "Negotiate YII=", "Basics x", "NTLM"])
    func otherScheme(text: String) { #expect(fault(text) == .otherScheme) }
}
