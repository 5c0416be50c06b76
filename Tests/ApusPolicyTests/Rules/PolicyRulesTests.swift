import ApusPolicy
import ApusSamples
import Testing

@Suite("a policy as it is written")
struct PolicyRulesTests {
    @Test("lists that are equal are taken over from another one, and no others")
    func lists() {
        var old = PolicyRules()
        func list(_ name: String) -> HostList { HostList(names: [name]) }
        old.lists = ["same": list("a.example"), "other": list("b.example"), "gone": HostList()]
        var new = PolicyRules(.allow())
        new.lists = ["same": list("a.example"), "other": list("c.example"), "new": HostList()]
        let before = new
        new.shareLists(with: old)
        #expect(new == before && new.lists["gone"] == nil && new.lists["other"] != old.lists["other"])
    }

    @Test("two are equal that say the same at the same places")
    func equality() {
        let rules = PolicyRules(.allow { $0.hosts = [.name("a.example")] }, .deny())
        #expect(rules == PolicyRules(.allow { $0.hosts = [.name("a.example")] }, .deny()))
        var others = [PolicyRules](repeating: rules, count: 6)
        others[0].rules[1].position.line = 7
        others[1].groups = ["ops": ["anna"]]
        others[2].lists = ["l": HostList()]
        others[3].isReportOnly = true
        others[4].contact = "who@example.org"
        others[5].telling = .nothing
        for other in others { #expect(other != rules) }
    }
}
