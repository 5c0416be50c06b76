import ApusPolicy
import ApusWire
import Testing

@Suite("access rules")
struct AccessRulesTests {
    private func admit(_ client: String, loopback: Bool, from: [String]) throws -> Refusal? {
        let rules = AccessRules(allowFrom: try from.map { try CIDR($0) })
        return rules.admit(client: try #require(IPAddress(client)), listenerIsLoopback: loopback)
    }

    @Test(
        "who is served where",
        arguments: [
            ("127.0.0.1", true, [], true), ("127.8.8.8", true, [], true), ("::1", true, [], true),
            ("::ffff:127.0.0.1", true, [], true), ("127.0.0.1", true, ["10.0.0.0/8"], true),
            ("::1", true, ["10.0.0.0/8"], true), ("10.0.0.1", true, [], false),
            ("10.0.0.1", true, ["10.0.0.0/8"], true),
            ("127.0.0.1", false, [], false), ("::1", false, [], false), ("10.0.0.1", false, [], false),
            ("127.0.0.1", false, ["10.0.0.0/8"], false), ("127.0.0.1", false, ["127.0.0.1"], true),
            ("10.0.0.1", false, ["10.0.0.0/8"], true), ("::ffff:10.0.0.1", false, ["10.0.0.0/8"], true),
            ("11.0.0.1", false, ["10.0.0.0/8"], false), ("11.0.0.1", false, ["10.0.0.0/8", "11.0.0.1"], true),
            ("203.0.113.1", false, ["0.0.0.0/0"], true), ("::ffff:203.0.113.1", false, ["0.0.0.0/0"], true),
            ("2a00::1", false, ["0.0.0.0/0"], false), ("2a00::1", false, ["::/0"], true),
            ("203.0.113.1", false, ["::/0"], false), ("::10.0.0.1", false, ["10.0.0.0/8"], false),
        ] as [(String, Bool, [String], Bool)]
    )
    func admission(client: String, loopback: Bool, from: [String], served: Bool) throws {
        #expect(try admit(client, loopback: loopback, from: from) == (served ? nil : .clientNotAllowed))
    }

    @Test("CONNECT reaches 443 by default, and what is listed otherwise")
    func connect() {
        #expect(AccessRules().decideConnect(443) == nil)
        #expect(AccessRules().decideConnect(22) == .connectPort)
        #expect(AccessRules(connectPorts: ConnectPorts([22])).decideConnect(22) == nil)
        #expect(AccessRules(connectPorts: ConnectPorts([22])).decideConnect(443) == .connectPort)
        #expect(AccessRules(connectPorts: .all).decideConnect(25) == nil)
        #expect(AccessRules(connectPorts: .all).decideConnect(0) == .connectPort)
    }

    @Test("addresses are judged by the guard of the rules")
    func judge() {
        let ten = IPAddress(v4: 0x0a00_0001)
        #expect(AccessRules().judge(ten, port: 80) == .privateUse)
        #expect(AccessRules(destinations: DestinationGuard(allowPrivate: true)).judge(ten, port: 80) == nil)
    }
}
