import ApusSamples
import Testing

@testable import ApusPolicy

@Suite("Host list")
struct HostListTests {
    @Test("each scope covers what it says")
    func scopes() {
        let list = HostList(entries: [
            HostListEntry("name.example", .name), HostListEntry("under.example", .under), HostListEntry("both.example"),
        ])
        #expect(list.count == 3)
        for host in ["name.example", "a.under.example", "a.b.under.example", "both.example", "a.both.example"] {
            #expect(list.holds(host), "\(host)")
        }
        for host in ["a.name.example", "under.example", "xunder.example", "xboth.example", "example", "both", "", "."] {
            #expect(!list.holds(host), "\(host)")
        }
    }

    @Test("two are equal that hold the same names in the same ways")
    func equality() {
        let list = HostList(entries: [HostListEntry("a.example", .name), HostListEntry("b.example")])
        #expect(list == HostList(entries: [HostListEntry("a.example", .name), HostListEntry("b.example")]))
        #expect(list != HostList(entries: [HostListEntry("a.example"), HostListEntry("b.example")]))
        #expect(list != HostList(entries: [HostListEntry("a.example", .name)]))
        #expect(list != HostList(names: ["a.example", "c.example"]))
        #expect(HostList(precedence: .nearest) != HostList() && HostList(names: [String]()) == HostList())
    }

    @Test("an exception beats every entry, whichever is longer")
    func exceptions() {
        let list = HostList(entries: [
            HostListEntry("ads.example"), HostListEntry("ok.ads.example", isException: true),
            HostListEntry("bad.ok.ads.example"), HostListEntry("one.ads.example", .name, isException: true),
            HostListEntry("all.ads.example", .under, isException: true),
        ])
        for host in ["ads.example", "x.ads.example", "x.one.ads.example", "all.ads.example"] {
            #expect(list.holds(host), "\(host)")
        }
        for host in [
            "ok.ads.example", "x.ok.ads.example", "bad.ok.ads.example", "one.ads.example", "x.all.ads.example",
        ] {
            #expect(!list.holds(host), "\(host)")
        }
    }

    @Test("by the nearest entry, a longer name wins over an exception, and an exception over its like")
    func nearest() {
        let entries = [
            HostListEntry("ads.example"), HostListEntry("ok.ads.example", isException: true),
            HostListEntry("bad.ok.ads.example"), HostListEntry("like.example"),
            HostListEntry("like.example", isException: true),
        ]
        let list = HostList(entries: entries, precedence: .nearest)
        for host in ["ads.example", "bad.ok.ads.example", "x.bad.ok.ads.example"] {
            #expect(list.holds(host), "\(host)")
        }
        for host in ["ok.ads.example", "x.ok.ads.example", "like.example", "x.like.example"] {
            #expect(!list.holds(host), "\(host)")
        }
    }

    @Test("names are taken in any case and with a dot behind; what is no name is left out")
    func normalised() {
        let list = HostList(names: [
            "ADS.example.", "a..b", "bücher.example", "", "*.x.example", "192.0.2.1", "010.1.2.3",
        ])
        #expect(list.count == 2)
        #expect(list.holds("ads.example"))
        #expect(list.holds("192.0.2.1"))
        #expect(!list.holds("x.ads.example"))
    }

    @Test("an empty list holds nothing")
    func empty() {
        #expect(!HostList().holds("example.org"))
        #expect(HostList().deciding("example.org") == nil)
    }

    @Test("the entry that decides can be told")
    func deciding() {
        let list = HostList(entries: [
            HostListEntry("ads.example"), HostListEntry("ok.ads.example", .under, isException: true),
            HostListEntry("one.example", .name),
        ])
        #expect(list.deciding("x.ads.example") == HostListEntry("ads.example"))
        #expect(list.deciding("ok.ads.example") == HostListEntry("ads.example"))
        #expect(list.deciding("x.ok.ads.example") == HostListEntry("ok.ads.example", .under, isException: true))
        #expect(list.deciding("one.example") == HostListEntry("one.example", .name))
        #expect(list.deciding("x.one.example") == nil)
    }

    /// What a list is, as sets of texts.
    private struct Naive {
        var listed: Set<HostListEntry> = []

        func covers(_ entry: HostListEntry, _ host: String) -> Bool {
            (entry.scope != .under && host == entry.name) || (entry.scope != .name && host.hasSuffix("." + entry.name))
        }

        func holds(_ host: String, _ precedence: HostList.Precedence) -> Bool {
            var matching = listed.filter { covers($0, host) }
            if precedence == .nearest {
                let longest = matching.map(\.name.count).max()
                matching = matching.filter { $0.name.count == longest }
            }
            return !matching.isEmpty && !matching.contains(where: \.isException)
        }
    }

    @Test("random lists agree with sets of texts", arguments: [HostList.Precedence.exception, .nearest])
    func property(_ precedence: HostList.Precedence) {
        var random = SplitMix(seed: 11)
        for _ in 0..<150 {
            var naive = Naive()
            for _ in 0..<Int.random(in: 0...30, using: &random) {
                let scope = HostListEntry.Scope.allCases.randomElement(using: &random) ?? .name
                let isException = Int.random(in: 0..<4, using: &random) == 0
                naive.listed.insert(HostListEntry(random.name(), scope, isException: isException))
            }
            let list = HostList(entries: naive.listed, precedence: precedence)
            #expect(list.count == Set(naive.listed.map(\.name)).count)
            for _ in 0..<100 {
                let host = random.name()
                let expected = naive.holds(host, precedence)
                #expect(list.holds(host) == expected, "\(host) in \(naive.listed)")
                if let entry = list.deciding(host) {
                    #expect(naive.covers(entry, host))
                    #expect(entry.isException == !expected)
                } else {
                    #expect(!expected)
                }
            }
        }
    }
}
