import ApusAdvice
import ApusPolicy
import ApusSamples
import ApusWire
import Testing

/// What a tunnel to port 80 hides: every decision is that of the naive reading too.
@Suite("a tunnel to port 80 and the rules that read requests there")
struct PolicyQuestionStatePlainTests {
    private func decide(
        _ rules: Rule...,
        host: String = "h.example",
        port: UInt16 = 80,
        method: String = "CONNECT",
        address: String? = "203.0.113.5",
        change: (inout PolicyRules) -> Void = { _ in }
    ) throws -> Decision {
        var policy = PolicyRules()
        policy.rules = rules
        change(&policy)
        var asker = try PolicyAsker(policy)
        let question = PolicyQuestion.ask(host, method, port: port, user: "anna", address: address)
        let decision = asker.decide(question)
        #expect(decision == policy.explain(question).decision, "\(policy)")
        return decision
    }

    private func hides(_ rules: Rule..., change: @escaping (inout PolicyRules) -> Void = { _ in }) throws -> Bool {
        let decision = try decide {
            $0.rules = rules
            change(&$0)
        }
        #expect(decision.outcome == .allow)
        return decision.hidesRequests
    }

    @Test("an allow for all requests that says tls: any opens it, and nothing else does") func opens() throws {
        #expect(try !hides(.allow(tls: .any)))
        #expect(
            try !hides(
                .allow(tls: .any) {
                    $0.hosts = [.name("h.example")]; $0.ports = [80...80]
                }
            )
        )
        #expect(try hides(.allow()))
        #expect(try hides(.allow(tls: .required)))
        #expect(try hides(.allow(tls: .any) { $0.methods = ["CONNECT"] }))
        #expect(try hides(.allow(tls: .any) { $0.schemes = [.https] }))
        #expect(try hides(.allow(tls: .any) { $0.exceptions = [Condition { $0.paths = ["/secret"] }] }))
        #expect(try !hides(.allow(tls: .any) { $0.exceptions = [Condition { $0.hosts = [.name("x.example")] }] }))
        var edits = Permission()
        edits.tls = .any
        edits.responseFields.drop = ["Set-Cookie"]
        #expect(try hides(Rule(.allow(edits))))
    }

    @Test("a rule in front that reads requests to that host and port closes it, one behind or beside does not")
    func first() throws {
        let parts: [(inout Condition) -> Void] = [
            { $0.paths = ["/secret"] }, { $0.methods = ["POST"] }, { $0.schemes = [.http] },
            { $0.exceptions = [Condition { $0.methods = ["CONNECT"] }] },
        ]
        for part in parts {
            #expect(try hides(.deny(part), .allow(tls: .any)))
            #expect(try !hides(.allow(tls: .any), .deny(part)))
            #expect(try !hides(.deny(report: true, part), .allow(tls: .any)))
            let others: [(inout Condition) -> Void] = [
                { $0.hosts = [.name("x.example")] }, { $0.ports = [443...443] }, { $0.users = [.user("bo")] },
            ]
            for other in others {
                let beside = Rule.deny {
                    part(&$0)
                    other(&$0)
                }
                #expect(try !hides(beside, .allow(tls: .any)))
            }
        }
    }

    @Test("other ports, plain requests, and a policy that only reports hide nothing") func others() throws {
        #expect(try !decide(.allow(), port: 443).hidesRequests)
        #expect(try !decide(.allow(), port: 8080).hidesRequests)
        #expect(try !decide(.allow(), method: "GET").hidesRequests)
        #expect(try !decide(.allow()) { $0.isReportOnly = true }.hidesRequests)
        #expect(try !decide().hidesRequests)
        #expect(try !decide(.deny()).hidesRequests)
    }

    @Test("a name is told to be in vain where no rule that its addresses may come to opens it") func lookUp() throws {
        let block = try CIDR("203.0.113.0/24")
        let asked = try decide(.allow { $0.hosts = [.network(block)] }, address: nil)
        #expect(asked.outcome == .lookUp && asked.hidesRequests)
        let open = try decide(.allow(tls: .any) { $0.hosts = [.network(block)] }, address: nil)
        #expect(open.outcome == .lookUp && !open.hidesRequests)
        let behind = try decide(.deny { $0.hosts = [.network(block)] }, .allow(tls: .any), address: nil)
        #expect(behind.outcome == .lookUp && !behind.hidesRequests)
        // A rule by network in front, whose address is not known, could read its requests.
        let reading = try decide(
            .deny {
                $0.hosts = [.network(block)]; $0.paths = ["/"]
            },
            .allow(tls: .any),
            address: nil
        )
        #expect(reading.outcome == .allow && reading.hidesRequests)
    }

    @Test("random tunnels to port 80: both readings agree", arguments: 0..<4) func random(seed: UInt64) throws {
        var dice = PolicyDice(seed: seed &* 7_919 &+ 11)
        var found: [Bool: Int] = [:]
        for _ in 0..<400 {
            let rules = dice.rules()
            var asker = try PolicyAsker(rules, listeners: PolicyDice.listeners)
            for turn in 0..<12 {
                var question = dice.tunnel()
                question.port = 80
                if turn % 3 == 0 { question.address = nil }
                let decision = asker.decide(question)
                try #require(decision == rules.explain(question).decision, "\(question)\n\(rules)")
                if decision.outcome == .allow, !rules.isReportOnly, !rules.rules.isEmpty {
                    found[decision.hidesRequests, default: 0] += 1
                }
            }
        }
        #expect(found.count == 2 && found.values.allSatisfy { $0 > 50 }, "\(found)")
    }
}
