import ApusPolicy
import Testing

@Suite("Where credentials stand in a field") struct CredentialsTextTests {
    private func find(_ value: String) throws(CredentialsFault) -> (CredentialsText.Scheme, String) {
        let bytes = Array("<\(value)>".utf8)
        let text = try CredentialsText(bytes.span, 1..<bytes.count - 1)
        return (text.scheme, String(decoding: bytes[text.range], as: UTF8.self))
    }

    @Test("is behind the scheme, in any case, and its spaces") func found() throws {
        for (value, scheme, text) in [
            ("Basic YTpi", .basic, "YTpi"), ("bASIC    YTpi", .basic, "YTpi"), ("BEARER t", .bearer, "t"),
            ("Basic", .basic, ""), ("Basic ", .basic, ""), ("Bearer a b", .bearer, "a b"),
        ] as [(String, CredentialsText.Scheme, String)] {
            let found = try find(value)
            #expect(found.0 == scheme && found.1 == text, "\(value)")
        }
    }

    @Test("is nowhere without a scheme that is known") func faults() {
        for (value, fault) in [
            ("", CredentialsFault.malformed), (" Basic a", .malformed), ("\"Basic\" a", .malformed),
            ("Basic=a", .malformed), ("Basic\tYTpi", .malformed), ("Digest a=b", .otherScheme),
            ("Basics a", .otherScheme), ("Basi a", .otherScheme), ("NTLM", .otherScheme),
        ] {
            #expect(throws: fault, "\(value)") { try find(value) }
        }
    }
}
