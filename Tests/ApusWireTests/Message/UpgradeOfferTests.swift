import Testing

@testable import ApusWire

@Suite struct UpgradeOfferTests {
    private func contains(_ offer: UpgradeOffer, _ name: String) -> Bool {
        let bytes = Array(name.utf8)
        return offer.contains(bytes.span, ByteRange(0, bytes.count))
    }

    @Test("protocols are kept as offered, whatever their case, but h2c")
    func names() {
        let some = offer("websocket, TLS/1.0 ,, H2C, h2c")
        #expect(some.count == 2)
        for name in ["websocket", "WebSocket", "tls/1.0"] { #expect(contains(some, name)) }
        for name in ["h2c", "tls", "TLS/1.1", "websocke", ""] { #expect(!contains(some, name)) }
        #expect(offer("h2c").isEmpty)
        #expect(offer(" ,").isEmpty)
        #expect(offer("h2").count == 1)
        #expect(offer("h2cx, xh2c, h3c").count == 3)
    }

    @Test("behind the fourth protocol nothing is taken")
    func capacity() {
        let some = offer("a, h2c, b, c, d, e")
        #expect(some.count == 4)
        #expect(contains(some, "d"))
        #expect(!contains(some, "e"))
    }

    @Test(
        "a protocol is a token, with a version behind one slash",
        arguments: ["web socket", "a/", "/1", "/", "a/b/c", "a;b", "\"a\"", "a, b c", "h2c; x"]
    )
    func malformed(_ value: String) {
        let bytes = Array(value.utf8)
        var offer = UpgradeOffer()
        #expect(throws: RequestFault.malformedUpgrade) {
            do throws(RequestFault) { try offer.add(bytes.span, ByteRange(0, bytes.count)) } catch { throw error }
        }
    }
}
