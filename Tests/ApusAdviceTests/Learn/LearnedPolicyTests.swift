import ApusPolicy
import ApusWire
import Testing

@testable import ApusAdvice

@Suite("Learned policy")
struct LearnedPolicyTests {
    private func tunnel(_ host: String, _ outcome: ObservedRequest.Outcome = .served, user: String? = nil)
        -> ObservedRequest
    {
        ObservedRequest("CONNECT", isTunnel: true, host: host, port: 443, user: user, outcome: outcome)
    }

    @Test("a policy file with all there is")
    func text() {
        var learner = PolicyLearner()
        for (host, count) in [
            ("a.mirrors.example", 700), ("b.mirrors.example", 90), ("c.mirrors.example", 10), ("docs.example", 4),
        ] {
            learner.observe(tunnel(host), count: count)
        }
        learner.observe(ObservedRequest("GET", isTunnel: false, host: "docs.example", port: 80), count: 3)
        for user in ["bo", "anna"] {
            let inner = ObservedRequest(
                "CONNECT",
                isTunnel: true,
                host: "wiki.corp.example",
                port: 8443,
                user: user,
                isPrivate: true
            )
            learner.observe(inner, count: 5)
        }
        learner.observe(ObservedRequest("GET", isTunnel: false, host: "192.0.2.1", port: 8080))
        learner.observe(tunnel("evil.example", .denied("policy")), count: 12)
        learner.observe(tunnel("docs.example", .denied("no docs")), count: 2)
        learner.observe(tunnel("typo.example", .failed("dns_error")))
        learner.observe(tunnel("docs.example", .failed("timeout")), count: 2)
        learner.observe(tunnel("all"))
        for (host, count) in [("metadata.example", 3), ("100.100.100.200", 1)] {
            let address = IPAddress(v4: 0x6464_64c8)
            let asked = ObservedRequest(
                "GET",
                isTunnel: false,
                host: host,
                port: 80,
                isPrivate: true,
                metadataService: address
            )
            learner.observe(asked, count: count)
        }
        #expect(
            learner.learn().text == """
                # Learned from 840 requests: 823 served, 3 failed, 14 denied.
                # A domain is allowed as a whole (*.) where 3 or more names directly under it were used.
                # A rule for an address allows names that have it as well, and makes Apus look names up to know.
                rules:
                  - allow: { user: [anna, bo], to: wiki.corp.example, ports: 8443, private: true }  # 10 requests
                  # 804 requests
                  - allow:
                      to:
                        - docs.example  # 4 requests
                        - "*.mirrors.example"  # 800 requests to 3 names: a.mirrors.example, b.mirrors.example, c.mirrors.example
                      ports: 443
                  - allow: { scheme: http, to: docs.example, ports: 80 }  # 3 requests
                  - allow: { scheme: http, to: "192.0.2.1", ports: 8080 }  # 1 request
                  - deny: all

                # Denied:
                #   12 CONNECT evil.example:443 (policy)
                #   2 CONNECT docs.example:443 (no docs), allowed by these rules

                # Not reached, and so not allowed:
                #   1 CONNECT typo.example:443 (dns_error)

                # Served by a cloud's metadata service, and so not allowed; a rule opens one with private: [ADDRESS] where clients have to reach it:
                #   3 GET metadata.example:80 (100.100.100.200)
                #   1 GET 100.100.100.200:80

                # Served, but no rule can name it:
                #   1 CONNECT all:443

                """
        )
    }

    @Test("nothing seen is a policy that denies everything")
    func nothing() {
        let policy = PolicyLearner().learn()
        #expect(policy.text == "# Learned from 0 requests: 0 served, 0 failed, 0 denied.\nrules:\n  - deny: all\n")
        #expect(policy.policy.rules.count == 1)
    }

    @Test("long sections and groups are cut short")
    func bounded() {
        var learner = PolicyLearner()
        for index in 0..<70 {
            learner.observe(tunnel("denied\(index).example", .denied("policy")))
            learner.observe(tunnel("n\(index).x.example"))
        }
        let lines = learner.learn().text.split(separator: "\n")
        #expect(lines.count < 60)
        #expect(lines.contains { $0.hasSuffix(" and 65 more") })
        #expect(lines.last == "#   and 20 more")
    }

    @Test("no text of a client breaks a line", arguments: ["a\n- allow: all", "\u{2028}", "\u{1b}[31m", "\r"])
    func hostile(_ text: String) {
        var learner = PolicyLearner()
        learner.observe(
            ObservedRequest(text, isTunnel: false, host: text, port: 80, user: text, outcome: .denied(text))
        )
        learner.observe(
            ObservedRequest(text, isTunnel: false, host: text, port: 80, user: text, outcome: .failed(text))
        )
        learner.observe(ObservedRequest(text, isTunnel: false, host: text, port: 80))
        learner.observe(ObservedRequest(text, isTunnel: false, host: "a.example", port: 80, user: text))
        let learned = learner.learn().text
        #expect(!learned.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || $0.value == 0x2028 })
        for line in learned.split(separator: "\n") {
            #expect(
                line.hasPrefix("#") || line == "rules:" || line.hasPrefix("  - allow: {") || line == "  - deny: all"
            )
        }
    }
}
