import ApusWire
import Testing

@Suite("Base64") struct Base64Tests {
    private func decode(_ text: String) -> [UInt8]? {
        let bytes = Array(text.utf8)
        return Base64.decode(bytes.span, 0..<bytes.count)
    }

    @Test(
        "the vectors of RFC 4648 §10",
        arguments: [
            ("", ""), ("Zg==", "f"), ("Zm8=", "fo"), ("Zm9v", "foo"), ("Zm9vYg==", "foob"), ("Zm9vYmE=", "fooba"),
            ("Zm9vYmFy", "foobar"), ("QWxhZGRpbjpvcGVuIHNlc2FtZQ==", "Aladdin:open sesame"),
        ]
    )
    func vectors(text: String, content: String) {
        #expect(decode(text) == Array(content.utf8))
        #expect(Base64.encode(Array(content.utf8)) == Array(text.utf8))
    }

    @Test("what is encoded is decoded again, whatever bytes there are") func both() {
        var generator = SystemRandomNumberGenerator()
        for count in 0..<200 {
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
            let text = Base64.encode(bytes)
            #expect(Base64.decode(text.span, 0..<text.count) == bytes)
        }
    }

    @Test("every byte has a spelling, with + and / among them") func everyByte() {
        #expect(decode("+/+/") == [0xfb, 0xff, 0xbf])
        #expect(decode("AAECAwQF") == [0, 1, 2, 3, 4, 5])
        #expect(decode("////") == [255, 255, 255])
    }

    @Test(
        "what is not canonical is none: missing or misplaced padding, other alphabets, white space, left-over bits",
        arguments: [
            "Z", "Zg", "Zg=", "Zm9", "Zg===", "====", "=", "Z===", "Zg==Zg==", "Zm=v", "Zm9-", "Zm9_", "Zm 9", "Zm9v\n",
            " Zm9v", "Zm9v ", "Zh==", "Zm9=", "Zm9v=", "Zé==",
        ]
    )
    func refused(text: String) { #expect(decode(text) == nil) }

    @Test("a run within other bytes is decoded by itself") func run() {
        let bytes = Array("Basic Zm9v, x".utf8)
        #expect(Base64.decode(bytes.span, 6..<10) == Array("foo".utf8))
    }
}
