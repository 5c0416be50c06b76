import Testing

@testable import ApusPolicy

@Suite("Suffix hash")
struct SuffixHashTests {
    private let key = SuffixHash.Key(seed: 7)

    private func whole(_ name: String, _ key: SuffixHash.Key) -> UInt32 {
        let bytes = Array(name.utf8)
        return SuffixHash.of(bytes.span, 0..<bytes.count, key)
    }

    @Test("one pass from the right yields the hash that each suffix has as a name of its own")
    func suffixes() {
        let name = "a.bc.seven77.eight888.a-label-of-more-than-fourteen-bytes.example.org"
        let bytes = Array(name.utf8)
        var hash = SuffixHash(key)
        for index in bytes.indices.reversed() {
            if bytes[index] == 0x2e {
                #expect(hash.suffix() == whole(String(decoding: bytes[(index + 1)...], as: UTF8.self), key))
            }
            hash.take(bytes[index])
        }
        #expect(hash.suffix() == whole(name, key))
    }

    @Test("names that are alike have hashes of their own")
    func spread() {
        var names: Set<String> = ["", "a", "a.a", "aa", "aaaaaaa", "aaaaaaaa", "a.aaaaaaa", "aaaaaaa.a", "\0", "\0\0"]
        for index in 0..<20_000 { names.insert("host-\(index).example.org") }
        let hashes = Set(names.map { whole($0, key) })
        // Of 20,000 numbers of 32 bits, two are the same in one case of twenty.
        #expect(hashes.count >= names.count - 2)
    }

    @Test("another seed gives other hashes")
    func seeds() {
        #expect(whole("example.org", key) != whole("example.org", SuffixHash.Key(seed: 8)))
    }
}
