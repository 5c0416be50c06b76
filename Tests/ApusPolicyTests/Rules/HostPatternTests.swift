import ApusPolicy
import ApusWire
import Testing

@Suite("patterns of hosts")
struct HostPatternTests {
    @Test("a name is in the one form that rules see")
    func validity() throws {
        for name in ["a", "a.example", "xn--bcher-kva.example", "192.0.2.1", "::1", "a_b.example"] {
            #expect(HostPattern.name(name).isValid, "\(name)")
        }
        for name in ["", "A.example", "a.example.", ".a", "a..b", "a b", "*.a"] {
            #expect(!HostPattern.name(name).isValid && !HostPattern.under(name).isValid, "\(name)")
        }
        #expect(HostPattern.any.isValid && HostPattern.list("x").isValid)
    }

    @Test("it is told as it is written")
    func text() throws {
        let all: [HostPattern] = [.any, .name("a"), .under("a"), .network(try CIDR("10.0.0.0/8")), .list("ads")]
        #expect(all.map(\.description) == ["all", "a", "*.a", "10.0.0.0/8", "list:ads"])
    }
}
