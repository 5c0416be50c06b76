import ApusPolicy
import Testing

@Suite("hashed tokens") struct TokenHashTests {
    private let digits = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

    @Test("are the SHA-256 of the token in hexadecimal, in either case") func digest() {
        #expect(TokenHash(hashing: Secret("abc")).text == "sha256:\(digits)")
        #expect(TokenHash("sha256:\(digits)") == TokenHash(hashing: Secret("abc")))
        #expect(TokenHash("sha256:\(digits.uppercased())") == TokenHash(hashing: Secret("abc")))
        #expect(TokenHash("sha256:\(digits)") != TokenHash(hashing: Secret("abd")))
    }

    @Test("may be given as 32 bytes") func bytes() {
        let zeros = [UInt8](repeating: 0, count: 32)
        #expect(TokenHash(digest: zeros)?.text == "sha256:" + String(repeating: "0", count: 64))
        #expect(TokenHash(digest: zeros + [0]) == nil && TokenHash(digest: []) == nil)
    }

    @Test("anything else is none") func malformed() {
        for text in [
            digits, "sha256:", "sha256:\(digits)0", "sha256:\(digits.dropLast())", "sha256:\(digits.dropLast())g",
        ] {
            #expect(TokenHash(text) == nil)
        }
    }
}
