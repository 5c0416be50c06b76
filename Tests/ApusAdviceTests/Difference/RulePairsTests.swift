import ApusPolicy
import Testing

@testable import ApusAdvice

@Suite("Which rule of one policy is which of another")
struct RulePairsTests {
    private func rules(_ names: String) -> [Rule] { names.map { Rule(.deny(Rejection()), name: String($0)) } }

    @Test("rules go together by name, and what is new has none") func names() {
        #expect(RulePairs(rules("abc"), rules("xcab")).before == [nil, 2, 0, 1])
        #expect(RulePairs([], rules("a")).before == [nil])
    }

    @Test("as many as can be stay where they are") func staying() {
        #expect(RulePairs(rules("abcd"), rules("abcd")).staying == [true, true, true, true])
        #expect(RulePairs(rules("abcd"), rules("dabc")).staying == [false, true, true, true])
        #expect(RulePairs(rules("abcd"), rules("bxcda")).staying == [true, false, true, true, false])
        #expect(RulePairs(rules("abc"), rules("cba")).staying.filter { $0 }.count == 1)
    }
}
