import ApusFlow
import ApusWire
import Testing

@Suite("The protocol of a client") struct ClientProtocolTests {
    @Test("HTTP has a minor version and no word, SOCKS a word and no version") func words() {
        for minor in 0...9 as ClosedRange<UInt8> {
            #expect(ClientProtocol.http(minor: minor).minor == minor)
            #expect(ClientProtocol.http(minor: minor).word == nil)
        }
        #expect(ClientProtocol.unknown.minor == nil && ClientProtocol.unknown.word == nil)
        #expect(ClientProtocol.socks(.v4).word?.description == "socks4")
        #expect(ClientProtocol.socks(.v4a).word?.description == "socks4a")
        #expect(ClientProtocol.socks(.v5).word?.description == "socks5")
        #expect(ClientProtocol.socks(.v5).minor == nil)
        #expect(MemoryLayout<ClientProtocol>.size == 1)
    }
}
