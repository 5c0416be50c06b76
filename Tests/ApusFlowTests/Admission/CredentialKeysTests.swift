import ApusPolicy
import ApusWire
import Testing

@testable import ApusFlow

@Suite("The keys of credentials") struct CredentialKeysTests {
    private let keys = CredentialKeys(basic: SipHash.Key(1, 2), bearer: SipHash.Key(3, 4))
    private let here = IPAddress(v4: 0x0a00_0001)

    /// The digest of the field's text, and the one of what it decodes to.
    private func digests(_ value: [UInt8], from client: IPAddress? = nil) throws -> (SipHash.Digest, SipHash.Digest) {
        let text = try CredentialsText(value.span, 0..<value.count)
        let credentials = try ProxyCredentials(value.span, 0..<value.count)
        return (
            keys.digest(of: text, in: value.span, from: client ?? here),
            keys.digest(of: credentials, from: client ?? here)
        )
    }

    private func basic(_ pair: [UInt8], _ scheme: String = "Basic ") -> [UInt8] {
        Array(scheme.utf8) + Base64.encode(pair)
    }

    @Test("are one for a name and a password, however the field spells them") func spellings() throws {
        let pair = Array("bj\u{f6}rn:d\u{f6}r".utf8)
        let key = try digests(basic(pair)).0
        for scheme in ["basic ", "bASIC ", "BASIC      "] {
            let (text, decoded) = try digests(basic(pair, scheme))
            #expect(text == key && decoded == key)
        }
        // In ISO-8859-1, as older clients send it.
        let (_, decoded) = try digests(basic(Array("bj".utf8) + [0xf6] + Array("rn:d".utf8) + [0xf6, 0x72]))
        #expect(decoded == key)
    }

    @Test("of all that is decoded are those of the text, whatever bytes there are") func random() throws {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            let pair = (0..<Int.random(in: 0...24, using: &generator)).map { _ in
                UInt8.random(in: 0x20...0x7e, using: &generator)
            }
            let (text, decoded) = try digests(basic(pair + [0x3a] + pair.reversed()))
            #expect(text == decoded, "\(pair)")
        }
        let (token, decoded) = try digests(Array("Bearer aGVsbG86d29ybGQ=".utf8))
        #expect(token == decoded)
    }

    @Test("tell schemes, addresses, and where a name ends and a password begins apart") func different() throws {
        let text = Base64.encode(Array("hello:world".utf8))
        var seen: Set<SipHash.Digest> = []
        for value in [Array("Basic ".utf8) + text, Array("Bearer ".utf8) + text, basic(Array("hell:oworld".utf8))] {
            for client in ["10.0.0.1", "10.0.0.2", "2001:db8::a00:1"].compactMap({ IPAddress($0) }) {
                #expect(seen.insert(try digests(value, from: client).0).inserted)
            }
        }
        let mapped = try #require(IPAddress("::ffff:10.0.0.1"))
        #expect(seen.contains(try digests(Array("Basic ".utf8) + text, from: mapped).0) && seen.count == 9)
    }
}
