/// The character classes of HTTP/1.1 messages (RFC 9110 §5.6.2, RFC 9112 §2.2).
package enum ByteClass {
    /// `tchar` below 64: `!#$%&'*+-.` and the digits.
    private static let lowTokens: UInt64 = 0x03ff_6cfa_0000_0000
    /// `tchar` from 64 on: the letters, `^`, `_`, the grave accent, `|` and `~`.
    private static let highTokens: UInt64 = 0x57ff_ffff_c7ff_fffe

    /// Whether the byte may stand in a token: a method, a field name.
    @inline(__always)
    package static func isToken(_ byte: UInt8) -> Bool {
        guard byte < 128 else { return false }
        let mask = byte < 64 ? lowTokens : highTokens
        return (mask &>> UInt64(byte & 63)) & 1 == 1
    }

    /// Whether the byte may stand inside a field value or a reason phrase: HTAB, SP, VCHAR, obs-text (RFC 9110 §5.5).
    @inline(__always)
    package static func isFieldContent(_ byte: UInt8) -> Bool {
        byte >= 0x20 ? byte != 0x7f : byte == Ascii.tab
    }

    /// Whether the byte is a space or a horizontal tab: the only white space a line knows.
    @inline(__always)
    package static func isBlank(_ byte: UInt8) -> Bool { byte == Ascii.space || byte == Ascii.tab }

    /// Whether the byte is a decimal digit.
    @inline(__always)
    package static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

    /// The value of a hexadecimal digit, 255 for any other byte.
    @inline(__always)
    package static func hexValue(_ byte: UInt8) -> UInt8 {
        switch byte {
        case 0x30...0x39: byte &- 0x30
        case 0x41...0x46: byte &- 0x37
        case 0x61...0x66: byte &- 0x57
        default: 255
        }
    }

    /// The byte in lower case, when it is a letter; digits and `-` stay as they are.
    @inline(__always)
    package static func lowercased(_ byte: UInt8) -> UInt8 {
        byte &- 0x41 < 26 ? byte | 0x20 : byte
    }
}

/// The bytes that the grammar names.
package enum Ascii {
    package static let tab: UInt8 = 0x09
    package static let lf: UInt8 = 0x0a
    package static let cr: UInt8 = 0x0d
    package static let space: UInt8 = 0x20
    package static let hash: UInt8 = 0x23
    package static let percent: UInt8 = 0x25
    package static let asterisk: UInt8 = 0x2a
    package static let comma: UInt8 = 0x2c
    package static let dot: UInt8 = 0x2e
    package static let slash: UInt8 = 0x2f
    package static let zero: UInt8 = 0x30
    package static let colon: UInt8 = 0x3a
    package static let semicolon: UInt8 = 0x3b
    package static let question: UInt8 = 0x3f
    package static let at: UInt8 = 0x40
    package static let leftBracket: UInt8 = 0x5b
    package static let rightBracket: UInt8 = 0x5d
}
