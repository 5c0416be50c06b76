import ApusWire
import Testing

@testable import ApusPolicy

@Suite("a set of hosts")
struct HostSetTests {
    private func contains(_ set: HostSet, _ host: String) -> Bool {
        let bytes = Array(host.utf8)
        return set.contains(bytes.span, IPAddress(host))
    }

    @Test("it takes names, what is under them, addresses, lists and all")
    func patterns() throws {
        let set = HostSet(
            [.name("a.example"), .under("b.example"), .network(try CIDR("fd00::/8")), .list("ads"), .list("gone")],
            lists: ["ads": HostList(names: ["ads.example"])]
        )
        for host in ["a.example", "x.b.example", "y.x.b.example", "fd00::1", "ads.example"] {
            #expect(contains(set, host), "\(host)")
        }
        for host in ["x.a.example", "b.example", "xb.example", "fe00::1", "gone", "example", ""] {
            #expect(!contains(set, host), "\(host)")
        }
        #expect(contains(HostSet([.any], lists: [:]), "a.example") && contains(HostSet([.any], lists: [:]), "::1"))
        #expect(!contains(HostSet([], lists: [:]), "a.example"))
    }
}
