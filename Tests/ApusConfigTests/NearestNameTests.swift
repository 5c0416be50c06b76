import Testing

@testable import ApusConfig

@Suite struct NearestNameTests {
    @Test(
        "a slip finds the name that was meant",
        arguments: [
            ("lisen", "listen"), ("litsen", "listen"), ("timeout-haed", "timeout-head"),
            ("allow-privat", "allow-private"),
            ("timeout-tunel-idle", "timeout-tunnel-idle"), ("redact-queries", "log-redact-queries"),
        ]
    )
    func slips(_ word: String, _ name: String) {
        #expect(NearestName.of(word, among: Settings.all.map(\.flag)) == name)
    }

    @Test("what is like nothing finds nothing", arguments: ["zzz", "x", "frobnicate"])
    func nothing(_ word: String) {
        #expect(NearestName.of(word, among: Settings.all.map(\.flag)) == nil)
    }

    @Test("a swap of neighbours is one edit")
    func swap() {
        #expect(NearestName.distance(Array("haed".utf8), Array("head".utf8)) == 1)
        #expect(NearestName.distance(Array("".utf8), Array("abc".utf8)) == 3)
        #expect(NearestName.distance(Array("kitten".utf8), Array("sitting".utf8)) == 3)
    }
}
