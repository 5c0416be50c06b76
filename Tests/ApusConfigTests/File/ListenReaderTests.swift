import Apus
import ApusPolicy
import ApusWire
import Testing

@testable import ApusConfig

@Suite("entries of listen that are mappings") struct ListenReaderTests {
    private static let rest = "\nrules:\n  - allow: all\n"

    private func parse(_ listen: String, _ arguments: [String] = [], rules: String = rest) throws(SettingFault)
        -> ParsedSettings
    {
        try SettingsParser.parse(
            arguments: ["--config", "f"] + arguments,
            environment: [:],
            files: .memory(["f": "listen: \(listen)\(rules)"])
        )
    }

    private func fault(_ listen: String) -> String {
        do throws(SettingFault) { _ = try parse(listen) } catch { return error.description }
        return ""
    }

    @Test("an entry is a text or a mapping, alone or in a list; what it does not say has its default")
    func entries() throws {
        let settings = try parse(
            "[127.0.0.1:3128, { address: \"[::1]:1\", name: edge, protocols: http, proxy-protocol: [10.0.0.9, fd00::/8] }]"
        )
        let configuration = settings.configuration
        #expect(configuration.listeners.map(\.description) == ["127.0.0.1:3128", "[::1]:1"])
        #expect(configuration.listenerOptions.count == 1)
        let edge = try #require(configuration.listenerOptions[configuration.listeners[1]])
        #expect(edge.name == "edge" && edge.protocols == .http && edge.mode == nil && edge.owner == [])
        #expect(edge.proxyProtocol == [try CIDR("10.0.0.9"), try CIDR("fd00::/8")])
        let alone = try parse("{ address: 127.0.0.1:1, protocols: [http, socks] }").configuration
        #expect(alone.listeners.map(\.port) == [1] && alone.listenerOptions == [:])
        #expect(settings.sources["listen"] == .file(SourcePosition(file: "f", line: 1, column: 9)))
    }

    @Test("a flag takes the place of all of it")
    func flag() throws {
        let settings = try parse("{ address: 127.0.0.1:1, name: edge }", ["--listen", "127.0.0.1:1"])
        #expect(settings.configuration.listenerOptions == [:])
    }

    @Test(
        "what is wrong is told at its place, with what may have been meant",
        arguments: [
            ("{ name: edge }", "f:1:9: listen: this entry has no address; write it as { address: 127.0.0.1:3128"),
            ("[{ address: localhost:1 }]", "f:1:21: address: \"localhost:1\": names are not looked up here"),
            ("{ address: 127.0.0.1:1, nmae: edge }", "an entry of listen has no key nmae; did you mean name?"),
            ("{ bind: 127.0.0.1:1 }", "an entry of listen has no key bind; did you mean address?"),
            ("{ address: 127.0.0.1:1, x: y }", "it takes address, name, protocols, proxy-protocol, mode, owner"),
            ("{ address: 127.0.0.1:1, name: 1a }", "f:1:39: name: \"1a\" is no name; it takes a letter"),
            (
                "{ address: 127.0.0.1:1, protocols: [socks5] }",
                "protocols: \"socks5\" is unknown; it takes http or socks; did you mean socks?"
            ),
            ("{ address: 127.0.0.1:1, protocols: [] }", "protocols is an empty list"),
            (
                "{ address: 127.0.0.1:1, proxy-protocol: true }",
                "\"true\" is no network; name those who announce clients"
            ),
            ("{ address: 127.0.0.1:1, proxy-protocol: [] }", "proxy-protocol is an empty list"),
            ("{ address: 127.0.0.1:1, accept-proxy: 10.0.0.1 }", "did you mean proxy-protocol?"),
            ("{ address: 127.0.0.1:1, mode: rw }", "mode: \"rw\" is no mode; it takes octal digits"),
            ("{ address: 127.0.0.1:1, mode: 0660 }", "127.0.0.1:1 is no UNIX socket, which mode is for"),
            ("{ address: 127.0.0.1:1, owner: \"a:b:c\" }", "owner: \"a:b:c\" is no owner"),
            ("[127.0.0.1:1, { address: 127.0.0.1:1, name: a }]", "127.0.0.1:1 is named twice"),
            ("[{ address: 127.0.0.1:1, name: a }, { address: 127.0.0.1:2, name: a }]", "two listeners have the name a"),
            ("[{ address: 127.0.0.1:1, name: a }, [b]]", "listen takes an address, or a mapping"),
        ]
    )
    func faults(_ listen: String, _ says: String) {
        let fault = fault(listen)
        #expect(fault.contains(says), "\(fault)")
        #expect(fault.split(separator: "\n").count == 1, "\(fault)")
    }

    @Test("apus config prints what reads back the same")
    func readsBack() throws {
        let first = try parse(
            "[127.0.0.1:1, { address: \"[::1]:1\", name: edge, protocols: socks, proxy-protocol: 10.0.0.0/8 }]"
        )
        let page = EffectiveSettings.render(first)
        #expect(
            page.contains(
                "listen: [127.0.0.1:1, { address: \"[::1]:1\", name: edge, protocols: [socks], proxy-protocol: [10.0.0.0/8] }]"
            ),
            "\(page)"
        )
        var again = ProxyConfiguration()
        let file = SettingsFile(path: "g", bytes: Array(page.utf8), .memory([:]))
        file.apply(to: &again)
        #expect(file.faults == [])
        #expect(again.listeners == first.configuration.listeners)
        #expect(again.listenerOptions == first.configuration.listenerOptions)
    }

    @Test(
        "a rule says the name or the address of a listener; one that is not there is warned of, with the nearest name"
    )
    func rules() throws {
        func warnings(_ listener: String) throws -> [String] {
            let rules = "\nrules:\n  - deny: { listener: \(listener) }\n  - allow: all\n"
            return try parse("{ address: 127.0.0.1:1, name: edge }", rules: rules).warnings.map(\.message)
        }
        #expect(try warnings("edge") == [])
        #expect(try warnings("127.0.0.1:1") == [])
        #expect(
            try warnings("edgy") == ["this rule speaks of the listener edgy; listen has edge; did you mean edge?"]
        )
    }
}
