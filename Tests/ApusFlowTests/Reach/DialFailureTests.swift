import Testing

@testable import ApusFlow

@Suite("A failure to connect") struct DialFailureTests {
    private static let all = (0...6).compactMap { DialFailure(rawValue: $0) }

    @Test("of two, the one that tells more of the host is reported, the first of two alike") func joined() {
        #expect(DialFailure.unreachable.joined(.refused) == .refused)
        #expect(DialFailure.refused.joined(.unreachable) == .refused)
        #expect(DialFailure.exhausted.joined(.refused) == .exhausted)
        for failure in DialFailureTests.all {
            #expect(failure.joined(failure) == failure)
            #expect(DialFailure.other.joined(failure) == failure)
        }
        #expect(Set(DialFailureTests.all.map(\.weight)).count == 7)
    }

    @Test("each has words of its own") func words() {
        #expect(Set(DialFailureTests.all.map(\.label.description)).count == 7)
        #expect(Set(DialFailureTests.all.map(\.sentence.description)).count == 7)
        #expect(Set(DialFailureTests.all.map(\.hint.description)).count == 7)
    }
}
