extension IPAddress {
    /// The longest text of an address: six groups of four digits and an embedded dotted quad.
    private static let longestText = 45

    /// Reads an address: a strict dotted quad, or IPv6 text in any form of RFC 4291 §2.2.
    ///
    /// A dotted quad has exactly four decimal octets without leading zeros. Brackets, a zone, a port, white space and
    /// every other spelling of an IPv4 address are not an address: see ``looksLikeLegacyIPv4(_:_:)``.
    /// - Returns: nil if the bytes are anything else.
    public static func parse(_ bytes: Span<UInt8>, _ range: Range<Int>) -> IPAddress? {
        guard range.count >= 2, range.count <= longestText else { return nil }
        if let bits = parseQuad(bytes, range) { return IPAddress(v4: bits) }
        return parseGroups(bytes, range)
    }

    /// Reads an address from text, as ``parse(_:_:)`` does from bytes.
    public init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard let address = IPAddress.parse(bytes.span, 0..<bytes.count) else { return nil }
        self = address
    }

    /// The 32 bits of a strict dotted quad.
    private static func parseQuad(_ bytes: Span<UInt8>, _ range: Range<Int>) -> UInt32? {
        var value: UInt32 = 0
        var octet: UInt32 = 0
        var digits = 0
        var dots = 0
        for index in range {
            let byte = bytes[index]
            if let digit = decimalDigit(byte) {
                // A leading zero means octal to some readers: what is read differently is not read at all.
                if digits > 0 && octet == 0 { return nil }
                octet = octet * 10 + digit
                if octet > 255 { return nil }
                digits += 1
            } else {
                guard byte == UInt8(ascii: "."), digits > 0, dots < 3 else { return nil }
                value = value << 8 | octet
                octet = 0
                digits = 0
                dots += 1
            }
        }
        guard dots == 3, digits > 0 else { return nil }
        return value << 8 | octet
    }

    /// An IPv6 address: groups of one to four hexadecimal digits, `::` at most once, a dotted quad at the end.
    private static func parseGroups(_ bytes: Span<UInt8>, _ range: Range<Int>) -> IPAddress? {
        let end = range.upperBound
        var index = range.lowerBound
        var groups = GroupReader()
        if bytes[index] == UInt8(ascii: ":") {
            guard bytes[index + 1] == UInt8(ascii: ":") else { return nil }
            groups.gap = true
            index += 2
        }
        while index < end {
            let start = index
            var value: UInt32 = 0
            while index < end, let digit = hexadecimalDigit(bytes[index]) {
                guard index - start < 4 else { return nil }
                value = value << 4 | digit
                index += 1
            }
            if index < end, bytes[index] == UInt8(ascii: ".") {
                guard let quad = parseQuad(bytes, start..<end), groups.append(quad >> 16),
                    groups.append(quad & 0xffff)
                else { return nil }
                break
            }
            guard index > start, groups.append(value) else { return nil }
            if index == end { break }
            guard bytes[index] == UInt8(ascii: ":"), index + 1 < end else { return nil }
            index += 1
            if bytes[index] == UInt8(ascii: ":") {
                guard !groups.gap else { return nil }
                groups.gap = true
                index += 1
            }
        }
        return groups.address
    }

    static func decimalDigit(_ byte: UInt8) -> UInt32? {
        let digit = byte &- UInt8(ascii: "0")
        return digit < 10 ? UInt32(digit) : nil
    }

    static func hexadecimalDigit(_ byte: UInt8) -> UInt32? {
        if let digit = decimalDigit(byte) { return digit }
        let letter = (byte | 0x20) &- UInt8(ascii: "a")
        return letter < 6 ? UInt32(letter) + 10 : nil
    }
}

/// The groups of an IPv6 address as they are read, on both sides of the `::`.
private struct GroupReader {
    /// Whether `::` has been read.
    var gap = false
    private var head: UInt128 = 0
    private var tail: UInt128 = 0
    private var headCount = 0
    private var tailCount = 0

    /// Takes one group; false if there are eight already.
    mutating func append(_ group: UInt32) -> Bool {
        guard headCount + tailCount < 8 else { return false }
        if gap {
            tail = tail << 16 | UInt128(group)
            tailCount += 1
        } else {
            head = head << 16 | UInt128(group)
            headCount += 1
        }
        return true
    }

    /// The address, if the groups fill it: eight without `::`, at most seven with it.
    var address: IPAddress? {
        let count = headCount + tailCount
        guard gap ? count < 8 : count == 8 else { return nil }
        let bits = head << UInt128(16 * (8 - headCount)) | tail
        return IPAddress(v6High: UInt64(truncatingIfNeeded: bits >> 64), low: UInt64(truncatingIfNeeded: bits))
    }
}
