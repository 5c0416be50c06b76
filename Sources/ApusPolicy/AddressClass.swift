public import ApusWire

/// What an address is for, by the IANA special-purpose address registries (RFC 6890): all that is not ``global`` is
/// refused as a destination.
public enum AddressClass: UInt8, Sendable, Hashable, CaseIterable {
    /// Globally reachable unicast.
    case global
    /// 127.0.0.0/8 (RFC 1122 §3.2.1.3), `::1` (RFC 4291 §2.5.3).
    case loopback
    /// 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 (RFC 1918).
    case privateUse
    /// fc00::/7 (RFC 4193).
    case uniqueLocal
    /// 100.64.0.0/10, the inner side of a carrier's NAT (RFC 6598).
    case sharedAddressSpace
    /// 169.254.0.0/16 (RFC 3927), fe80::/10 (RFC 4291 §2.5.6).
    case linkLocal
    /// 0.0.0.0, `::`: Linux connects to itself.
    case unspecified
    /// 0.0.0.0/8 (RFC 791 §3.2).
    case thisNetwork
    /// 224.0.0.0/4 (RFC 5771), ff00::/8 (RFC 4291 §2.7).
    case multicast
    /// 255.255.255.255 (RFC 919 §7).
    case broadcast
    /// 192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24 (RFC 5737), 2001:db8::/32 (RFC 3849), 3fff::/20 (RFC 9637).
    case documentation
    /// 198.18.0.0/15 (RFC 2544), 2001:2::/48 (RFC 5180).
    case benchmarking
    /// 240.0.0.0/4 (RFC 1112 §4), and all of IPv6 outside 2000::/3 that IANA has given to nobody (RFC 4291 §2.4).
    case reserved
    /// 192.0.0.0/24 (RFC 6890), 2001::/23 (RFC 2928), but for what is marked globally reachable in them.
    case ietfProtocol
    /// 192.0.0.8 (RFC 7600), 100:0:0:1::/64 (RFC 9780).
    case dummy
    /// 100::/64 (RFC 6666).
    case discardOnly
    /// fec0::/10, deprecated (RFC 3879).
    case siteLocal
    /// 2002::/16 (RFC 3056): an IPv4 address of anyone's choice inside.
    case sixToFour
    /// 192.88.99.0/24, the deprecated anycast relays of 6to4 (RFC 7526).
    case sixToFourRelay
    /// 2001::/32 (RFC 4380): an IPv4 address of anyone's choice inside.
    case teredo
    /// 64:ff9b:1::/48, translation inside one network (RFC 8215).
    case translationLocal
    /// 5f00::/16, SRv6 segment identifiers (RFC 9602).
    case segmentRouting

    /// The class of an address.
    ///
    /// v4-mapped (`::ffff:0:0/96`), v4-compatible (`::/96`) and NAT64 (`64:ff9b::/96`) addresses have the class of the
    /// IPv4 address inside. Blocks that the registries mark globally reachable are ``global``.
    public static func of(_ address: IPAddress) -> AddressClass {
        if address.family == .v4 { return ofIPv4(UInt32(truncatingIfNeeded: address.low)) }
        if address.high >> 61 == 0b001 {
            // 2000::/3, where all global unicast is: four of its 8,192 blocks of 16 bits need a closer look.
            switch address.high >> 48 {
            case 0x2001: return ofIPv6Protocol(address)
            case 0x2002: return .sixToFour
            case 0x3fff: return address.high >> 44 == 0x3fff0 ? .documentation : .global
            default: return .global
            }
        }
        if let inner = address.embeddedIPv4 { return ofIPv4(UInt32(truncatingIfNeeded: inner.low)) }
        return ofIPv6OutsideUnicast(address)
    }

    /// Whether it is one of those that `--allow-private` lifts: loopback, RFC 1918, unique local and shared space.
    package var isPrivate: Bool {
        switch self {
        case .loopback, .privateUse, .uniqueLocal, .sharedAddressSpace: true
        default: false
        }
    }
}

extension AddressClass {
    private static func ofIPv4(_ bits: UInt32) -> AddressClass {
        switch bits >> 24 {
        case 0: bits == 0 ? .unspecified : .thisNetwork
        case 10: .privateUse
        case 100: bits >> 22 == 0x6440_0000 >> 22 ? .sharedAddressSpace : .global
        case 127: .loopback
        case 169: bits >> 16 == 0xa9fe ? .linkLocal : .global
        case 172: bits >> 20 == 0xac1 ? .privateUse : .global
        case 192: ofIPv4At192(bits)
        case 198: ofIPv4At198(bits)
        case 203: bits >> 8 == 0xcb0071 ? .documentation : .global
        case 224...239: .multicast
        case 240...255: bits == .max ? .broadcast : .reserved
        default: .global
        }
    }

    private static func ofIPv4At192(_ bits: UInt32) -> AddressClass {
        switch bits >> 8 {
        case 0xc00000:
            switch bits & 0xff {
            case 8: .dummy
            case 9, 10: .global  // PCP (RFC 7723) and TURN (RFC 8155) anycast.
            default: .ietfProtocol
            }
        case 0xc00002: .documentation
        case 0xc05863: .sixToFourRelay
        default: bits >> 16 == 0xc0a8 ? .privateUse : .global
        }
    }

    private static func ofIPv4At198(_ bits: UInt32) -> AddressClass {
        if bits >> 17 == 0xc612_0000 >> 17 { return .benchmarking }
        return bits >> 8 == 0xc63364 ? .documentation : .global
    }

    /// 2001::/16, of which 2001::/23 is for IETF protocols.
    private static func ofIPv6Protocol(_ address: IPAddress) -> AddressClass {
        let second = address.high >> 32 & 0xffff
        if second == 0xdb8 { return .documentation }
        guard second < 0x200 else { return .global }
        switch second {
        case 0: return .teredo
        case 1:
            // Anycast of PCP (RFC 7723), TURN (RFC 8155) and the service registration of DNS-SD (RFC 9665).
            let anycast = address.high == 0x2001_0001_0000_0000 && (1...3).contains(address.low)
            return anycast ? .global : .ietfProtocol
        case 2: return address.high >> 16 & 0xffff == 0 ? .benchmarking : .ietfProtocol
        case 3: return .global  // AMT (RFC 7450).
        case 4: return address.high >> 16 & 0xffff == 0x112 ? .global : .ietfProtocol  // AS112 (RFC 7535).
        case 0x20...0x3f: return .global  // ORCHIDv2 (RFC 7343), drone identifiers (RFC 9374).
        default: return .ietfProtocol
        }
    }

    /// Everything outside 2000::/3 that has no IPv4 address inside.
    private static func ofIPv6OutsideUnicast(_ address: IPAddress) -> AddressClass {
        let high = address.high
        if high == 0 { return address.low == 0 ? .unspecified : address.low == 1 ? .loopback : .reserved }
        if high >> 57 == 0xfc >> 1 { return .uniqueLocal }
        if high >> 56 == 0xff { return .multicast }
        switch high >> 54 {
        case 0xfe80 >> 6: return .linkLocal
        case 0xfec0 >> 6: return .siteLocal
        default: break
        }
        if high >> 48 == 0x5f00 { return .segmentRouting }
        if high == 0x0100_0000_0000_0000 { return .discardOnly }
        if high == 0x0100_0000_0000_0001 { return .dummy }
        return high >> 16 == 0x0064_ff9b_0001 ? .translationLocal : .reserved
    }
}
