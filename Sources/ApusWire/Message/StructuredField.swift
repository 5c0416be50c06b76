/// Serialisation of the bare items of structured fields (RFC 8941 §3.3, §4.1), as far as this proxy writes them.
public enum StructuredField {
    /// Appends an sf-string. Only printable ASCII can stand in one: `"` and `\` are escaped, and any other byte
    /// becomes `?`, so that text of a peer cannot end the field or the line.
    public static func write(string text: String, into bytes: inout [UInt8]) {
        bytes.append(0x22)
        for byte in text.utf8 {
            switch byte {
            case 0x22, 0x5c:
                bytes.append(0x5c)
                bytes.append(byte)
            case 0x20...0x7e:
                bytes.append(byte)
            default:
                bytes.append(0x3f)
            }
        }
        bytes.append(0x22)
    }

    /// Appends an sf-token, or an sf-string when the text is not one (a token begins with a letter or `*`).
    public static func write(token text: String, into bytes: inout [UInt8]) {
        if isToken(text) {
            bytes.append(contentsOf: text.utf8)
        } else {
            write(string: text, into: &bytes)
        }
    }

    /// Appends an sf-integer, brought into its range of fifteen digits.
    public static func write(integer: Int64, into bytes: inout [UInt8]) {
        bytes.write(decimal: min(max(integer, -999_999_999_999_999), 999_999_999_999_999))
    }

    /// Whether a text is an sf-token.
    public static func isToken(_ text: String) -> Bool {
        var isFirst = true
        for byte in text.utf8 {
            let isLetter = byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7a
            if isFirst {
                guard isLetter || byte == 0x2a else { return false }
                isFirst = false
            } else {
                guard ByteClass.isToken(byte) || byte == 0x3a || byte == 0x2f else { return false }
            }
        }
        return !isFirst
    }
}
