import ApusPolicy
import ApusWire
import Testing

@testable import ApusConfig

@Suite struct HostPatternTextTests {
    private func fault(_ text: String) -> String {
        do throws(ValueFault) { return "no fault, but \(try HostPatternText.parse(text))" } catch {
            return error.message
        }
    }

    @Test("names, suffixes, networks, lists and all are told apart, names in lower case without a trailing dot")
    func kinds() throws {
        #expect(try HostPatternText.parse("all") == .any)
        #expect(try HostPatternText.parse("Example.ORG.") == .name("example.org"))
        #expect(try HostPatternText.parse("*.Example.org") == .under("example.org"))
        #expect(try HostPatternText.parse("list:ads") == .list("ads"))
        #expect(try HostPatternText.parse("10.0.0.0/8") == .network(CIDR("10.0.0.0/8")))
        #expect(try HostPatternText.parse("192.0.2.1") == .network(CIDR("192.0.2.1")))
        #expect(try HostPatternText.parse("fd00::/8") == .network(CIDR("fd00::/8")))
        #expect(try HostPatternText.parse("::1") == .network(CIDR("::1")))
        #expect(try HostPatternText.parse("xn--bcher-kva.example") == .name("xn--bcher-kva.example"))
    }

    @Test(
        "what is no host is refused with what to write",
        arguments: [
            ("", "the host is empty; it takes example.org, \"*.example.org\", 10.0.0.0/8, list:NAME or all"),
            ("*", "\"*\" is no host; for every host write all"),
            (
                "https://example.org:8443/x",
                "\"https://example.org:8443/x\" is a URL; write the host alone: example.org"
            ),
            ("://", "\"://\" is a URL; write the host alone: example.org"),
            ("example.org/x", "\"example.org/x\" has a path; write the host alone, example.org, and the path as path:"),
            ("example.org:443", "\"example.org:443\" has a port; write to: example.org and ports: 443"),
            ("[::1]:443", "\"[::1]:443\" has brackets; write the address alone: ::1"),
            (
                "a:b:c",
                "\"a:b:c\" is no host; it takes example.org, \"*.example.org\", 10.0.0.0/8, list:NAME or all"
            ),
            (
                ".example.org",
                "\".example.org\" begins with a dot; write \"*.example.org\" for what is under it, example.org for itself"
            ),
            ("a.*.org", "\"a.*.org\" has a * that is not in front; it takes \"*.example.org\", or a network"),
            ("10.*", "\"10.*\" has a * that is not in front; it takes \"*.example.org\", or a network"),
            ("10.0.0.1/8", "\"10.0.0.1/8\" has bits behind its prefix; write 10.0.0.0/8, or 10.0.0.1 for one address"),
            ("10.0.0.0/33", "\"10.0.0.0/33\": 33 is no length of a prefix; IPv4 takes 0 to 32"),
            ("010.0.0.1/8", "\"010.0.0.1/8\" is no network; it takes 10.1.0.0/16, fd00::/8 or a single address"),
            (
                "0x7f.1",
                "\"0x7f.1\" is no host: it ends in a number but is no IPv4 address of four decimal octets without leading zeros"
            ),
            ("a b", "\"a b\" is no host: it contains white space"),
            ("*.192.0.2.1", "\"*.192.0.2.1\" has no names under it; write 192.0.2.1"),
        ]
    )
    func faults(_ text: String, _ message: String) {
        #expect(fault(text) == message)
    }

    @Test(
        "a name beyond ASCII is refused, and told where its xn-- form comes from",
        arguments: ["münchen.example", "*.Bücher.example", "例え"]
    )
    func beyondASCII(_ text: String) {
        #expect(fault(text) == "\"\(text)\" is not in ASCII; \(NameBeyondASCII.hint)")
    }
}
