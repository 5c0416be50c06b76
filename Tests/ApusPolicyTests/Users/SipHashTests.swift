import ApusPolicy
import Testing

@Suite("SipHash") struct SipHashTests {
    /// The key of the paper's appendix: bytes 00 to 0f.
    private let key = SipHash.Key(0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908)

    private func hex(_ digest: SipHash.Digest) -> String {
        var text = ""
        for word in [digest.first, digest.second] {
            for i in 0..<8 {
                let byte = UInt8(truncatingIfNeeded: word >> UInt64(8 * i))
                text += (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }
        }
        return text
    }

    @Test(
        "the vectors of the reference code: so many bytes 00, 01, 02 and on",
        arguments: [
            (0, "a3817f04ba25a8e66df67214c7550293"), (1, "da87c1d86b99af44347659119b22fc45"),
            (2, "8177228da4a45dc7fca38bdef60affe4"), (3, "9c70b60c5267a94e5f33b6b02985ed51"),
            (7, "a1f1ebbed8dbc153c0b84aa61ff08239"), (15, "5493e99933b0a8117e08ec0f97cfc3d9"),
        ]
    )
    func vectors(count: Int, digest: String) {
        let bytes = (0..<count).map { UInt8($0) }
        #expect(hex(SipHash(key).finish(bytes.span, 0..<count)) == digest)
    }

    @Test("words taken before count as their eight bytes") func words() {
        let bytes = (0..<15).map { UInt8($0) }
        var hash = SipHash(key)
        hash.absorb(0x0706_0504_0302_0100)
        #expect(hash.finish(bytes.span, 8..<15) == SipHash(key).finish(bytes.span, 0..<15))
        let numbers = (0..<16).map { UInt8($0) } + [7, 8, 9]
        let (first, second) = (0x0706_0504_0302_0100 as UInt64, 0x0f0e_0d0c_0b0a_0908 as UInt64)
        #expect(SipHash.digest(key, first, second, numbers.span, 16..<19) == SipHash(key).finish(numbers.span, 0..<19))
    }

    @Test("another key, another digest") func keys() {
        let bytes = Array("Basic YTpi".utf8)
        let digests = (0..<64 as Range<UInt64>).map { SipHash(.init($0, ~$0)).finish(bytes.span, 0..<bytes.count) }
        #expect(Set(digests).count == 64)
        #expect(SipHash.Digest(1, 2) != SipHash.Digest(1, 3) && SipHash.Digest(1, 2) != SipHash.Digest(0, 2))
    }
}
