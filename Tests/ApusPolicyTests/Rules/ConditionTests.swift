import ApusSamples
import Testing

@testable import ApusPolicy

@Suite("A condition")
struct ConditionTests {
    @Test(
        "takes what it names of schemes; a tunnel has none, and https takes it as the old word for it",
        arguments: [
            ([], [true, true, true]), ([.http], [true, false, false]), ([.https], [false, true, true]),
            ([.http, .https], [true, true, true]),
        ] as [([Scheme], [Bool])]
    )
    func schemes(named: [Scheme], taken: [Bool]) {
        let condition = Condition { $0.schemes = named }
        #expect([Scheme.http, .https, nil].map(condition.takesScheme) == taken)
    }

    @Test("says nothing as long as no part of it does")
    func empty() {
        #expect(Condition().isEmpty && !Condition { $0.schemes = [.http] }.isEmpty)
        #expect(!Condition { $0.exceptions = [Condition()] }.isEmpty)
    }
}
