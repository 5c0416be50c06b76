import ApusWire

/// How text that may come from a peer is written where it must stay text: log lines, pages, JSON.
///
/// In every style a control character, C1 controls included (0x9b alone starts a terminal's escape sequence), loses
/// its power; so do the marks that turn the direction of text, and line separators.
package enum TextEscape {
    /// Inside a JSON string (RFC 8259 §7): `\"`, `\\`, `\n`, `\u001b`.
    case json
    /// Inside a double-quoted log field, as Apache does it: `\"`, `\\`, `\x1b`; ASCII only.
    case quoted
    /// A bare column of a log: anything but visible ASCII, and `"`, becomes `%1B`.
    case percent
    /// A column for people: as it is, but `\u{1b}` for what has power, and `%20` for a space.
    case terminal
    /// Running text for people: like ``terminal``, with spaces.
    case sentence
    /// Element content or a double-quoted attribute of HTML.
    case html

    /// Appends a text in this style.
    package func write(_ text: String, into bytes: inout [UInt8]) {
        if Self.isPlain(text) {
            bytes.append(contentsOf: text.utf8)
            return
        }
        switch self {
        case .quoted: for byte in text.utf8 { writeQuoted(byte, into: &bytes) }
        case .percent: for byte in text.utf8 { writePercent(byte, into: &bytes) }
        case .json: for scalar in text.unicodeScalars { writeJSON(scalar, into: &bytes) }
        case .terminal, .sentence: for scalar in text.unicodeScalars { writeVisible(scalar, into: &bytes) }
        case .html: for scalar in text.unicodeScalars { writeHTML(scalar, into: &bytes) }
        }
    }

    /// Whether no style would change a byte: visible ASCII without `"`, `&`, `'`, `<`, `>` and `\`.
    private static func isPlain(_ text: String) -> Bool {
        for byte in text.utf8 {
            switch byte {
            case 0x21, 0x23...0x25, 0x28...0x3b, 0x3d, 0x3f...0x5b, 0x5d...0x7e: continue
            default: return false
            }
        }
        return true
    }

    private func writeQuoted(_ byte: UInt8, into bytes: inout [UInt8]) {
        switch byte {
        case 0x22, 0x5c:
            bytes.append(0x5c)
            bytes.append(byte)
        case 0x20...0x7e:
            bytes.append(byte)
        default:
            bytes.write(text: "\\x")
            bytes.write(hexadecimal: byte)
        }
    }

    private func writePercent(_ byte: UInt8, into bytes: inout [UInt8]) {
        switch byte {
        case 0x21, 0x23...0x7e:
            bytes.append(byte)
        default:
            bytes.append(0x25)
            for digit in [byte >> 4, byte & 15] { bytes.append(digit < 10 ? 0x30 + digit : 0x37 + digit) }
        }
    }

    private func writeJSON(_ scalar: Unicode.Scalar, into bytes: inout [UInt8]) {
        switch scalar {
        case "\"": bytes.write(text: "\\\"")
        case "\\": bytes.write(text: "\\\\")
        case "\n": bytes.write(text: "\\n")
        case "\r": bytes.write(text: "\\r")
        case "\t": bytes.write(text: "\\t")
        case _ where Self.hasPower(scalar):
            // None of them lies outside the basic plane, so four digits are enough.
            bytes.write(text: "\\u")
            bytes.write(hexadecimal: UInt8(truncatingIfNeeded: scalar.value >> 8))
            bytes.write(hexadecimal: UInt8(truncatingIfNeeded: scalar.value))
        default: bytes.append(contentsOf: scalar.utf8)
        }
    }

    private func writeVisible(_ scalar: Unicode.Scalar, into bytes: inout [UInt8]) {
        if Self.hasPower(scalar) {
            bytes.write(text: "\\u{")
            bytes.write(text: String(scalar.value, radix: 16))
            bytes.append(0x7d)
        } else if scalar == " " && self == .terminal {
            bytes.write(text: "%20")
        } else {
            bytes.append(contentsOf: scalar.utf8)
        }
    }

    private func writeHTML(_ scalar: Unicode.Scalar, into bytes: inout [UInt8]) {
        switch scalar {
        case "&": bytes.write(text: "&amp;")
        case "<": bytes.write(text: "&lt;")
        case ">": bytes.write(text: "&gt;")
        case "\"": bytes.write(text: "&quot;")
        case "'": bytes.write(text: "&#39;")
        case _ where Self.hasPower(scalar): bytes.write(text: "\u{fffd}")
        default: bytes.append(contentsOf: scalar.utf8)
        }
    }

    /// Whether a terminal or a reader could be led astray by it: controls, directional marks, line separators, the
    /// byte order mark.
    private static func hasPower(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7f...0x9f, 0x61c, 0x200e, 0x200f, 0x2028...0x202e, 0x2066...0x2069, 0xfeff: true
        default: false
        }
    }
}
