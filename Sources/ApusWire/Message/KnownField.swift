/// The fields that a proxy itself reads, drops or writes; all others are `other` and pass.
public enum KnownField: UInt8, Sendable {
    case other
    case host
    case contentLength
    case transferEncoding
    case connection
    case keepAlive
    case proxyConnection
    case proxyAuthorization
    case proxyAuthenticate
    case proxyAuthenticationInfo
    case te
    case trailer
    case upgrade
    case via
    case maxForwards
    case expect
    case http2Settings
    case cookie
    case authorization
    case accept
    case date
    case wwwAuthenticate
    case persistentAuth

    /// Names a field by its length and its last sixteen bytes in lower case, packed as the name was scanned
    /// (`before` holds the eight bytes ahead of `last`). Comparing two words takes the place of comparing strings.
    ///
    /// Names longer than sixteen bytes also need `matchesPrefix`.
    static func named(count: Int, before: UInt64, last: UInt64) -> KnownField {
        switch count {
        case 2: return last == 0x7465 ? .te : .other
        case 3: return last == 0x76_6961 ? .via : .other
        case 4:
            if last == 0x6461_7465 { return .date }
            return last == 0x686f_7374 ? .host : .other
        case 6:
            if last == 0x6163_6365_7074 { return .accept }
            if last == 0x636f_6f6b_6965 { return .cookie }
            return last == 0x6578_7065_6374 ? .expect : .other
        case 7:
            if last == 0x74_7261_696c_6572 { return .trailer }
            return last == 0x75_7067_7261_6465 ? .upgrade : .other
        case 10:
            if last == 0x6e6e_6563_7469_6f6e, before == 0x636f { return .connection }
            return last == 0x6570_2d61_6c69_7665 && before == 0x6b65 ? .keepAlive : .other
        case 12:
            return last == 0x666f_7277_6172_6473 && before == 0x6d61_782d ? .maxForwards : .other
        case 13:
            return last == 0x7269_7a61_7469_6f6e && before == 0x61_7574_686f ? .authorization : .other
        case 14:
            if last == 0x742d_6c65_6e67_7468, before == 0x636f_6e74_656e { return .contentLength }
            return last == 0x7365_7474_696e_6773 && before == 0x6874_7470_322d ? .http2Settings : .other
        case 15:
            return last == 0x656e_742d_6175_7468 && before == 0x70_6572_7369_7374 ? .persistentAuth : .other
        case 16:
            if last == 0x656e_7469_6361_7465, before == 0x7777_772d_6175_7468 { return .wwwAuthenticate }
            return last == 0x6e6e_6563_7469_6f6e && before == 0x7072_6f78_792d_636f ? .proxyConnection : .other
        default:
            return count > 16 ? long(count: count, before: before, last: last) : .other
        }
    }

    private static func long(count: Int, before: UInt64, last: UInt64) -> KnownField {
        switch count {
        case 17 where last == 0x656e_636f_6469_6e67 && before == 0x7261_6e73_6665_722d: return .transferEncoding
        case 18 where last == 0x656e_7469_6361_7465 && before == 0x6f78_792d_6175_7468: return .proxyAuthenticate
        case 19 where last == 0x7269_7a61_7469_6f6e && before == 0x7879_2d61_7574_686f: return .proxyAuthorization
        case 25 where last == 0x696f_6e2d_696e_666f && before == 0x6865_6e74_6963_6174: return .proxyAuthenticationInfo
        default: return .other
        }
    }

    /// Whether the first bytes of a name longer than sixteen are the right ones.
    func matchesPrefix(_ bytes: Span<UInt8>, _ start: Int) -> Bool {
        // What stands ahead of the last sixteen bytes, packed in lower case: "t", "pr", "pro", "proxy-aut".
        switch self {
        case .transferEncoding: KnownField.pack(bytes, start, 1) == 0x74
        case .proxyAuthenticate: KnownField.pack(bytes, start, 2) == 0x7072
        case .proxyAuthorization: KnownField.pack(bytes, start, 3) == 0x70_726f
        case .proxyAuthenticationInfo:
            KnownField.pack(bytes, start, 1) == 0x70 && KnownField.pack(bytes, start + 1, 8) == 0x726f_7879_2d61_7574
        default: true
        }
    }

    private static func pack(_ bytes: Span<UInt8>, _ start: Int, _ count: Int) -> UInt64 {
        var packed: UInt64 = 0
        for i in start..<start + count { packed = packed &<< 8 | UInt64(ByteClass.lowercased(bytes[i])) }
        return packed
    }

    /// Whether RFC 9110 §7.6.1 makes it end at each hop, named by Connection or not.
    ///
    /// Proxy-Authenticate and Proxy-Authentication-Info speak to the next hop alone (§11.7), so an origin's end here too.
    @inline(__always)
    public var isHopByHop: Bool {
        let mask: UInt32 =
            1 << 4 | 1 << 5 | 1 << 6 | 1 << 7 | 1 << 8 | 1 << 9 | 1 << 10 | 1 << 12 | 1 << 16
        return mask &>> UInt32(rawValue) & 1 == 1
    }
}
