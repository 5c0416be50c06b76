import ApusPolicy
import ApusWire
import Testing

@testable import ApusAdvice

@Suite("What becomes of one address")
struct AddressFindingTests {
    private func findings(_ rules: [Rule], _ addresses: String...) throws -> ExplanationReport {
        var policy = PolicyRules()
        policy.rules = rules
        return ExplanationReport(
            policy,
            access: AccessRules(),
            question: PolicyQuestion(host: "a.example", from: IPAddress(v4: 0x7f00_0001)),
            addresses: try addresses.map { try #require(IPAddress($0)) }
        )
    }

    private func rule(_ name: String, to block: String? = nil, giving value: String? = nil) throws -> Rule {
        var permission = Permission()
        if let value { permission.requestFields.set = [.init(name: "X-Team", value: value)] }
        var condition = Condition()
        if let block { condition.hosts = [.network(try CIDR(block))] }
        return Rule(.allow(permission), when: condition, name: name)
    }

    @Test("the first that may be dialled decides, and others are dialled where they give the same") func first() throws
    {
        let report = try findings(
            [
                rule("one", to: "93.184.216.1", giving: "a"), rule("two", to: "93.184.216.2", giving: "a"),
                rule("rest", giving: "b"),
            ],
            "10.0.0.1",
            "93.184.216.1",
            "93.184.216.2",
            "93.184.216.3"
        )
        #expect(report.addresses.map(\.isDialled) == [false, true, true, false])
        #expect(report.addresses.map(\.isAllowed) == [false, true, true, true])
        #expect(report.decision.rule == 0)
        #expect(report.text.contains("93.184.216.2: may be dialled"))
        #expect(report.text.contains("93.184.216.3: not dialled: rest (rule in code) serves it otherwise than one"))
        #expect(report.json.contains(#"{"address":"93.184.216.3","allowed":true,"dialled":false}"#))
        #expect(report.json.contains(#"{"address":"93.184.216.2","allowed":true,"dialled":true}"#))
    }

    @Test("limits that differ, and a name that one of them compares, are not the same") func others() throws {
        var limit = UsageLimit()
        limit.connections = 1
        var ten = Condition()
        ten.hosts = [.network(try CIDR("93.184.216.2"))]
        let bounded = try findings([rule("all"), Rule(.limit(limit), when: ten)], "93.184.216.1", "93.184.216.2")
        #expect(bounded.addresses.map(\.isDialled) == [true, false])
        var named = try rule("named")
        named.condition.hosts = [.name("a.example")]
        let compared = try findings([rule("one", to: "93.184.216.2"), named], "93.184.216.2", "93.184.216.1")
        #expect(compared.addresses.map(\.isDialled) == [true, false])
    }

    @Test("addresses are told in the order in which they are tried") func order() throws {
        let report = try findings([rule("all")], "93.184.216.1", "93.184.216.2", "2a00::1")
        #expect(report.addresses.map(\.address.description) == ["93.184.216.1", "2a00::1", "93.184.216.2"])
    }
}
