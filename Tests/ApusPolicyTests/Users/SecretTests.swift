import ApusPolicy
import Testing

@Suite("a secret") struct SecretTests {
    @Test("shows itself in no text that is made of it or of what holds it") func hidden() {
        let credentials: [ProxyCredentials] = [
            .basic(user: "anna", password: Secret("sesame")), .bearer(Secret("sesame")),
        ]
        for credential in credentials {
            var dumped = ""
            dump(credential, to: &dumped)
            for text in ["\(credential)", String(reflecting: credential), dumped] {
                #expect(!text.contains("sesame") && !text.contains("115") && !text.isEmpty, "\(text)")
            }
        }
    }

    @Test("is equal to the same bytes alone") func equality() {
        #expect(Secret("abc") == Secret([97, 98, 99]))
        #expect(Secret("abc") != Secret("abd") && Secret("abc") != Secret("ab") && Secret("") == Secret([]))
    }
}
