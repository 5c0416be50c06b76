import ApusWire

/// The records of a zone file (RFC 1035 §5.1), one after the other, as the ranges of their words.
///
/// Comments are passed over, parentheses join lines, a quoted string is one word with its quotes.
struct ZoneRecords {
    /// The most words that are kept of a record: owner, TTL, class, type and two of data.
    static let mostWords = 6

    private var at = 0
    private var line = 1
    private var depth = 0
    /// The words of the record that was read last, at most ``mostWords``.
    private(set) var words: [Range<Int>] = []
    /// The line in which it begins, from 1.
    private(set) var start = 1
    /// Whether it begins with a blank, and so is about the owner of the one before.
    private(set) var keepsOwner = false
    /// Whether a parenthesis or a quote in it is not closed, or not opened.
    private(set) var isBroken = false

    /// Reads the next record into ``words``; false behind the last.
    mutating func next(_ bytes: Span<UInt8>) -> Bool {
        if at == 0, bytes.count >= 3, bytes[0] == 0xef, bytes[1] == 0xbb, bytes[2] == 0xbf { at = 3 }
        words.removeAll(keepingCapacity: true)
        depth = 0
        isBroken = false
        keepsOwner = false
        var isLineStart = true
        while at < bytes.count {
            let byte = bytes[at]
            if isLineStart, words.isEmpty, depth == 0 {
                start = line
                keepsOwner = ByteClass.isBlank(byte)
            }
            isLineStart = byte == Ascii.lf
            if isLineStart {
                at += 1
                line += 1
                if depth == 0, !words.isEmpty || isBroken { return true }
            } else {
                take(bytes, byte)
            }
        }
        isBroken = isBroken || depth > 0
        return !words.isEmpty || isBroken
    }

    private mutating func take(_ bytes: Span<UInt8>, _ byte: UInt8) {
        switch byte {
        case Ascii.space, Ascii.tab, Ascii.cr: at += 1
        case Ascii.semicolon: while at < bytes.count, bytes[at] != Ascii.lf { at += 1 }
        case UInt8(ascii: "("):
            depth += 1
            at += 1
        case UInt8(ascii: ")"):
            if depth == 0 { isBroken = true } else { depth -= 1 }
            at += 1
        case UInt8(ascii: "\""): takeQuoted(bytes)
        default: takeWord(bytes)
        }
    }

    private mutating func takeQuoted(_ bytes: Span<UInt8>) {
        let first = at
        at += 1
        while at < bytes.count, bytes[at] != UInt8(ascii: "\""), bytes[at] != Ascii.lf {
            at += isEscape(bytes) ? 2 : 1
        }
        let isClosed = at < bytes.count && bytes[at] == UInt8(ascii: "\"")
        if isClosed { at += 1 } else { isBroken = true }
        keep(first..<at)
    }

    private mutating func takeWord(_ bytes: Span<UInt8>) {
        let first = at
        loop: while at < bytes.count {
            switch bytes[at] {
            case Ascii.space, Ascii.tab, Ascii.cr, Ascii.lf, Ascii.semicolon: break loop
            case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "\""): break loop
            default: at += isEscape(bytes) ? 2 : 1
            }
        }
        keep(first..<at)
    }

    /// Whether a backslash stands here and takes the byte behind it, which is never the end of a line.
    private func isEscape(_ bytes: Span<UInt8>) -> Bool {
        bytes[at] == UInt8(ascii: "\\") && at + 1 < bytes.count && bytes[at + 1] != Ascii.lf
    }

    private mutating func keep(_ word: Range<Int>) {
        if words.count < Self.mostWords { words.append(word) }
    }
}
