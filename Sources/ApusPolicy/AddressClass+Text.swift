extension AddressClass {
    /// What is refused and why, in plain English, for an answer's body; for ``global``, that nothing is.
    public var sentence: StaticString {
        switch self {
        case .global: "The address is globally reachable."
        case .loopback: "127.0.0.0/8 and ::1 are loopback: services of the machine that Apus runs on."
        case .privateUse: "10.0.0.0/8, 172.16.0.0/12 and 192.168.0.0/16 are private networks."
        case .uniqueLocal: "fc00::/7 is unique local: private networks of IPv6."
        case .sharedAddressSpace: "100.64.0.0/10 is shared address space: the inner side of a carrier's NAT."
        case .linkLocal:
            "169.254.0.0/16 (with 169.254.169.254) and fe80::/10 are link-local: cloud metadata services live there."
        case .unspecified: "0.0.0.0 and :: are no destination: the system would connect to itself."
        case .thisNetwork: "0.0.0.0/8 means a host on this network and is no destination."
        case .multicast: "224.0.0.0/4 and ff00::/8 are multicast groups, not hosts."
        case .broadcast: "255.255.255.255 is the broadcast address of the local network, not a host."
        case .documentation:
            "192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24, 2001:db8::/32 and 3fff::/20 are for documentation only."
        case .benchmarking: "198.18.0.0/15 and 2001:2::/48 are for benchmarks inside a laboratory."
        case .reserved: "240.0.0.0/4 and the unassigned parts of IPv6 are reserved: no host on the internet is there."
        case .ietfProtocol: "192.0.0.0/24 and 2001::/23 are for protocols of the IETF, inside a network."
        case .dummy: "192.0.0.8 and 100:0:0:1::/64 are dummy addresses: they only stand for a source."
        case .discardOnly: "100::/64 is discard-only: networks drop what is sent there."
        case .siteLocal: "fec0::/10 is site-local: private networks of IPv6, by a rule that is no longer in use."
        case .sixToFour: "2002::/16 is 6to4: the IPv4 address inside could be any, private ones too."
        case .sixToFourRelay: "192.88.99.0/24 was for relays of 6to4 and is no longer in use."
        case .teredo: "2001::/32 is Teredo: the IPv4 address inside could be any, private ones too."
        case .translationLocal: "64:ff9b:1::/48 is for translation inside a network: it leads to local IPv4 addresses."
        case .segmentRouting: "5f00::/16 is for segments of routes inside a network, not for hosts."
        }
    }

    /// The bounded name of the class, for metric labels and logs.
    public var label: StaticString {
        switch self {
        case .global: "global"
        case .loopback: "loopback"
        case .privateUse: "private_use"
        case .uniqueLocal: "unique_local"
        case .sharedAddressSpace: "shared_address_space"
        case .linkLocal: "link_local"
        case .unspecified: "unspecified"
        case .thisNetwork: "this_network"
        case .multicast: "multicast"
        case .broadcast: "broadcast"
        case .documentation: "documentation"
        case .benchmarking: "benchmarking"
        case .reserved: "reserved"
        case .ietfProtocol: "ietf_protocol"
        case .dummy: "dummy"
        case .discardOnly: "discard_only"
        case .siteLocal: "site_local"
        case .sixToFour: "six_to_four"
        case .sixToFourRelay: "six_to_four_relay"
        case .teredo: "teredo"
        case .translationLocal: "translation_local"
        case .segmentRouting: "segment_routing"
        }
    }
}
