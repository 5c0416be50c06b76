import ApusPolicy
import ApusSamples
import Testing

@Suite("times that a rule sets")
struct RuleTimeoutsTests {
    @Test("they are told by their keys, as settings write times; what is not set is not told") func words() {
        var timeouts = RuleTimeouts()
        #expect(timeouts.isEmpty && timeouts.description.isEmpty && timeouts.named.isEmpty)
        timeouts.responseBody = .milliseconds(90_500)
        #expect(!timeouts.isEmpty && timeouts.description == "response-body 1m30s500ms")
        timeouts.firstByte = .seconds(7 * 86_400)
        #expect(timeouts.description == "first-byte 7d, response-body 1m30s500ms")
        #expect(timeouts.named.map(\.key) == ["first-byte", "response-body"])
    }

    @Test("an address whose rule gives another time does not serve a request alike") func alike() throws {
        func rule(_ time: Duration?) -> Rule {
            var permission = Permission()
            permission.timeouts.firstByte = time
            return Rule(.allow(permission))
        }
        let policy = try CompiledPolicy(PolicyRules(rule(.seconds(1)), rule(.seconds(2)), rule(.seconds(1)), rule(nil)))
        #expect(policy.servesAlike(0, 2) && !policy.servesAlike(0, 1) && !policy.servesAlike(0, 3))
        #expect(policy.servesAlike(3, Decision.noRule))
    }
}
