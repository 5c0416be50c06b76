import ApusWire

/// The lines of a text, one after the other, as ranges without the blanks and the CR at their ends.
struct TextLines {
    private var at = 0
    /// The number of the line that was read last, from 1.
    private(set) var number = 0

    /// The next line, which may be empty; nil behind the last. A byte order mark in front of the first is passed over.
    mutating func next(_ bytes: Span<UInt8>) -> Range<Int>? {
        if at == 0, bytes.count >= 3, bytes[0] == 0xef, bytes[1] == 0xbb, bytes[2] == 0xbf { at = 3 }
        guard at < bytes.count else { return nil }
        var end = at
        while end < bytes.count, bytes[end] != Ascii.lf { end &+= 1 }
        let line = Self.trimmed(bytes, at..<end)
        at = end + 1
        number += 1
        return line
    }

    /// The range without blanks and CR at both ends.
    static func trimmed(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, isSpace(bytes[start]) { start &+= 1 }
        while end > start, isSpace(bytes[end &- 1]) { end &-= 1 }
        return start..<end
    }

    /// The part of a line in front of the first such byte, without blanks at its end.
    static func part(_ bytes: Span<UInt8>, _ line: Range<Int>, before mark: UInt8) -> Range<Int> {
        for index in line where bytes[index] == mark { return trimmed(bytes, line.lowerBound..<index) }
        return line
    }

    /// The first word of a range, up to a blank; empty if there is none.
    static func word(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
        var start = range.lowerBound
        while start < range.upperBound, isSpace(bytes[start]) { start &+= 1 }
        var end = start
        while end < range.upperBound, !isSpace(bytes[end]) { end &+= 1 }
        return start..<end
    }

    /// Whether a range is this text, letters of either case alike; the text is in lower case.
    static func equals(_ bytes: Span<UInt8>, _ range: Range<Int>, _ text: [UInt8]) -> Bool {
        guard range.count == text.count else { return false }
        for index in text.indices where ByteClass.lowercased(bytes[range.lowerBound &+ index]) != text[index] {
            return false
        }
        return true
    }

    /// Whether a range ends with this text, letters of either case alike; the text is in lower case.
    static func hasSuffix(_ bytes: Span<UInt8>, _ range: Range<Int>, _ text: [UInt8]) -> Bool {
        guard range.count >= text.count else { return false }
        return equals(bytes, range.upperBound &- text.count..<range.upperBound, text)
    }

    private static func isSpace(_ byte: UInt8) -> Bool { ByteClass.isBlank(byte) || byte == Ascii.cr }
}
