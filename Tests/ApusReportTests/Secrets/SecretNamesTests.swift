import Testing

@testable import ApusReport

@Suite("Names of fields that hold secrets") struct SecretNamesTests {
    private func match(_ names: SecretNames, _ name: String) -> Bool {
        let bytes = Array(name.utf8)
        return names.match(bytes.span)
    }

    @Test(
        "hold one of the words, in any case",
        arguments: [
            "Authorization", "X-Auth", "X-AuthToken", "PRIVATE-TOKEN", "X-Api-Key", "apikey", "X-Vault-Secret",
            "X-Session",
            "sessionid", "Cookie", "Set-Cookie2", "X-JWT-Assertion", "X-Password", "X-Amz-Credential",
            "Signature-Input",
            "X-Hub-Signature-256", "SAML-Assertion", "Ocp-Apim-Subscription-Key", "X-Goog-Authenticated-User-Email",
        ]
    )
    func secrets(name: String) { #expect(match(.standard, name)) }

    @Test(
        "others are shown, and so are challenges",
        arguments: [
            "Host", "Accept", "User-Agent", "WWW-Authenticate", "proxy-authenticate",
            "Access-Control-Allow-Credentials",
            "X-Author", "Kee-Y", "Content-Type", "",
        ]
    )
    func others(name: String) { #expect(!match(.standard, name)) }

    @Test("are what one sets") func own() {
        let own = SecretNames(["Tenant", ""])
        #expect(match(own, "x-tenant-id") && !match(own, "X-Token") && own.words == ["tenant", ""])
        #expect(SecretNames([]).isEmpty && !match(SecretNames([]), "Cookie"))
    }
}
