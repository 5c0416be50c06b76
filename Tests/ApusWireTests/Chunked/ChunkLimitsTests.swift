import ApusWire
import Testing

@Suite struct ChunkLimitsTests {
    @Test("a request has a sum for the message; a response a bound for each chunk, and a sum that grows")
    func standard() {
        let request = ChunkLimits()
        #expect(request.extensionBytes == 4096 && !request.growsWithData && request.chunkExtensionBytes == .max)
        let response = ChunkLimits.response()
        #expect(response.extensionBytes == 4096 && response.growsWithData && response.chunkExtensionBytes == 256)
    }

    @Test("numbers out of range are brought into it")
    func clamped() {
        #expect(ChunkLimits(digits: 99).digits == 16)
        #expect(ChunkLimits(digits: 0).digits == 1)
        #expect(ChunkLimits(extensionBytes: -1).extensionBytes == 0)
        #expect(ChunkLimits.response(extensionBytes: .max, chunkExtensionBytes: .max).chunkExtensionBytes == .max)
    }
}
