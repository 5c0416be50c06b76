import Testing

@testable import ApusFlow

@Suite("Look-up failure")
struct LookUpFailureTests {
    @Test("only what says something about the name may be remembered")
    func aboutName() {
        let failures: [LookUpFailure] = [
            .notFound, .singleLabel, .tryAgain, .other(-4), .timedOut, .queueFull, .exhausted,
        ]
        #expect(failures.map(\.isAboutName) == [true, true, true, true, false, false, false])
    }
}
