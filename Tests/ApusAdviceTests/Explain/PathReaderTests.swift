import ApusSamples
import Testing

@testable import ApusAdvice
@testable import ApusPolicy

@Suite("a path read step by step")
struct PathReaderTests {
    @Test("it tells the path as it came, and what else it may be taken for")
    func descriptions() {
        #expect(PathReader(path: "/a/b?c").description == "/a/b")
        #expect(PathReader(path: "").description == "/")
        #expect(PathReader(path: "//a;b/c").description == "//a;b/c (a server may read /a/c)")
        let climbing =
            "/a/..%2fb (it climbs: no rule that allows by path takes it, every one that denies or limits by path does)"
        #expect(PathReader(path: "/a/..%2fb").description == climbing)
    }

    @Test("a slash as a triplet in the prefix is a slash in either spelling, one in the path alone is itself")
    func slashes() {
        let scope = PathReader(prefix: "/@a%2f")
        #expect(PathReader(path: "/@a%2Fb").sent(beginsAs: scope) && PathReader(path: "/@a/b").sent(beginsAs: scope))
        #expect(!PathReader(path: "/@a%2Fb").sent(beginsAs: PathReader(prefix: "/@a/")))
        #expect(PathReader(path: "/@a%2Fb").unified == Array("/@a/b".utf8))
    }

    @Test("what it reads is what is compared on the way of a request")
    func agrees() {
        var dice = PolicyDice(seed: 31)
        var climbing = 0
        for _ in 0..<4_000 {
            let path = dice.question().path
            let bytes = Array(path.utf8)
            var sent: [UInt8] = []
            var unified: [UInt8] = []
            let end = PathForm.measure(bytes.span).end
            let climbs = PathForm.write(bytes.span, to: end, sent: &sent, unified: &unified)
            let reader = PathReader(path: path)
            let whole = sent.flatMap { $0 == PathForm.eitherSlash ? Array("%2F".utf8) : [$0] }
            #expect(reader.climbs == climbs && reader.unified == unified && Array(reader.sent.joined().utf8) == whole)
            climbing += climbs ? 1 : 0
        }
        #expect(climbing > 300)
    }
}
