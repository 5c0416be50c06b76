import Apus
import ApusPolicy
import Testing

@testable import ApusConfig

@Suite("the default route, of all that says it")
struct DefaultRouteTests {
    private func parse(_ text: String, _ arguments: [String] = [], _ environment: [String: String] = [:])
        throws(SettingFault) -> ProxyConfiguration
    {
        try SettingsParser.parse(
            arguments: ["--config", "f"] + arguments,
            environment: environment,
            files: .memory(["f": text + "rules: none\n"])
        ).configuration
    }

    private func fault(_ text: String, _ arguments: [String] = [], _ environment: [String: String] = [:]) -> String {
        do throws(SettingFault) { _ = try parse(text, arguments, environment) } catch { return error.description }
        return "no fault"
    }

    private let office = "parents: { office: { url: http://p:1 } }\n"

    @Test("nothing said is direct, and so is direct")
    func direct() throws {
        #expect(try parse("").route == nil && parse("").parents.isEmpty)
        #expect(try parse("route: direct\n").route == nil)
        #expect(try parse(office).route == nil && parse(office).parents.count == 1)
    }

    @Test("a parent by flag, variable or file is the whole default route")
    func parent() throws {
        for (text, arguments, environment) in [
            ("", ["--parent", "http://q:2"], [:]), ("", [], ["APUS_PARENT": "http://q:2"]),
            ("parent: http://q:2\n", [], [:]),
        ] as [(String, [String], [String: String])] {
            let configuration = try parse(text, arguments, environment)
            #expect(configuration.route == NamedRoute(["parent"]))
            #expect(configuration.parents == [ParentSettings(name: "parent", host: "q", port: 2)])
        }
    }

    @Test("a flag goes before a variable, a variable before the file, whichever of parent and route it is")
    func precedence() throws {
        let file = office + "route: office\n"
        #expect(try parse(file, ["--parent", "http://q:2"]).route == NamedRoute(["parent"]))
        #expect(try parse(file, [], ["APUS_PARENT": "http://q:2"]).route == NamedRoute(["parent"]))
        #expect(try parse(office + "parent: http://q:2\n", ["--route", "office"]).route == NamedRoute(["office"]))
        #expect(
            try parse(office, ["--route", "office"], ["APUS_PARENT": "http://q:2"]).route == NamedRoute(["office"])
        )
        #expect(
            try parse(office, ["--parent", "http://q:2"], ["APUS_ROUTE": "office"]).route == NamedRoute(["parent"])
        )
        #expect(try parse("parent: http://q:2\n", ["--route", "direct"]).route == nil)
        #expect(try parse("parent: http://q:2\n", ["--parent", "http://r:3"]).parents.map(\.host) == ["r"])
    }

    @Test("both in one place are a fault, unless the route names the parent")
    func conflict() throws {
        let both = office + "parent: http://q:2\nroute: "
        #expect(fault(both + "office\n").contains("f:3:8: route: parent says where requests go by default"))
        #expect(fault("", ["--parent", "http://q:2", "--route", "direct"]).contains("--route: parent says"))
        #expect(try parse(both + "[parent, office, direct]\n").route == NamedRoute(["parent", "office", "direct"]))
        #expect(
            try parse("", ["--parent", "http://q:2", "--route", "parent,direct"]).route?.hops == ["parent", "direct"]
        )
    }

    @Test("bypass and credentials of the parent come from wherever they are said")
    func parts() throws {
        let configuration = try parse(
            "parent-credentials: env:SECRET\n",
            ["--parent", "http://q:2"],
            ["SECRET": "anna:geheim", "APUS_PARENT_BYPASS": ".corp.example,localhost"]
        )
        let parent = configuration.parents[0]
        #expect(parent.bypass == [.name("corp.example"), .under("corp.example"), .name("localhost")])
        #expect(parent.credentials == ParentCredentials(user: "anna", password: "geheim"))
        #expect(configuration.routes.bypass == parent.bypass)
        // They say nothing of themselves.
        #expect(try parse("parent-bypass: .a.example\nparent-credentials: env:GONE\n").parents.isEmpty)
    }

    @Test("credentials that cannot be had are told by the flag or key that asks for them, and nothing of them is")
    func credentials() {
        #expect(
            fault("", ["--parent", "http://q:2", "--parent-credentials", "env:GONE"]).contains("GONE is not set here")
        )
        let wrong = fault("", ["--parent", "http://q:2", "--parent-credentials", "env:X"], ["X": "geheim"])
        #expect(wrong.contains("env:X has no USER:PASSWORD in one line") && !wrong.contains("geheim"))
        let colon = fault("", ["--parent", "socks5://q:2", "--parent-credentials", "env:X"], ["X": "geheim:"])
        #expect(colon.contains("RFC 1929") && !colon.contains("geheim"))
    }

    @Test("what only asks reads no credentials")
    func asking() throws {
        let settings = try SettingsParser.parse(
            arguments: ["config", "--parent", "http://q:2", "--parent-credentials", "file:/gone"],
            environment: [:]
        )
        #expect(settings.configuration.parents[0].credentials == nil)
    }

    @Test("the environment's proxy is read where env is said, and nowhere else")
    func environment() throws {
        let variables = [
            "http_proxy": "http://p.example:3128", "https_proxy": "http://p.example:3128", "no_proxy": "a.example",
        ]
        #expect(try parse("", [], variables).parents.isEmpty)
        let configuration = try parse("parent: env\nparent-bypass: .b.example\n", [], variables)
        #expect(configuration.route == NamedRoute(["env"]) && configuration.parents[0].host == "p.example")
        let names = ["a.example", "b.example"].flatMap { [HostPattern.name($0), .under($0)] }
        #expect(configuration.parents[0].bypass == names)
        #expect(fault("parent: env\n").contains("f:1:9: parent: env: neither http_proxy nor https_proxy is set here"))
    }

    @Test("a reload names what waits for a start, and refuses rules that go by a parent that is not in force")
    func reload() throws {
        func reload(_ text: String) throws(SettingFault) -> SettingsFile.Reloaded {
            let files = FileAccess.memory(["f": text])
            let first = try SettingsParser.parse(
                arguments: ["--config", "f"],
                environment: [:],
                files: .memory(["f": office + "rules: [allow: { route: office }]\n"])
            )
            return try SettingsFile.reload(arguments: ["--config", "f"], environment: [:], files: files, after: first)
        }
        #expect(try reload(office + "rules: [allow: { route: office }]\n").waiting == [])
        let other = "parents: { office: { url: http://p:2 } }\n"
        #expect(try reload(other + "rules: [allow: { route: office }]\n").waiting == ["parents"])
        #expect(try reload(office + "route: office\nrules: [allow: all]\n").waiting == ["route"])
        let new = "parents: { office: { url: http://p:1 }, new: { url: http://p:2 } }\n"
        do throws(SettingFault) {
            _ = try reload(new + "rules: [allow: { route: new }]\n")
            Issue.record("no fault")
        } catch {
            #expect(
                error.description
                    == "f:2:9: route: the parent new is taken at a start; restart Apus, or leave it out until then"
            )
        }
    }
}
