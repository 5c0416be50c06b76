/// The mode of a file, in octal digits as chmod takes them.
enum FileMode {
    /// Reads `0660`, `660` or `0o660`.
    static func parse(_ text: String) throws(ValueFault) -> UInt32 {
        let digits = text.hasPrefix("0o") ? text.dropFirst(2) : text[...]
        guard 3...4 ~= digits.utf8.count, digits.utf8.allSatisfy({ $0 &- 0x30 < 8 }),
            let mode = UInt32(digits, radix: 8),
            mode <= 0o777
        else {
            throw ValueFault("\"\(text)\" is no mode; it takes octal digits for owner, group and others, as 0660")
        }
        return mode
    }

    /// `0660`.
    static func describe(_ mode: UInt32) -> String {
        let digits = String(mode, radix: 8)
        return String(repeating: "0", count: max(1, 4 - digits.utf8.count)) + digits
    }
}
