import ApusPolicy
import Testing

@Suite("a plan of hops")
struct RoutePlanTests {
    @Test("it holds eight hops, and is equal to one with the same in the same order")
    func hops() {
        let eight = RoutePlan((0..<8).map { .parent($0) }, .inOrder)
        #expect(eight.count == 8 && eight[7] == .parent(7) && !eight.hasDirect)
        #expect(RoutePlan((0..<9).map { .parent($0) }, .inOrder) == eight)
        let both = RoutePlan([.parent(1), .direct], .inOrder)
        #expect(both.hasDirect && both.count == 2)
        #expect(both != RoutePlan([.direct, .parent(1)], .inOrder))
        #expect(both != RoutePlan([.parent(1), .direct], .hash))
        // What stands behind the last hop is no part of it.
        #expect(RoutePlan([.parent(1)], .inOrder) != both)
        #expect(Set([both, RoutePlan([.parent(1), .direct], .inOrder), .direct]).count == 2)
        #expect(RoutePlan.direct.count == 1 && RoutePlan.direct[0] == .direct)
    }
}
