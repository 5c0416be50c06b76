import ApusWire

/// A strict reader of one JSON object (RFC 8259) whose members are strings, numbers and literals; what is nested, what comes
/// twice and what is not UTF-8 makes it no such object.
struct FlatJSON {
    var at = 0

    /// The members of the object that is all of the bytes, white space around it aside.
    static func members(_ bytes: Span<UInt8>) -> [String: AccessLogLine.Value]? {
        var reader = FlatJSON()
        guard let members = reader.object(bytes) else { return nil }
        reader.skipSpace(bytes)
        return reader.at == bytes.count ? members : nil
    }

    private mutating func object(_ bytes: Span<UInt8>) -> [String: AccessLogLine.Value]? {
        guard take(bytes, UInt8(ascii: "{")) else { return nil }
        var members: [String: AccessLogLine.Value] = [:]
        if take(bytes, UInt8(ascii: "}")) { return members }
        repeat {
            skipSpace(bytes)
            guard let name = string(bytes), take(bytes, Ascii.colon) else { return nil }
            skipSpace(bytes)
            guard let value = value(bytes), members.updateValue(value, forKey: name) == nil else { return nil }
        } while take(bytes, Ascii.comma)
        return take(bytes, UInt8(ascii: "}")) ? members : nil
    }

    /// A string, a number or a literal at this place.
    mutating func value(_ bytes: Span<UInt8>) -> AccessLogLine.Value? {
        guard at < bytes.count else { return nil }
        if bytes[at] == UInt8(ascii: "\"") { return string(bytes).map { .text($0) } }
        let start = at
        while at < bytes.count, isBare(bytes[at]) { at += 1 }
        var word: [UInt8] = []
        for index in start..<at { word.append(bytes[index]) }
        switch String(decoding: word, as: UTF8.self) {
        case "true": return .truth(true)
        case "false": return .truth(false)
        case "null": return .null
        case let text: return isNumber(word[...]) ? .number(text) : nil
        }
    }

    private func isBare(_ byte: UInt8) -> Bool {
        let letter = (byte | 0x20) &- 0x61
        return letter < 26 || ByteClass.isDigit(byte) || byte == 0x2b || byte == 0x2d || byte == Ascii.dot
    }

    /// RFC 8259 §6.
    private func isNumber(_ word: ArraySlice<UInt8>) -> Bool {
        var rest = word
        if rest.first == 0x2d { rest.removeFirst() }
        let whole = rest.prefix(while: ByteClass.isDigit)
        guard !whole.isEmpty, whole.count == 1 || whole.first != Ascii.zero else { return false }
        rest = rest.dropFirst(whole.count)
        if rest.first == Ascii.dot {
            let digits = rest.dropFirst().prefix(while: ByteClass.isDigit)
            guard !digits.isEmpty else { return false }
            rest = rest.dropFirst(digits.count + 1)
        }
        guard let mark = rest.first else { return true }
        guard mark | 0x20 == UInt8(ascii: "e") else { return false }
        rest = rest.dropFirst()
        if rest.first == 0x2b || rest.first == 0x2d { rest = rest.dropFirst() }
        return !rest.isEmpty && rest.allSatisfy(ByteClass.isDigit)
    }

    /// A string at this place; nil if there is none, or it is not what RFC 8259 §7 allows.
    mutating func string(_ bytes: Span<UInt8>) -> String? {
        guard at < bytes.count, bytes[at] == UInt8(ascii: "\"") else { return nil }
        at += 1
        var text: [UInt8] = []
        while at < bytes.count {
            let byte = bytes[at]
            at += 1
            switch byte {
            case UInt8(ascii: "\""): return String(validating: text, as: UTF8.self)
            case UInt8(ascii: "\\"):
                guard escape(bytes, into: &text) else { return nil }
            case ..<0x20: return nil
            default: text.append(byte)
            }
        }
        return nil
    }

    /// What stands behind a backslash.
    private mutating func escape(_ bytes: Span<UInt8>, into text: inout [UInt8]) -> Bool {
        guard at < bytes.count else { return false }
        let byte = bytes[at]
        at += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), Ascii.slash: text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0c)
        case UInt8(ascii: "n"): text.append(Ascii.lf)
        case UInt8(ascii: "r"): text.append(Ascii.cr)
        case UInt8(ascii: "t"): text.append(Ascii.tab)
        case UInt8(ascii: "u"):
            guard let scalar = scalar(bytes) else { return false }
            text.append(contentsOf: scalar.utf8)
        default: return false
        }
        return true
    }

    /// Four hexadecimal digits, or twice four for what is beyond the basic plane; half of such a pair is nothing.
    private mutating func scalar(_ bytes: Span<UInt8>) -> Unicode.Scalar? {
        guard let first = unit(bytes) else { return nil }
        guard first >> 10 == 0xd800 >> 10 else { return Unicode.Scalar(first) }
        guard at + 1 < bytes.count, bytes[at] == UInt8(ascii: "\\"), bytes[at + 1] == UInt8(ascii: "u") else {
            return nil
        }
        at += 2
        guard let second = unit(bytes), second >> 10 == 0xdc00 >> 10 else { return nil }
        return Unicode.Scalar(0x10000 + (first & 0x3ff) << 10 + second & 0x3ff)
    }

    private mutating func unit(_ bytes: Span<UInt8>) -> UInt32? {
        guard at + 4 <= bytes.count else { return nil }
        var value: UInt32 = 0
        for index in at..<at + 4 {
            let digit = ByteClass.hexValue(bytes[index])
            guard digit < 16 else { return nil }
            value = value << 4 | UInt32(digit)
        }
        at += 4
        return value
    }

    /// Whether this byte comes next, white space aside; it is behind then.
    mutating func take(_ bytes: Span<UInt8>, _ byte: UInt8) -> Bool {
        skipSpace(bytes)
        guard at < bytes.count, bytes[at] == byte else { return false }
        at += 1
        return true
    }

    mutating func skipSpace(_ bytes: Span<UInt8>) {
        while at < bytes.count, ByteClass.isBlank(bytes[at]) || bytes[at] == Ascii.cr || bytes[at] == Ascii.lf {
            at += 1
        }
    }
}
