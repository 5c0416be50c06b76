import ApusPolicy
import ApusWire
import Testing

@testable import Apus

@Suite("The keys of hashes") struct HashKeysTests {
    /// Numbers that anybody could foretell.
    private struct Counting: RandomNumberGenerator {
        var last: UInt64 = 0

        mutating func next() -> UInt64 {
            last += 1
            return last
        }
    }

    @Test("come of the generator that is given, each of numbers of its own") func drawn() {
        let text = Array("anna:secret".utf8)
        let client = IPAddress(v4: 0x7f00_0001)
        func digests(_ keys: HashKeys) -> [SipHash.Digest] {
            [
                keys.credentials.digest(of: .basic(user: "anna", password: Secret(text)), from: client),
                keys.credentials.digest(of: .bearer(Secret(text)), from: client),
                SipHash(keys.owners).finish(text.span, 0..<text.count),
            ]
        }
        var (one, other) = (Counting(), Counting())
        let first = digests(HashKeys(&one))
        let same = digests(HashKeys(&other))
        #expect(one.last == 6 && first == same)
        let second = digests(HashKeys(&one))
        #expect(zip(first, second).allSatisfy { $0 != $1 })
    }
}
