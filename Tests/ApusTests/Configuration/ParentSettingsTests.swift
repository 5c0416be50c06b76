import ApusPolicy
import Testing

@testable import Apus

@Suite("parents")
struct ParentSettingsTests {
    private func problems(_ change: (inout ProxyConfiguration) -> Void) -> [String] {
        var configuration = ProxyConfiguration()
        configuration.parents = [ParentSettings(name: "office", host: "proxy.corp.example", port: 8080)]
        change(&configuration)
        do {
            try configuration.validate()
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }

    @Test("a parent with its defaults is right, and says nothing of who goes to it")
    func defaults() {
        #expect(problems { _ in }.isEmpty)
        #expect(problems { $0.route = NamedRoute(["office", "direct"]) }.isEmpty)
        #expect(problems { $0.route = .direct }.isEmpty)
    }

    @Test(
        "what is wrong with a parent is told with its name",
        arguments: [
            ("direct", "parents.direct: direct is the way without a parent"),
            ("a b", "is no name of a parent"),
            ("", "is no name of a parent"),
            (String(repeating: "x", count: 65), "is no name of a parent"),
        ]
    )
    func names(_ name: String, _ words: String) {
        let found = problems { $0.parents[0].name = name }
        #expect(found.count == 1 && found[0].contains(words), "\(found)")
    }

    @Test("each value out of range is a fault of its own")
    func values() {
        let found = problems { configuration in
            configuration.parents[0].host = "a b"
            configuration.parents[0].port = 0
            configuration.parents[0].timeout = .seconds(61)
            configuration.parents[0].health.failures = 0
            configuration.parents[0].health.backOff = .zero
            configuration.parents[0].health.probe = .milliseconds(10)
            configuration.parents[0].bypass = [.name("A.example")]
        }
        #expect(found.count == 7, "\(found)")
        #expect(found.allSatisfy { $0.hasPrefix("parents.office") })
    }

    @Test("a SOCKS parent takes no connect-by, whichever it is", arguments: ParentSettings.ConnectBy.allCases)
    func connectBy(_ connectBy: ParentSettings.ConnectBy) {
        for scheme in [ParentSettings.Scheme.socks5, .socks5h] {
            let found = problems { ($0.parents[0].scheme, $0.parents[0].connectBy) = (scheme, connectBy) }
            #expect(found.count == 1 && found[0].contains("socks5h"), "\(found)")
        }
        #expect(problems { $0.parents[0].connectBy = connectBy }.isEmpty)
    }

    @Test("names go to a parent that says so, by socks5h, and by HTTP where the default names it")
    func byName() {
        var configuration = ProxyConfiguration()
        var parent = ParentSettings(name: "office", host: "proxy.example", port: 8080)
        #expect(!configuration.connectsByName(parent))
        configuration.route = NamedRoute(["office", "direct"])
        #expect(configuration.connectsByName(parent))
        parent.connectBy = .address
        #expect(!configuration.connectsByName(parent))
        parent.connectBy = .name
        configuration.route = nil
        #expect(configuration.connectsByName(parent))
        parent = ParentSettings(name: "office", .socks5, host: "proxy.example", port: 1080)
        configuration.route = NamedRoute(["office"])
        #expect(!configuration.connectsByName(parent))
        parent.scheme = .socks5h
        #expect(configuration.connectsByName(parent))
    }

    @Test(
        "one of our own listeners is no parent, however it is written",
        arguments: ["127.0.0.1", "0.0.0.0", "localhost", "LocalHost.", "::ffff:127.0.0.1"]
    )
    func ownListener(_ host: String) {
        let found = problems { ($0.parents[0].host, $0.parents[0].port) = (host, 3128) }
        #expect(found.count == 1 && found[0].contains("this proxy itself"), "\(found)")
        #expect(problems { ($0.parents[0].host, $0.parents[0].port) = (host, 3129) }.isEmpty)
        let admin = problems { ($0.parents[0].host, $0.parents[0].port) = (host, 9128) }
        #expect(admin.count == 1, "\(admin)")
    }

    @Test("two of a name, 33 parents, and a default that names nobody are faults")
    func together() {
        let twice = problems { $0.parents.append($0.parents[0]) }
        #expect(twice.count == 1 && twice[0].contains("two parents"))
        let many = problems { configuration in
            configuration.parents = (0..<33).map { ParentSettings(name: "p\($0)", host: "proxy.example", port: 1) }
        }
        #expect(many == ["parents: 33 parents are too many; 32 are the most"])
        let unknown = problems { $0.route = NamedRoute(["ofice"]) }
        #expect(unknown.count == 1 && unknown[0].hasPrefix("route: ") && unknown[0].hasSuffix("office"), "\(unknown)")
    }

    @Test("the default leaves out what its parents leave out, and no other's")
    func bypass() {
        var configuration = ProxyConfiguration()
        var office = ParentSettings(name: "office", host: "proxy.example", port: 8080)
        office.bypass = [.under("corp.example")]
        var other = ParentSettings(name: "other", host: "other.example", port: 8080)
        other.bypass = [.any]
        configuration.parents = [office, other]
        #expect(configuration.routes.bypass.isEmpty)
        configuration.route = NamedRoute(["office"])
        #expect(configuration.routes.bypass == [.under("corp.example")])
        #expect(configuration.routes.parents == ["office", "other"])
    }

    @Test("parents and the default wait for a start")
    func reload() {
        let one = ProxyConfiguration()
        var other = one
        other.parents = [ParentSettings(name: "office", host: "proxy.example", port: 8080)]
        other.route = NamedRoute(["office"])
        #expect(one.needingStart(than: other) == ["parents", "route"])
    }
}
