import Testing

@testable import Apus

@Suite("the URL of a parent")
struct ParentURLTests {
    private func fault(_ url: String) -> ParentURLFault? {
        do throws(ParentURLFault) { _ = try ParentSettings(name: "p", url: url) } catch { return error }
        return nil
    }

    @Test(
        "scheme, host and port are what it has",
        arguments: [
            ("http://proxy.example:8080", ParentSettings.Scheme.http, "proxy.example", 8080 as UInt16),
            ("HTTP://Proxy.Example.:1/", .http, "proxy.example", 1),
            ("socks5://192.0.2.1:65535", .socks5, "192.0.2.1", 65535),
            ("socks5h://[2001:DB8:0::1]:1080", .socks5h, "2001:db8::1", 1080),
        ]
    )
    func parts(_ url: String, _ scheme: ParentSettings.Scheme, _ host: String, _ port: UInt16) throws {
        let parent = try ParentSettings(name: "p", url: url)
        #expect(parent == ParentSettings(name: "p", scheme, host: host, port: port))
        #expect(try ParentSettings(name: "p", url: parent.url) == parent)
    }

    @Test(
        "what is none is told with what to write",
        arguments: [
            ("", ParentURLFault.blank), ("http://a b:1", .blank), ("http://a:1\n", .blank),
            ("http://anna:secret@proxy.example:8080", .credentials), ("anna@proxy:1", .credentials),
            ("proxy.example:8080", .noScheme(rest: "proxy.example:8080")),
            ("https://proxy.example:8443", .https("proxy.example:8443")),
            ("socks4a://proxy.example:1080", .otherSOCKS("socks4a", "proxy.example:1080")),
            ("socks://proxy.example:1080", .otherSOCKS("socks", "proxy.example:1080")),
            ("ftp://proxy.example:21", .unknownScheme("ftp")), ("://a:1", .unknownScheme("")),
            ("http://", .noHost(.http)), ("http://:8080", .noHost(.http)), ("http://[::1", .noHost(.http)),
            ("http://::1:8080", .noBrackets("::1:8080")), ("http://::1", .noBrackets("::1")),
            ("http://proxy.example", .noPort("http://proxy.example")),
            ("http://proxy.example:", .noPort("http://proxy.example")),
            ("http://[::1]", .noPort("http://[::1]")), ("http://proxy.example/", .noPort("http://proxy.example")),
            ("http://proxy.example:0", .notAPort("0")), ("http://proxy.example:65536", .notAPort("65536")),
            ("http://proxy.example:80a", .notAPort("80a")), ("http://[::1]8080", .notAPort("080")),
            ("http://proxy.example:8080/x", .path(url: "http://proxy.example:8080")),
            ("http://proxy.example:8080?x", .path(url: "http://proxy.example:8080")),
        ]
    )
    func faults(_ url: String, _ expected: ParentURLFault) {
        #expect(fault(url) == expected)
        #expect(!expected.description.contains("secret"))
    }

    @Test(
        "a host that is none says why",
        arguments: ["http://a..b:1", "http://127.1:1", "http://[v1.x]:1", "http://[1.2.3.4]:1"]
    )
    func hosts(_ url: String) {
        guard case .notAHost(_, let why)? = fault(url) else {
            Issue.record("\(url)")
            return
        }
        #expect(!why.isEmpty)
    }

    @Test("that a port is missing is told with who disagrees")
    func port() {
        let words = ParentURLFault.noPort("http://p").description
        for who in ["curl", "1080", "Squid", "3128", "URL standard", "80"] { #expect(words.contains(who)) }
    }
}
