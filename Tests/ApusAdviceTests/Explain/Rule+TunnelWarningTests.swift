import ApusAdvice
import ApusPolicy
import ApusSamples
import Testing

@Suite("warnings about what tunnels may hold")
struct RuleTunnelWarningTests {
    private func kinds(_ rule: Rule) -> [PolicyWarning.Kind] { PolicyRules(rule).warnings().map(\.kind) }

    @Test("a rule without tunnels says nothing about them") func without() {
        let parts: [(inout Condition) -> Void] = [
            { $0.paths = ["/a"] }, { $0.methods = ["GET", "POST"] }, { $0.schemes = [.http] },
        ]
        for part in parts {
            for tls in TunnelTLS.allCases { #expect(kinds(.allow(tls: tls, part)) == [.tlsWithoutTunnel]) }
            #expect(kinds(.allow(part)).isEmpty)
        }
        #expect(kinds(.allow(tls: .any) { $0.methods = ["GET", "CONNECT"] }).isEmpty)
        #expect(kinds(.allow(tls: .any) { $0.schemes = [.https] }).isEmpty)
    }

    @Test("any is nothing beside changes to fields") func edits() {
        for tls in [nil, TunnelTLS.any, .required] {
            var permission = Permission()
            permission.tls = tls
            permission.responseFields.drop = ["Set-Cookie"]
            #expect(kinds(Rule(.allow(permission))) == (tls == .any ? [.tlsWithEdits] : []))
        }
    }

    @Test("a port on which TLS does not begin wants a word") func ports() throws {
        #expect(kinds(.allow { $0.ports = [443...443, 22...22] }) == [.plainPort(22)])
        #expect(kinds(.allow(tls: .any) { $0.ports = [22...22] }).isEmpty)
        #expect(kinds(.allow(tls: .required) { $0.ports = [22...22] }).isEmpty)
        #expect(kinds(.allow { $0.ports = [1...65_535] }).isEmpty)
        #expect(kinds(.allow { $0.ports = [80...80, 443...443, 993...993] }).isEmpty)
        #expect(kinds(.allow { ($0.ports, $0.schemes) = ([22...22], [.http]) }).isEmpty)
        let warning = try #require(PolicyRules(.allow { $0.ports = [25...25] }).warnings().first)
        #expect(warning.message.contains("rule 1 opens port 25") && warning.message.contains("write `tls: any`"))
    }
}
