extension IPAddress {
    /// Whether it is `::ffff:a.b.c.d`, which the kernel takes for the IPv4 address itself (RFC 4291 §2.5.5.2).
    public var isMapped: Bool { family == .v6 && high == 0 && low >> 32 == 0xffff }

    /// The IPv4 address of a v4-mapped one, else the address itself.
    ///
    /// Both spellings are one and the same peer; a dual-stack listener sees IPv4 clients as mapped addresses.
    public var unmapped: IPAddress { isMapped ? IPAddress(v4: UInt32(truncatingIfNeeded: low)) : self }

    /// The IPv4 address inside a v4-mapped (`::ffff:0:0/96`), v4-compatible (`::/96`, but not `::` and `::1`) or NAT64
    /// (`64:ff9b::/96`, RFC 6052) address; nil for every other.
    public var embeddedIPv4: IPAddress? {
        guard family == .v6 else { return nil }
        let bits = UInt32(truncatingIfNeeded: low)
        switch (high, low >> 32) {
        case (0, 0xffff), (0x0064_ff9b_0000_0000, 0): return IPAddress(v4: bits)
        case (0, 0): return bits > 1 ? IPAddress(v4: bits) : nil
        default: return nil
        }
    }

    /// The address that is meant in the end: the embedded IPv4 address if there is one, else itself.
    public var unwrapped: IPAddress { embeddedIPv4 ?? self }

    /// Whether it is in 127.0.0.0/8 or `::1`, in the mapped spelling too.
    public var isLoopback: Bool {
        let plain = unmapped
        return plain.family == .v4 ? plain.low >> 24 == 127 : plain.high == 0 && plain.low == 1
    }

    /// Whether it is 0.0.0.0 or `::`, in the mapped spelling too: a listener on every address.
    public var isUnspecified: Bool {
        let plain = unmapped
        return plain.high == 0 && plain.low == 0
    }
}
