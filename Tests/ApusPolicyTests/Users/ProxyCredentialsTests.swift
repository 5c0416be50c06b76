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
    }

    @Test("Basic that is no UTF-8 is ISO-8859-1, and the same credentials as in UTF-8") func latin1() throws {
        // test:123 and a lone 0xa3; then 0xa3: in the name, and 0x80 and 0xff, the first and the last.
        #expect(try parse("Basic dGVzdDoxMjOj") == parse("Basic dGVzdDoxMjPCow=="))
        #expect(try parse("Basic ozp4") == .basic(user: "£", password: Secret("x")))
        #expect(try parse("Basic gDr/") == .basic(user: "\u{80}", password: Secret("\u{ff}")))
    }

    @Test("the same letters in other bytes are another name, and another password") func exact() throws {
        let (composed, decomposed) = ("jos\u{e9}", "jose\u{301}")
        let all = [
            ProxyCredentials.basic(user: composed, password: Secret("x")),
            .basic(user: decomposed, password: Secret("x")), .basic(user: composed, password: Secret("y")),
            .bearer(Secret("x")),
        ]
        #expect(Set(all + all).count == 4 && all[0] != all[1] && all[0] == all[0])
    }

    @Test(
        "control characters are told apart from what is malformed",
        // anna:NUL, anna:LF, anna:TAB, anna:DEL, BEL in the name, and one beside ISO-8859-1
        arguments: [
            "Basic YW5uYToA", "Basic YW5uYToK", "Basic YW5uYToJ", "Basic YW5uYTp/", "Basic BzphYg==", "Basic ozoK",
        ]
    )
    func control(text: String) { #expect(fault(text) == .controlCharacter) }

    @Test(
        "what is not written as Basic asks is malformed",
        arguments: [
            "Basic", "Basic ", "Basic=", "Basic YW5uYTo", "Basic YW5uYTo= ", "Basic YW5uYTo=, x", "Basic YW5uYQ==",
            "Basic\tYW5uYTo=", "Basic realm=\"x\"",
            "", " ", ",", "\"Basic\" x",
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
