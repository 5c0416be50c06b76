import ApusWire
import Testing

@Suite struct PathTextTests {
    @Test("bytes beyond ASCII are percent-encoded, whether they are UTF-8 or not; all else stays")
    func text() {
        #expect(PathText.text(of: Array("/a%2f?b=c".utf8)) == "/a%2f?b=c")
        #expect(PathText.text(of: Array("/caf\u{e9}".utf8)) == "/caf%C3%A9")
        #expect(PathText.text(of: [0x2f, 0xe9, 0xff, 0x80]) == "/%E9%FF%80")
        #expect(PathText.text(of: [UInt8]()) == "")
    }
}
