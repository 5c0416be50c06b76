import Apus
import ApusPolicy
import Testing

@Suite("credentials for a parent")
struct ParentCredentialsTests {
    @Test("the first colon parts user and password; white space around them is not theirs")
    func parsing() throws {
        let plain = try #require(ParentCredentials(parsing: "anna:secret\n"))
        #expect(plain == ParentCredentials(user: "anna", password: "secret"))
        #expect(ParentCredentials(parsing: "anna:a:b c") == ParentCredentials(user: "anna", password: "a:b c"))
        #expect(ParentCredentials(parsing: "anna:") == ParentCredentials(user: "anna", password: ""))
        for text in ["", "anna", ":secret", "an\tna:secret", "anna:se\u{7f}cret", "anna:x\ny:z"] {
            #expect(ParentCredentials(parsing: text) == nil, "\(text)")
        }
    }

    @Test("nothing of them is shown")
    func hidden() {
        let credentials = ParentCredentials(user: "anna", password: "secret")
        var parent = ParentSettings(name: "office", host: "proxy.example", port: 8080)
        parent.credentials = credentials
        var dumped = ""
        dump(parent, to: &dumped)
        for text in [
            "\(credentials)", String(reflecting: credentials), "\(parent)", String(reflecting: parent), dumped,
        ] {
            #expect(!text.contains("anna") && !text.contains("secret"), "\(text)")
        }
    }

    @Test("each protocol says what it cannot carry, and nothing of them")
    func carried() {
        func faults(_ user: String, _ password: String) -> [Bool] {
            let credentials = ParentCredentials(user: user, password: password)
            return ParentSettings.Scheme.allCases.map { credentials.whyNot(for: $0) != nil }
        }
        #expect(faults("anna", "secret") == [false, false, false])
        #expect(faults("an:na", "secret") == [true, false, false])
        #expect(faults("anna", "") == [false, true, true])
        #expect(faults(String(repeating: "a", count: 256), "secret") == [false, true, true])
        #expect(faults("", "secret") == [true, true, true])
        #expect(faults("anna", "a\nb") == [true, true, true])
    }
}
