/// A header of the PROXY protocol, version 1: one line of text (§2.1 of the specification).
enum ProxyLine {
    /// Reads the line; nil while it is not whole.
    static func read(_ bytes: Span<UInt8>) throws(ProxyHeaderFault) -> ProxyHeader? {
        guard try isBegun(by: "PROXY ", bytes, 0) else { return nil }
        var end = 0
        while end < bytes.count, bytes[end] != Ascii.lf, end < ProxyHeader.longestV1 { end += 1 }
        guard end < ProxyHeader.longestV1 else { throw .tooLong }
        guard end < bytes.count else { return nil }
        guard bytes[end - 1] == Ascii.cr else { throw .line }
        // What stands behind UNKNOWN is ignored.
        if bytes[6] == UInt8(ascii: "U") {
            guard try isBegun(by: "UNKNOWN", bytes, 6), bytes[13] == Ascii.space || end == 14 else {
                throw .line
            }
            return ProxyHeader(.unknown, length: end + 1)
        }
        guard try isBegun(by: "TCP", bytes, 6), bytes[10] == Ascii.space else { throw .line }
        let family: IPAddress.Family
        switch bytes[9] {
        case UInt8(ascii: "4"): family = .v4
        case UInt8(ascii: "6"): family = .v6
        default: throw .family
        }
        var at = 11
        let source = try address(family, bytes, &at, end)
        let destination = try address(family, bytes, &at, end)
        let sourcePort = try port(bytes, &at, ends: Ascii.space)
        let destinationPort = try port(bytes, &at, ends: Ascii.cr)
        guard at == end else { throw .line }
        return ProxyHeader(source: (source, sourcePort), destination: (destination, destinationPort), length: end + 1)
    }

    /// Whether the bytes go on with these letters; false while some are missing.
    private static func isBegun(
        by letters: StaticString,
        _ bytes: Span<UInt8>,
        _ start: Int
    ) throws(ProxyHeaderFault) -> Bool {
        var at = start
        for letter in letters.description.utf8 {
            guard at < bytes.count else { return false }
            guard bytes[at] == letter else { throw start == 0 ? .signature : .line }
            at += 1
        }
        return true
    }

    /// An address and the space behind it.
    private static func address(
        _ family: IPAddress.Family,
        _ bytes: Span<UInt8>,
        _ at: inout Int,
        _ end: Int
    ) throws(ProxyHeaderFault) -> IPAddress {
        let start = at
        while at < end, bytes[at] != Ascii.space { at += 1 }
        guard at < end else { throw .line }
        guard let address = IPAddress.parse(bytes, start..<at), address.family == family else { throw .address }
        at += 1
        return address
    }

    /// A port, and the byte that ends it: its line ends with a CR in front of its LF, so there is one.
    private static func port(
        _ bytes: Span<UInt8>,
        _ at: inout Int,
        ends: UInt8
    ) throws(ProxyHeaderFault) -> UInt16 {
        let start = at
        var value: UInt32 = 0
        while ByteClass.isDigit(bytes[at]), at - start < 5 {
            value = value * 10 + UInt32(bytes[at] - Ascii.zero)
            at += 1
        }
        let hasLeadingZero = at - start > 1 && bytes[start] == Ascii.zero
        guard at > start, value <= 0xffff, !hasLeadingZero else { throw .port }
        guard bytes[at] == ends else { throw ByteClass.isDigit(bytes[at]) ? .port : .line }
        at += 1
        return UInt16(value)
    }
}
