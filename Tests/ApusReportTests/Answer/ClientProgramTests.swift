import ApusReport
import ApusWire
import Testing

@Suite("A client's program") struct ClientProgramTests {
    private func program(_ text: String) -> ClientProgram {
        let bytes = Array("x: \(text)".utf8)
        return ClientProgram.of(bytes.span, ByteRange(3, bytes.count))
    }

    @Test("is known by what its User-Agent begins with") func names() {
        #expect(program("Java/17.0.9") == .java && program("git/2.39.5") == .git)
        for text in ["", "J", "Java", "java/17", "curl/8.5.0", "JavaFX/1", "Mozilla/5.0 Java/17", "github/1", "git"] {
            #expect(program(text) == .other, "\(text)")
        }
    }

    @Test("the field's name has any case") func fields() {
        for (name, isOne) in [
            ("User-Agent", true), ("USER-AGENT", true), ("user_agent", false), ("User-Agents", false), ("", false),
        ] {
            let bytes = Array(name.utf8)
            #expect(ClientProgram.isUserAgent(bytes.span, ByteRange(0, bytes.count)) == isOne)
        }
    }

    @Test("what it needs is told to those that need it") func hints() {
        #expect(ClientProgram.other.challengeHint == nil)
        #expect(ClientProgram.java.challengeHint?.contains("jdk.http.auth.tunneling.disabledSchemes") == true)
        #expect(ClientProgram.git.challengeHint?.contains("http.proxy http://USER@HOST:PORT") == true)
    }
}
