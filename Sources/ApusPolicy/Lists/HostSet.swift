internal import ApusWire

/// The hosts of some patterns, asked one at a time: as `to` takes them, but that a network is meant of hosts that are addresses.
struct HostSet: Sendable {
    private let names: HostList
    private let lists: [HostList]
    private let networks: [CIDR]
    private let isAny: Bool

    /// Makes a set of checked patterns.
    init(_ patterns: [HostPattern], lists known: [String: HostList]) {
        var entries: [HostListEntry] = []
        var lists: [HostList] = []
        var networks: [CIDR] = []
        var isAny = false
        for pattern in patterns {
            switch pattern {
            case .any: isAny = true
            case .name(let name):
                if let address = IPAddress(name) {
                    networks.append(CIDR(address))
                } else {
                    entries.append(HostListEntry(name, .name))
                }
            case .under(let name): entries.append(HostListEntry(name, .under))
            case .network(let block): networks.append(block)
            case .list(let name): lists += [known[name]].compactMap { $0 }
            }
        }
        names = HostList(entries: entries)
        self.lists = lists
        self.networks = networks
        self.isAny = isAny
    }

    /// Whether a host is one of them.
    ///
    /// - Parameters:
    ///   - host: in lower case without a trailing dot; an IPv6 literal without brackets.
    ///   - literal: the address that the host is; nil for a name.
    func contains(_ host: Span<UInt8>, _ literal: IPAddress?) -> Bool {
        if isAny { return true }
        if let address = literal?.unmapped {
            for place in networks.indices where networks[place].contains(address) { return true }
        } else if names.count > 0, names.contains(host) {
            return true
        }
        for place in lists.indices where lists[place].contains(host) { return true }
        return false
    }
}
