import ApusPolicy
import Testing

@testable import ApusFlow

@Suite("What is said of an address")
struct AddressVerdictTests {
    @Test("the first reason stays, the decision always does") func refused() {
        let open = AddressVerdict(Decision(.allow, rule: 3), nil)
        #expect(open.refused(for: nil) == open)
        #expect(open.refused(for: .requestRateLimit) == AddressVerdict(open.decision, .requestRateLimit))
        let closed = AddressVerdict(Decision(.deny, rule: 1), .rule)
        #expect(closed.refused(for: .requestRateLimit) == closed)
    }
}
