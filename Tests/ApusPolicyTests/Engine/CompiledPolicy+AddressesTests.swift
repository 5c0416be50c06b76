import ApusPolicy
import ApusSamples
import ApusWire
import Testing

@Suite("addresses that serve a request alike")
struct CompiledPolicyAddressesTests {
    @Test("rules give the same if their permissions are equal, and both or neither compare the name inside a tunnel")
    func alike() throws {
        let ten = try CIDR("10.0.0.0/8")
        var edits = Permission()
        edits.requestFields.set = [.init(name: "X-Team", value: "a")]
        var others = Permission()
        others.requestFields.set = [.init(name: "X-Team", value: "b")]
        var opens = Permission()
        opens.allowsPrivate = true
        let policy = try CompiledPolicy(
            PolicyRules(
                .allow { $0.hosts = [.network(ten)] },
                .allow { $0.ports = [80...80] },
                .allow { $0.hosts = [.name("a.example")] },
                .allow { $0.hosts = [.under("example")] },
                Rule(.allow(edits)),
                Rule(.allow(edits), when: Condition { $0.methods = ["GET"] }),
                Rule(.allow(others)),
                Rule(.allow(opens))
            )
        )
        let groups: [[UInt16]] = [[0, 1, Decision.noRule], [2, 3], [4, 5], [6], [7]]
        for (place, group) in groups.enumerated() {
            for one in group {
                for (otherPlace, others) in groups.enumerated() {
                    for other in others {
                        #expect(policy.servesAlike(one, other) == (place == otherPlace), "\(one) \(other)")
                    }
                }
            }
        }
    }

    @Test("limits depend on addresses where one names a network, in an exception too")
    func boundsByAddress() throws {
        let ten = try CIDR("10.0.0.0/8")
        func depends(_ rules: Rule...) throws -> Bool {
            var policy = PolicyRules()
            policy.rules = rules
            return try CompiledPolicy(policy).boundsByAddress
        }
        #expect(try depends(.limit { $0.hosts = [.network(ten)] }))
        #expect(try depends(.limit { $0.hosts = [.name("10.0.0.1")] }))
        #expect(
            try depends(
                .limit { $0.exceptions = [Condition { $0.exceptions = [Condition { $0.hosts = [.network(ten)] }] }] }
            )
        )
        #expect(try !depends(.limit { $0.hosts = [.name("a.example")] }, .allow { $0.hosts = [.network(ten)] }))
        #expect(try !depends(.limit(), .allow()))
    }

    @Test("limits are compared one by one, not by their number")
    func boundsAlike() throws {
        let blocks = try ["10.0.0.0/8", "10.0.0.0/16", "192.0.2.0/24", "192.0.2.0/28"].map { try CIDR($0) }
        var rules = PolicyRules(.allow())
        rules.rules += blocks.map { block in .limit { $0.hosts = [.network(block)] } }
        // Beyond one word of rows.
        rules.rules += (0..<70).map { _ in .limit { $0.ports = [1...1] } }
        rules.rules += blocks.map { block in .limit { $0.hosts = [.network(block)] } }
        let policy = try CompiledPolicy(rules)
        var scratch = PolicyScratch(policy)
        let addresses = [
            "10.0.0.1", "10.0.0.2", "10.1.0.1", "192.0.2.1", "192.0.2.200", "198.51.100.1", "::ffff:10.0.0.9",
        ]
        let words = (Array("GET".utf8), Array("a.example".utf8), Array("/".utf8))
        for one in addresses {
            for other in addresses {
                let (left, right) = (try #require(IPAddress(one)), try #require(IPAddress(other)))
                let expected = blocks.map { $0.contains(left) } == blocks.map { $0.contains(right) }
                let found = policy.boundsAlike(
                    PolicyQuery(client: .client, address: left),
                    right,
                    method: words.0.span,
                    host: words.1.span,
                    path: words.2.span,
                    scratch: &scratch
                )
                #expect(found == expected, "\(one) \(other)")
            }
        }
    }
}
