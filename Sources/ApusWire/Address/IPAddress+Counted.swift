extension IPAddress {
    /// Whom the address stands for where clients are counted: one IPv4 address, or one IPv6 network of so many bits, for a subscriber has
    /// a /64 of IPv6 at least (RFC 6177 §2), and could else be as many clients as it likes.
    ///
    /// An address that holds an IPv4 one, v4-mapped or by NAT64 (RFC 6052 §2.1), counts as that.
    ///
    /// - Parameter bits: of an IPv6 address, 1 to 128; 64 where nobody says otherwise.
    public func counted(bits: UInt8 = 64) -> IPAddress {
        guard family == .v6 else { return self }
        if isMapped || high == 0x0064_ff9b_0000_0000 && low >> 32 == 0 {
            return IPAddress(v4: UInt32(truncatingIfNeeded: low))
        }
        switch bits {
        case 128...: return self
        case 65...: return IPAddress(v6High: high, low: low & ~(UInt64.max >> (bits - 64)))
        case 64: return IPAddress(v6High: high, low: 0)
        default: return IPAddress(v6High: high & ~(UInt64.max >> bits), low: 0)
        }
    }
}
