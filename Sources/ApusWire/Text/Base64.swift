/// Base64 with the standard alphabet (RFC 4648 §4), as credentials are written (RFC 7617 §2).
public enum Base64 {
    /// Decodes all of a run, strictly: whole groups of four with their padding, no other byte, and no bit set that the
    /// padding leaves over, so that there is one spelling for each content (RFC 4648 §3.2, §3.3, §3.5).
    ///
    /// - Returns: the content; nil where the run is not canonical.
    public static func decode(_ bytes: Span<UInt8>, _ range: Range<Int>) -> [UInt8]? {
        guard range.count % 4 == 0 else { return nil }
        var decoded: [UInt8] = []
        decoded.reserveCapacity(range.count / 4 * 3)
        var at = range.lowerBound
        while at < range.upperBound {
            let isLast = at + 4 == range.upperBound
            let padding = isLast ? Self.padding(bytes, at) : 0
            var group: UInt32 = 0
            for i in at..<at + 4 - padding {
                guard let value = value(bytes[i]) else { return nil }
                group = group << 6 | UInt32(value)
            }
            switch padding {
            case 0:
                decoded.append(UInt8(truncatingIfNeeded: group >> 16))
                decoded.append(UInt8(truncatingIfNeeded: group >> 8))
                decoded.append(UInt8(truncatingIfNeeded: group))
            case 1:
                guard group & 0b11 == 0 else { return nil }
                decoded.append(UInt8(truncatingIfNeeded: group >> 10))
                decoded.append(UInt8(truncatingIfNeeded: group >> 2))
            default:
                guard group & 0b1111 == 0 else { return nil }
                decoded.append(UInt8(truncatingIfNeeded: group >> 4))
            }
            at += 4
        }
        return decoded
    }

    /// Encodes bytes, with padding.
    public static func encode(_ bytes: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        var at = 0
        while at < bytes.count {
            let count = min(3, bytes.count - at)
            var group: UInt32 = 0
            for i in 0..<3 { group = group << 8 | (i < count ? UInt32(bytes[at + i]) : 0) }
            for digit in 0..<4 {
                text.append(
                    digit > count ? 0x3d : letter(UInt8(truncatingIfNeeded: group >> UInt32(18 - 6 * digit)) & 63)
                )
            }
            at += 3
        }
        return text
    }

    private static func letter(_ value: UInt8) -> UInt8 {
        switch value {
        case 0..<26: 0x41 + value
        case 26..<52: 0x61 + value - 26
        case 52..<62: 0x30 + value - 52
        case 62: 0x2b
        default: 0x2f
        }
    }

    /// How many `=` end the last group: two at the most.
    private static func padding(_ bytes: Span<UInt8>, _ at: Int) -> Int {
        guard bytes[at + 3] == 0x3d else { return 0 }
        return bytes[at + 2] == 0x3d ? 2 : 1
    }

    private static func value(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x41...0x5a: byte - 0x41
        case 0x61...0x7a: byte - 0x61 + 26
        case 0x30...0x39: byte - 0x30 + 52
        case 0x2b: 62
        case 0x2f: 63
        default: nil
        }
    }
}
