/// Numbers and addresses as the binary handshakes bear them: the highest byte first.
///
/// The caller has looked whether there is room.
enum NetworkOrder {
    @inline(__always)
    static func uint16(_ bytes: Span<UInt8>, _ at: Int) -> UInt16 {
        UInt16(bytes[at]) << 8 | UInt16(bytes[at + 1])
    }

    static func uint32(_ bytes: Span<UInt8>, _ at: Int) -> UInt32 {
        UInt32(uint16(bytes, at)) << 16 | UInt32(uint16(bytes, at + 2))
    }

    static func uint64(_ bytes: Span<UInt8>, _ at: Int) -> UInt64 {
        UInt64(uint32(bytes, at)) << 32 | UInt64(uint32(bytes, at + 4))
    }

    /// An address of this family: 4 bytes, or 16.
    static func address(_ family: IPAddress.Family, _ bytes: Span<UInt8>, _ at: Int) -> IPAddress {
        family == .v4
            ? IPAddress(v4: uint32(bytes, at)) : IPAddress(v6High: uint64(bytes, at), low: uint64(bytes, at + 8))
    }

    /// Writes the lowest `size` bytes of a number; answers the offset behind them.
    static func put(_ number: UInt64, _ size: Int, to target: inout MutableSpan<UInt8>, at: Int) -> Int {
        for place in 0..<size {
            target[at + place] = UInt8(truncatingIfNeeded: number >> UInt64(8 * (size - 1 - place)))
        }
        return at + size
    }

    /// Writes an address in 4 bytes or 16; answers the offset behind them.
    static func put(_ address: IPAddress, to target: inout MutableSpan<UInt8>, at: Int) -> Int {
        if address.family == .v4 { return put(address.low, 4, to: &target, at: at) }
        return put(address.low, 8, to: &target, at: put(address.high, 8, to: &target, at: at))
    }

    /// Whether `count` bytes may be written at this offset.
    static func hasRoom(_ count: Int, in target: borrowing MutableSpan<UInt8>, at: Int) -> Bool {
        at >= 0 && at <= target.count && count <= target.count - at
    }
}
