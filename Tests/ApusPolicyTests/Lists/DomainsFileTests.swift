import ApusWire
import Testing

@testable import ApusPolicy

@Suite("Domains file")
struct DomainsFileTests {
    @Test("a plain name and one with a dot in front stand for all of a domain, an asterisk for what is under it")
    func forms() {
        let reading = HostListFormat.domains.read("plain.example\n.dotted.example\n*.under.example\nzip\n")
        #expect(reading.entries == 4)
        #expect(reading.skipped == 0)
        for host in [
            "plain.example", "a.plain.example", "dotted.example", "a.b.dotted.example", "a.under.example", "zip",
            "some.zip",
        ] {
            #expect(reading.holds(host), "\(host)")
        }
        for host in ["under.example", "notplain.example", "example"] { #expect(!reading.holds(host), "\(host)") }
    }

    @Test("comments are passed over")
    func comments() {
        let reading = HostListFormat.domains.read(
            "# a\n! b\n; c\n// d\n  ads.example  # why\nother.example# why\n#x.example\n"
        )
        #expect(reading.entries == 2)
        #expect(reading.skipped == 0)
        #expect(reading.holds("other.example"))
    }

    @Test("what is no name is left out with its number")
    func faults() {
        let reading = HostListFormat.domains.read(
            "0.0.0.0 ads.example\n||ads.example^\n*\n*.\n.\n..a.example\na*.example\nbücher.example\n/x\nhttp://a.example/\n"
        )
        #expect(reading.entries == 0)
        #expect(reading.skipped == 10)
        #expect(reading.faults.map(\.line) == Array(1...10))
        #expect(reading.faults.first?.reason == .extraText)
        #expect(reading.faults[7].reason == .name(.nonASCII))
    }
}
