import ApusPolicy
import ApusSamples
import ApusWire
import Testing

@testable import ApusAdvice

@Suite("finding the rule that covers another one")
struct CoverFinderTests {
    @Test("it is the first of all, as if each had been held against all")
    func first() {
        var dice = PolicyDice(seed: 41)
        var found = 0
        for _ in 0..<300 {
            let rules = dice.rules(most: 12)
            let covers = rules.rules.map { ConditionCover($0.condition, groups: rules.groups) }
            let mayCover = rules.rules.map { !$0.isReportOnly }
            let finder = CoverFinder(covers, among: mayCover)
            for rule in covers.indices {
                let expected = (0..<rule).first { mayCover[$0] && covers[$0].covers(covers[rule]) }
                #expect(finder.first(covering: rule) == expected, "\(rules)")
                found += expected == nil ? 0 : 1
            }
        }
        #expect(found > 100)
    }
}
