import ApusWire
import Testing

@testable import ApusPolicy

@Suite("Adblock file")
struct AdblockFileTests {
    private func reason(_ line: String) -> HostListFault.Reason? {
        let reading = HostListFormat.adblock.read(line)
        #expect(reading.skipped + reading.entries <= 1)
        return reading.faults.first?.reason
    }

    @Test("a host is all of its domain, an exception beats it")
    func hosts() {
        let reading = HostListFormat.adblock.read(
            "||Ads.example^\n@@||ok.ads.example^\n||bad.ok.ads.example^\n||*.under.example^\n@@||*.free.ads.example^|\n||192.0.2.1^\n"
        )
        #expect(reading.entries == 6)
        #expect(reading.skipped == 0)
        for host in ["ads.example", "a.ads.example", "a.under.example", "free.ads.example", "192.0.2.1"] {
            #expect(reading.holds(host), "\(host)")
        }
        for host in ["ok.ads.example", "bad.ok.ads.example", "under.example", "x.free.ads.example", "loads.example"] {
            #expect(!reading.holds(host), "\(host)")
        }
    }

    @Test("a file that is included is not read, and that is told")
    func inclusion() {
        #expect(
            reason("!#include other.txt") == .directive && reason("!#if env_firefox") == nil && reason("! x") == nil
        )
    }

    @Test(
        "options and ends that say nothing more are taken",
        arguments: [
            "^$important", "^$all", "^$important,match-case", "^|", "^*", "^|$important", "^$_,all",
            "^$ all , important ",
        ]
    )
    func harmless(_ end: String) {
        #expect(HostListFormat.adblock.read("||ads.example\(end)").holds("ads.example"))
    }

    @Test(
        "a filter with an option that restricts it is left out",
        arguments: [
            "third-party", "script", "important,domain=a.example", "badfilter", "dnstype=A", "denyallow=x.example", "",
            "important,",
            "~third-party", "client=1", "dnsrewrite=192.0.2.1", "popup",
        ]
    )
    func options(_ options: String) {
        #expect(reason("||ads.example^$\(options)") == .option)
        #expect(reason("@@||ads.example^$\(options)") == .option)
    }

    @Test(
        "a filter for a part of a host is left out",
        arguments: [
            "||ads.example/path", "||ads.example^path", "||ads.example^*/x", "||ads.example:8080^", "||ads*.example^",
            "||ads.example?x",
            "||*^", "||ads.example^|x",
        ]
    )
    func parts(_ line: String) {
        #expect(reason(line) == .partOfHost)
    }

    @Test(
        "what is no filter for a host is left out",
        arguments: [
            "ads.example", "|https://ads.example^", "/ads[0-9]+/", "@@ads.example^", "||ads.example", "||ads.example|",
            "-banner-",
            "||ads.example$script", "@@", "|", "||", "0.0.0.0 ads.example", "a.example#b",
        ]
    )
    func others(_ line: String) {
        #expect(reason(line) == .notAHost)
    }

    @Test("a host that is no name is left out")
    func names() {
        #expect(reason("||bücher.example^") == .name(.nonASCII))
        #expect(reason("||^") == .name(.empty))
        #expect(reason("||*.^") == .name(.empty))
        #expect(reason("||a..example^") == .name(.emptyLabel))
    }

    @Test("comments and element hiding are passed over")
    func comments() {
        let reading = HostListFormat.adblock.read(
            """
            [Adblock Plus 2.0]
            ! Title: a list
            # a comment
            ##.ad
            a.example##.ad
            a.example,b.example#@#.ad
            a.example#?#div:has(x)
            a.example#$#body { }
            a.example#%#//scriptlet()
            a.example$$script[x]
            """
        )
        #expect(reading.entries == 0)
        #expect(reading.skipped == 0, "\(reading.told)")
    }
}
