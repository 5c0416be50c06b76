import ApusWire
import Testing

@Suite("What the first bytes of a tunnel look like")
struct OpeningGuessTests {
    private func guess(_ text: String) -> OpeningGuess {
        let bytes = Array(text.utf8)
        return OpeningGuess(bytes.span)
    }

    @Test(
        "a request of HTTP/1, whole or the front of one",
        arguments: [
            "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET / HTTP/1.0\n", "POST /a?b HTTP/1.1\r\n", "OPTIONS * HTTP/1.1\r\n",
            "GET http://a.example/ HTTP/1.1\r\n", "M-SEARCH * HTTP/1.1\r\n", "GET /a",
            "BASELINE-CONTROL / HTTP/1.1\r\n",
            "GET / HTTP/1.1",
        ]
    )
    func request(_ text: String) { #expect(guess(text) == .request) }

    @Test("HEAD is told apart, for its answer has no content") func head() {
        #expect(guess("HEAD / HTTP/1.1\r\n\r\n") == .headRequest)
        #expect(guess("HEAP / HTTP/1.1\r\n\r\n") == .request)
    }

    @Test(
        "other protocols, and what is too short to tell",
        arguments: [
            "", "G", "GET", "GET ", "SSH-2.0-OpenSSH_9.9\r\n", "EHLO /a\r\n", "EHLO mail.example\r\n",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            "OPTIONS * RTSP/1.0\r\n", "GET /\r\n", "get / HTTP/1.1\r\n", "\u{16}\u{3}\u{1}", " GET / HTTP/1.1\r\n",
            "GET  / HTTP/1.1\r\n", "GET / HTTP/1.x\r\n", "GET / HTTP/2.0\r\n", "AAAAAAAAAAAAAAAAAAAAA / HTTP/1.1\r\n",
            "002egit-upload-pack /a\0", "GE / HTTP/1.1\r\n", "GET HTTP/1.1\r\n",
        ]
    )
    func other(_ text: String) { #expect(guess(text) == .other) }
}
