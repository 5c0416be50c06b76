import Testing

@testable import ApusFlow

@Suite struct StageTests {
    @Test("the stages are in the order of a request's way")
    func order() { #expect(Stage.allCases == Stage.allCases.sorted() && Stage.listen < .record) }

    @Test("every stage has its own word and letter")
    func words() {
        #expect(Set(Stage.allCases.map(\.word.description)).count == Stage.allCases.count)
        #expect(Set(Stage.allCases.map(\.letter)).count == Stage.allCases.count)
        #expect(Set(Stage.allCases.map(\.phrase.description)).count == Stage.allCases.count)
    }
}
