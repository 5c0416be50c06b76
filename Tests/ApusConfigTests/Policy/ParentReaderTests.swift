import Apus
import ApusPolicy
import ApusWire
import Testing

@testable import ApusConfig

@Suite("parents in a settings file")
struct ParentReaderTests {
    private func parse(_ text: String, _ arguments: [String] = [], _ environment: [String: String] = [:])
        throws(SettingFault) -> ParsedSettings
    {
        let files = FileAccess.memory(["dir/f": text + "\nrules: none\n", "dir/office": "anna:se:cret\n", "empty": ""])
        return try SettingsParser.parse(
            arguments: ["--config", "dir/f"] + arguments,
            environment: environment,
            files: files
        )
    }

    private func fault(_ text: String, _ environment: [String: String] = [:]) -> String {
        do throws(SettingFault) { _ = try parse(text, [], environment) } catch { return error.description }
        return "no fault"
    }

    @Test("each key is taken, and what is left out has its default")
    func keys() throws {
        let text = """
            parents:
              office:
                url: http://Proxy.Corp.example.:8080/
                credentials: file:office
                bypass: [.corp.example, 10.0.0.0/8, "*.lan.example"]
                connect-by: address
                timeout: 2s
                health: { failures: 5, back-off: 2s, probe: 30s }
              out: { url: "socks5h://[2001:db8::1]:1080" }
            route: [office, out, direct]
            balance: in-order
            """
        let configuration = try parse(text).configuration
        var office = ParentSettings(name: "office", host: "proxy.corp.example", port: 8080)
        office.bypass = [
            .name("corp.example"), .under("corp.example"), .network(try CIDR("10.0.0.0/8")), .under("lan.example"),
        ]
        office.connectBy = .address
        office.timeout = .seconds(2)
        office.health.failures = 5
        office.health.backOff = .seconds(2)
        office.health.probe = .seconds(30)
        office.credentials = ParentCredentials(user: "anna", password: "se:cret")
        office.credentialsPlace = .file("dir/office")
        #expect(
            configuration.parents == [office, ParentSettings(name: "out", .socks5h, host: "2001:db8::1", port: 1080)]
        )
        #expect(configuration.route == NamedRoute(["office", "out", "direct"]))
    }

    @Test(
        "each mistake is told at its place, with what to write",
        arguments: [
            ("parents: http://p:1", "dir/f:1:10: parents takes names with URLs"),
            (
                "parents: { office: http://p:1 }",
                "dir/f:1:20: parents.office is a mapping; write office: { url: http://p:1 }"
            ),
            (
                "parents: { office: { } }",
                "dir/f:1:20: parents.office has no url; it takes { url: http://proxy.example:8080 }"
            ),
            ("parents: { direct: { url: http://p:1 } }", "dir/f:1:12: parents: direct is the way without a parent"),
            (
                "parents: { parent: { url: http://p:1 } }",
                "parents: parent is what the parent of the key parent is called"
            ),
            ("parents: { a b: { url: http://p:1 } }", "\"a b\" is no name of a parent"),
            (
                "parents: { o: { url: http://p } }",
                "dir/f:1:22: parents.o.url: http://p has no port, and programs disagree"
            ),
            ("parents: { o: { url: https://p:1 } }", "TLS to a parent is not there yet"),
            ("parents: { o: { server: http://p:1 } }", "parents.o has no key server; did you mean url?"),
            ("parents: { o: { url: http://p:1, ulr: x } }", "parents.o has no key ulr; did you mean url?"),
            ("parents: { o: { url: http://p:1, password: x } }", "did you mean credentials: env:NAME?"),
            (
                "parents: { o: { url: \"socks5://p:1\", connect-by: name } }",
                "parents.o: connect-by says nothing to a SOCKS parent"
            ),
            ("parents: { o: { url: http://p:1, connect-by: ip } }", "did you mean address?"),
            (
                "parents: { o: { url: http://p:1, bypass: http://a.example/ } }",
                "is a URL; write the host alone: a.example"
            ),
            ("parents: { o: { url: http://p:1, bypass: .10.0.0.1 } }", "begins with a dot, and is no name"),
            ("parents: { o: { url: http://p:1, bypass: \"list:near\" } }", "bypass: there is no list near"),
            ("parents: { o: { url: http://p:1, timeout: 5 } }", "parents.o.timeout: "),
            ("parents: { o: { url: http://p:1, timeout: 5m } }", "dir/f:1:12: parents.o.timeout: 5m is out of range"),
            (
                "parents: { o: { url: http://p:1, health: { failures: 0 } } }",
                "parents.o.health.failures: 0 is out of range"
            ),
            ("parents: { o: { url: http://p:1, health: { fall: 3 } } }", "parents.o.health has no key fall"),
            ("parents: { o: { url: \"http://127.0.0.1:3128\" } }", "127.0.0.1:3128 is this proxy itself"),
            (
                "parents: { o: { url: http://p:1, credentials: env:GONE } }",
                "dir/f:1:12: parents.o: credentials: GONE is not set here"
            )
                as (String, String),
            ("parents: { o: { url: http://p:1, credentials: file:gone } }", "dir/gone: there is no such file"),
            (
                "parents: { office: { url: http://p:1 } }\nroute: ofice",
                "dir/f:2:8: route: there is no parent “ofice” to go through"
            ),
            ("parents: { office: { url: http://p:1 } }\nroute: ofice", "did you mean office?"),
            ("route: office", "name it under `parents`, or write direct"),
            ("parents: { a: { url: http://p:1 } }\nroute: [a, a]", "the route names a twice"),
            ("parents: { a: { url: http://p:1 } }\nroute: a\nbalance: hash", "balance: hash has nothing to share out"),
        ]
    )
    func mistakes(_ text: String, _ words: String) {
        let found = fault(text)
        #expect(found.contains(words), "\(found)")
    }

    @Test(
        "no fault repeats a password",
        arguments: [
            "parents: { o: { url: \"http://anna:geheim@p:1\" } }", "parents: { o: \"http://anna:geheim@p:1\" }",
            "parents: { o: { url: http://p:1, credentials: \"anna:geheim\" } }", "parent: \"http://anna:geheim@p\"",
            "parent-credentials: anna:geheim", "route: \"http://anna:geheim@p:1\"",
        ]
    )
    func secrets(_ text: String) {
        let found = fault(text)
        #expect(found != "no fault" && !found.contains("geheim"), "\(found)")
        #expect(!fault("parent: env", ["http_proxy": "http://anna:geheim@p%zz"]).contains("geheim"))
        #expect(!fault("parent: env", ["http_proxy": "geheim"]).contains("geheim"))
    }

    @Test("a rule goes by parents of the file, of a flag and of the environment, and by no other")
    func rules() throws {
        let text = "parents: { office: { url: http://p:1 } }\nrules:\n  - allow: { route: "
        func fault(_ route: String, _ arguments: [String] = []) -> String {
            let files = FileAccess.memory(["f": text + route + " }\n"])
            do throws(SettingFault) {
                _ = try SettingsParser.parse(
                    arguments: ["--config", "f"] + arguments,
                    environment: ["http_proxy": "p:3"],
                    files: files
                )
            } catch { return error.description }
            return "no fault"
        }
        for route in ["office", "direct", "[office, direct]"] { #expect(fault(route) == "no fault") }
        #expect(fault("parent").hasPrefix("f:3:5: route: there is no parent “parent”"))
        #expect(fault("parent", ["--parent", "http://p:2"]) == "no fault")
        #expect(fault("env", ["--parent", "env"]) == "no fault")
        #expect(fault("ofice").hasSuffix("did you mean office?"))
    }

    @Test("a bare name is warned of, for NO_PROXY would read it wider; a dot in front, or a star, says what is meant")
    func bare() throws {
        let bare = try parse("parents: { o: { url: http://p:1, bypass: [corp.example, localhost, 10.0.0.1] } }")
            .warnings
        #expect(bare.map(\.message).filter { $0.contains("NO_PROXY") }.count == 1)
        #expect(bare.contains { $0.message.contains("write .corp.example for both") && $0.place.line == 1 })
        for bypass in [".corp.example", "[corp.example, \"*.corp.example\"]"] {
            let warnings = try parse("parents: { o: { url: http://p:1, bypass: \(bypass) } }").warnings
            #expect(!warnings.contains { $0.message.contains("NO_PROXY") })
        }
    }

    @Test("`apus config` shows parents and routes, and nothing of a secret; what it shows is read back")
    func page() throws {
        let text = """
            parents:
              office: { url: http://p:1, credentials: file:office, bypass: [.corp.example], timeout: 2s }
            parent-credentials: env:SECRET
            parent: http://q:2
            route: [office, parent]
            """
        let settings = try parse(text, [], ["SECRET": "bo:geheim"])
        let page = EffectiveSettings.render(settings)
        #expect(
            page.contains(
                "  office: { url: http://p:1, credentials: file:dir/office, bypass: [\".corp.example\"], timeout: 2s }"
            )
        )
        #expect(page.contains("route: [office, parent]") && page.contains("parent: http://q:2"))
        #expect(!page.contains("se:cret") && !page.contains("geheim") && !page.contains("anna"))
        let again = SettingsFile(path: "f", bytes: Array(page.utf8), .none)
        #expect(again.faults == [], "\(page)")
        #expect(again.policy.parents.map(\.settings.name) == ["office"])
    }
}
