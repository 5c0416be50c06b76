import Testing

@testable import ApusPolicy

@Suite("Exact names") struct ExactNameTests {
    @Test("are the same only byte by byte, where String takes composed and decomposed letters for the same")
    func bytes() {
        let (composed, decomposed) = ("jos\u{e9}", "jose\u{301}")
        #expect(composed == decomposed)
        #expect(ExactName(composed) != ExactName(decomposed) && ExactName(composed) == ExactName("jos\u{e9}"))
        #expect(Set([ExactName(composed), ExactName(decomposed), ExactName(composed)]).count == 2)
        #expect([ExactName(composed), ExactName(decomposed)].sorted().map(\.text.utf8.count) == [6, 5])
    }
}
