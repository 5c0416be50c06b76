import Apus
import ApusPolicy
import Foundation
import Testing

@testable import ApusAdmin

@Suite("proxy.pac")
struct ProxyAutoConfigTests {
    private func script(
        _ listeners: [String] = ["127.0.0.1:3128"],
        rules: [Rule] = [],
        allowsPrivate: Bool = false
    ) throws -> String {
        var policy = PolicyRules()
        policy.rules = rules
        return ProxyAutoConfig(
            listeners: try listeners.map { try ListenAddress(parsing: $0) },
            rules: policy,
            allowsPrivate: allowsPrivate,
            host: "proxy.example"
        ).text
    }

    @Test("clients come to the listeners; one on every interface is named as they asked") func listeners() throws {
        #expect(try script().contains(#"return "PROXY 127.0.0.1:3128";"#))
        let both = try script(["0.0.0.0:3128", "[::]:3128", "[::1]:3129"])
        #expect(both.contains(#"return "PROXY proxy.example:3128; PROXY [::1]:3129";"#))
    }

    @Test("this machine's own names go direct, unless they may be reached") func local() throws {
        #expect(try script().contains("isPlainHostName(host)"))
        #expect(try !script(allowsPrivate: true).contains("isPlainHostName"))
    }

    @Test("what a rule opens goes by way of Apus, before that") func opened() throws {
        var permission = Permission()
        permission.allowsPrivate = true
        var condition = Condition()
        condition.hosts = [.name("intranet"), .under("lan.example"), .any]
        let text = try script(rules: [Rule(.allow(permission), when: condition)])
        #expect(text.contains(#"if (host == "intranet") return "PROXY"#))
        #expect(text.contains(#"if (dnsDomainIs(host, ".lan.example")) return "PROXY"#))
        let opened = try #require(text.range(of: "intranet"))
        let direct = try #require(text.range(of: "isPlainHostName"))
        #expect(opened.lowerBound < direct.lowerBound)
        let plain = try script(rules: [Rule(.allow(Permission()), when: condition)])
        #expect(!plain.contains("intranet"))
    }
}
