import ApusAdvice
import ApusPolicy
import ApusSamples
import ApusWire
import Testing

@Suite("who may come by a policy's rules")
struct PolicyRulesAdmissionTests {
    @Test("rule by rule it is as the engine says, for every client") func likeTheEngine() throws {
        var dice = PolicyDice(seed: 23)
        var admitted = 0
        for _ in 0..<500 {
            let rules = dice.rules()
            let compiled = try CompiledPolicy(rules, listeners: PolicyDice.listeners)
            for _ in 0..<10 {
                let client = dice.question().client
                let may = rules.mayAdmit(client)
                try #require(may == compiled.mayAdmit(client), "\(client)\n\(rules)")
                try #require(!may || rules.mayAdmitAnybody)
                admitted += may ? 1 : 0
            }
        }
        #expect(1000...4000 ~= admitted)
    }

    @Test("a rule of another listener, one that only reports, and users whom nobody knows serve nobody") func serves() {
        func serves(_ rule: Rule, knowsUsers: Bool = true) -> Bool {
            PolicyRules(rule).mayServe(listener: "0.0.0.0:1", knowsUsers: knowsUsers)
        }
        var idle = Rule.allow()
        idle.isReportOnly = true
        #expect(serves(.allow()) && !serves(.deny()) && !serves(idle))
        #expect(serves(.allow { $0.listeners = ["0.0.0.0:1"] }) && !serves(.allow { $0.listeners = ["0.0.0.0:2"] }))
        #expect(serves(.allow { $0.users = [.anyone] }) && !serves(.allow { $0.users = [.anyone] }, knowsUsers: false))
        #expect(PolicyRules().mayServe(listener: "x", knowsUsers: false) && !PolicyRules().mayAdmitAnybody)
        var reporting = PolicyRules(.deny())
        reporting.isReportOnly = true
        #expect(reporting.mayServe(listener: "x", knowsUsers: false))
    }
}
