import ApusAdvice
import ApusFlow
import ApusPolicy
import ApusSamples
import ApusWire
import Testing

@Suite struct RuleSuggestionTests {
    private func refused(_ fault: String, _ change: (inout AccessRecord) -> Void = { _ in }) -> AccessRecord {
        var record = sampleRecord()
        record.status = 403
        record.fault = fault
        record.upstream = nil
        change(&record)
        return record
    }

    private func text(
        _ fault: String,
        _ access: AccessRules = AccessRules(),
        _ change: (inout AccessRecord) -> Void = { _ in }
    ) -> String? {
        RuleSuggestion(refused(fault, change), access: access)?.text
    }

    @Test("what a rule refused is allowed for its host and port, and its user if it is known")
    func rules() {
        #expect(text("rule") == "- allow: { scheme: http, to: example.com, ports: 80 }")
        let tunnel = text("rule") {
            $0 = sampleTunnel()
            $0.fault = "rule"
            $0.user = "anna b"
        }
        #expect(tunnel == "- allow: { user: \"anna b\", to: \"2001:db8::1\", ports: 443 }")
        #expect(RuleSuggestion(refused("rule"))?.place == .rules)
    }

    @Test("an address that a rule let through is opened by that rule, as narrowly as it is known")
    func addresses() {
        let private10 = text("private_use") {
            $0.rule = "rule 1"
            $0.upstream = "10.1.2.3:80"
        }
        #expect(private10 == "- allow: { scheme: http, to: example.com, ports: 80, private: [\"10.1.2.3\"] }")
        let v6 = text("unique_local") {
            $0.rule = "rule 1"
            $0.upstream = "[fd00::1]:80"
        }
        #expect(v6?.hasSuffix("private: [\"fd00::1\"] }") == true)
        #expect(text("loopback") { $0.rule = "rule 1" }?.hasSuffix("private: true }") == true)
        // Nothing but its address opens one of another class.
        #expect(text("multicast") { $0.rule = "rule 1" } == nil)
        #expect(text("multicast") { ($0.rule, $0.host) = ("r", "224.0.0.1") }?.contains("[\"224.0.0.1\"]") == true)
    }

    @Test("without a policy a setting opens, and keeps what it has")
    func settings() throws {
        let known = AccessRules(
            allowFrom: [try CIDR("10.0.0.0/8")],
            connectPorts: ConnectPorts([443, 8443]),
            destinations: DestinationGuard(exceptions: [try CIDR("10.9.0.0/16")])
        )
        #expect(text("loopback", known) { $0.host = "127.0.0.1" } == "allow-to: [\"10.9.0.0/16\", \"127.0.0.1\"]")
        #expect(text("loopback") == nil)
        #expect(text("connect_port", known) { $0.port = 22 } == "connect-ports: [443, 8443, 22]")
        #expect(text("connect_port", known) { $0.port = 443 } == nil)
        #expect(text("client_not_allowed", known) == "allow-from: [\"10.0.0.0/8\", \"192.0.2.1\"]")
        #expect(RuleSuggestion(refused("client_not_allowed"))?.place == .settings)
    }

    @Test(
        "nothing is suggested for what no line should lift",
        arguments: [
            "own_listener", "metadata", "policy", "policy_timeout", "policy_unavailable", "credentials_missing",
            "request_rate_limit",
            "tunnel_limit", "server_name_mismatch", "invalid_name", "bare_lf", "dns_timeout", "",
        ]
    )
    func none(_ fault: String) {
        #expect(text(fault) == nil)
    }

    @Test("a metadata service is never opened, and a name that a rule reads otherwise is not written")
    func traps() {
        #expect(text("link_local") { ($0.rule, $0.upstream) = ("r", "169.254.169.254:80") } == nil)
        #expect(text("link_local") { ($0.rule, $0.host) = ("r", "::ffff:169.254.169.254") } == nil)
        #expect(text("unique_local") { ($0.rule, $0.upstream) = ("r", "[fd20:ce::254]:80") } == nil)
        for host in ["all", "", "a b", "*.example.org", "list:ads", "é.example", "a\n- deny"] {
            #expect(text("rule") { $0.host = host } == nil)
        }
        for user in ["all", "group:ops", ""] { #expect(text("rule") { $0.user = user } == nil) }
        #expect(text("rule") { $0.port = 0 } == nil)
        #expect(RuleSuggestion(sampleRecord()) == nil)
        #expect(text("client_not_allowed") { $0.clientAddress = "unix" } == nil)
    }
}
