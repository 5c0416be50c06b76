import ApusPolicy
import Testing

@Suite("what routes may name")
struct RouteSettingsTests {
    private let settings = RouteSettings(parents: ["office", "backup"])

    @Test(
        "a route that is none is told with what to do",
        arguments: [
            ([], RouteBalance.inOrder, [RouteFault.empty]),
            (["ofice"], .inOrder, [.unknownParent("ofice", known: ["office", "backup"])]),
            (["office", "office"], .inOrder, [.repeated("office")]),
            (["direct", "direct"], .inOrder, [.repeated("direct")]),
            (["office"], .hash, [.nothingToBalance]),
            (["office", "direct"], .hash, [.nothingToBalance]),
            (["direct", "office", "backup"], .hash, [.directInBalance]),
        ]
    )
    func faults(_ hops: [String], _ balance: RouteBalance, _ expected: [RouteFault]) {
        #expect(settings.faults(of: NamedRoute(hops, balance: balance)) == expected)
        for fault in expected { #expect(!fault.message.isEmpty && !fault.hint.isEmpty) }
    }

    @Test("direct needs no parent; every order and the balance of two are routes")
    func routes() {
        #expect(RouteSettings().faults(of: .direct).isEmpty)
        for hops in [["office"], ["office", "backup", "direct"], ["direct", "office"]] {
            #expect(settings.faults(of: NamedRoute(hops)).isEmpty)
        }
        #expect(settings.faults(of: NamedRoute(["office", "backup", "direct"], balance: .hash)).isEmpty)
    }

    @Test("more than eight hops are too many")
    func many() {
        let parents = (0..<9).map { "p\($0)" }
        let faults = RouteSettings(parents: parents).faults(of: NamedRoute(parents))
        #expect(faults == [.tooManyHops(9)])
    }

    @Test("an unknown parent is told with those that are there, and where there is none with what makes one")
    func hints() {
        #expect(RouteFault.unknownParent("x", known: ["office", "backup"]).hint.hasSuffix("office, backup"))
        #expect(RouteFault.unknownParent("x", known: []).hint.contains("`parents`"))
    }
}
