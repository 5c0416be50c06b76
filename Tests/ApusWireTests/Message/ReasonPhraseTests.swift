import ApusWire
import Testing

@Suite struct ReasonPhraseTests {
    @Test(
        "a registered status has its phrase, another that of its class",
        arguments: [
            (200, "OK"), (101, "Switching Protocols"), (304, "Not Modified"), (407, "Proxy Authentication Required"),
            (431, "Request Header Fields Too Large"), (502, "Bad Gateway"), (299, "Successful"), (499, "Client Error"),
            (599, "Server Error"), (0, "Unknown"), (600, "Unknown"),
        ] as [(UInt16, String)]
    )
    func phrases(_ status: UInt16, _ phrase: String) {
        #expect(ReasonPhrase.of(status).description == phrase)
    }
}
