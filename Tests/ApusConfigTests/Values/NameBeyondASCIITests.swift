import Testing

@testable import ApusConfig

@Suite("a name beyond ASCII")
struct NameBeyondASCIITests {
    @Test("it is refused with an example of what to write, and one in ASCII is not")
    func refused() {
        #expect(NameBeyondASCII.fault("xn--bcher-kva.example") == nil && NameBeyondASCII.fault("") == nil)
        let message = NameBeyondASCII.fault("bücher.example")?.message
        #expect(
            message?.hasPrefix("\"bücher.example\" is not in ASCII; write its xn-- form, as xn--bcher-kva.example ")
                == true
        )
    }

    @Test(
        "quotes of a word processor are told as quotes",
        arguments: [("“*.example.com”", "*.example.com"), ("„a.example“", "a.example"), ("‘a.example’", "a.example")]
    )
    func quotes(_ text: String, _ straight: String) {
        #expect(NameBeyondASCII.fault(text)?.message == "these are typographic quotes; write \"\(straight)\"")
    }

    @Test("the names of the admin page, of explain's URL and of --sni are told the same")
    func everywhere() throws {
        let file = SettingsFile(
            path: "f",
            bytes: Array("admin: { names: [bücher.example] }\nrules: none\n".utf8),
            FileAccess { (_, _) throws(FileAccess.Fault) in [] }
        )
        #expect(file.faults.count == 1 && file.faults.first?.description.contains("xn--bcher-kva.example") == true)
        let url = #expect(throws: SettingFault.self) {
            _ = try QuestionReader.read("http://bücher.example/", [:], now: 0)
        }
        #expect(url?.description.contains(NameBeyondASCII.hint) == true)
        let name = #expect(throws: SettingFault.self) { _ = try QuestionReader.serverName("bücher.example") }
        #expect(name?.description.contains(NameBeyondASCII.hint) == true)
    }
}
