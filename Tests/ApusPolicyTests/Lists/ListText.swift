import ApusSamples

@testable import ApusPolicy

extension SplitMix {
    /// A name of one to four labels out of a few, so that names cover one another often.
    mutating func name() -> String {
        let labels = ["a", "b", "aa", "ab", "example", "long-label-of-more-than-seven"]
        let count = Int.random(in: 1...4, using: &self)
        return (0..<count).map { _ in labels[Int.random(in: 0..<labels.count, using: &self)] }.joined(separator: ".")
    }
}

extension HostListFormat {
    /// Reads a text.
    func read(_ text: String) -> HostListReading { read(Array(text.utf8)) }
}

extension HostListReading {
    /// Whether the list holds a host.
    func holds(_ host: String) -> Bool { list.holds(host) }

    /// The faults, as people read them.
    var told: [String] { faults.map(\.description) }
}

extension HostList {
    /// Whether the list holds a host.
    func holds(_ host: String) -> Bool {
        let bytes = Array(host.utf8)
        return contains(bytes.span)
    }

    /// What decides about a host.
    func deciding(_ host: String) -> HostListEntry? {
        let bytes = Array(host.utf8)
        return entry(deciding: bytes.span)
    }
}

/// A file of each format with most of what it knows, for cuts and changes.
func sampleList(_ format: HostListFormat) -> String {
    switch format {
    case .hosts:
        "# a list\n127.0.0.1 localhost\n0.0.0.0 ads.example track.example # both\r\n::1\tv6.example\n\n0.0.0.0 last.example\n"
    case .domains:
        "! a list\nads.example\n*.under.example\n.dotted.example # why\r\n\nlast.example\n"
    case .adblock:
        "[Adblock Plus 2.0]\n! a list\n||ads.example^\n@@||ok.ads.example^$important\n||*.under.example^|\r\nx.example##.ad\n"
            + "||last.example^\n"
    case .rpz:
        "$TTL 300\n$ORIGIN rpz.test.\n@ IN SOA ns.test. me.test. (\n 1 ; serial\n 2 3 4 5 )\n  NS ns.test.\nads.example CNAME .\n"
            + "*.ads.example 60 IN CNAME *.\nok.ads.example CNAME rpz-passthru.\nlast.example CNAME rpz-drop.\n"
    }
}
