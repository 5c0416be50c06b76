/// The character classes of RFC 9110 §5.6 that the small parsers of this target share.
enum FieldCharacter {
    /// Bit n of the pair is set when the ASCII character n is a `tchar` (RFC 9110 §5.6.2).
    private static let tokenLow: UInt64 = 0x03ff_6cfa_0000_0000
    private static let tokenHigh: UInt64 = 0x57ff_ffff_c7ff_fffe

    /// Whether the byte may stand in a token: a method, a field name, a coding.
    @inline(__always)
    static func isToken(_ byte: UInt8) -> Bool {
        guard byte < 128 else { return false }
        let word = byte < 64 ? tokenLow : tokenHigh
        return (word >> UInt64(byte & 63)) & 1 == 1
    }

    /// Whether the byte is a space or a horizontal tab: the only white space a field line knows.
    @inline(__always)
    static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    /// Whether the byte may stand in a field value: printable ASCII, blank, or obs-text (RFC 9110 §5.5).
    @inline(__always)
    static func isValue(_ byte: UInt8) -> Bool { (byte >= 0x20 && byte != 0x7f) || byte == 0x09 }

    /// The value of a hexadecimal digit, 255 for any other byte.
    @inline(__always)
    static func hexValue(_ byte: UInt8) -> UInt8 {
        switch byte {
        case 0x30...0x39: byte &- 0x30
        case 0x41...0x46: byte &- 0x37
        case 0x61...0x66: byte &- 0x57
        default: 255
        }
    }

    /// The lower-case form of an ASCII letter; any other byte as it is.
    @inline(__always)
    static func lowercased(_ byte: UInt8) -> UInt8 { byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte }
}
