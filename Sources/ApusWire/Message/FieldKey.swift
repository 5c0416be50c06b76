/// A field's name as a head is searched for it, in lower case.
///
/// For a look into a head that was judged before, as in a record of it; who parses one has a ``FieldTable``.
package struct FieldKey: Sendable, BitwiseCopyable {
    private let count: Int
    private let high: UInt64
    private let low: UInt64

    /// - Parameter name: in lower case, at most sixteen bytes; of a longer one the last sixteen count.
    package init(_ name: String) {
        var (high, low) = (UInt64(0), UInt64(0))
        for byte in name.utf8.suffix(16) {
            high = high << 8 | low >> 56
            low = low << 8 | UInt64(byte)
        }
        count = min(16, name.utf8.count)
        self.high = high
        self.low = low
    }

    /// Where the value of the first field of this name stands, without the white space round it; nil where there is none, or it is empty.
    ///
    /// A line ends with CRLF or either of them; of a head that was cut off the last line ends with the bytes.
    package func value(in head: Span<UInt8>) -> Range<Int>? {
        var at = 0
        while at < head.count {
            var end = WordScan.endOfFieldContent(head, from: at, to: head.count)
            while end < head.count, head[end] != Ascii.cr, head[end] != Ascii.lf {
                end = WordScan.endOfFieldContent(head, from: end &+ 1, to: head.count)
            }
            if stands(in: head, at: at, before: end) { return FieldKey.trimmed(head, at &+ count &+ 1, end) }
            // The two of a line end are one: what stands between them is no line.
            if end &+ 1 < head.count, head[end] == Ascii.cr, head[end &+ 1] == Ascii.lf { end &+= 1 }
            at = end &+ 1
        }
        return nil
    }

    private func stands(in head: Span<UInt8>, at start: Int, before end: Int) -> Bool {
        guard start &+ count < end, head[start &+ count] == Ascii.colon else { return false }
        var (high, low) = (UInt64(0), UInt64(0))
        for place in start..<start &+ count {
            high = high << 8 | low >> 56
            low = low << 8 | UInt64(ByteClass.lowercased(head[place]))
        }
        return high == self.high && low == self.low
    }

    private static func trimmed(_ head: Span<UInt8>, _ start: Int, _ end: Int) -> Range<Int>? {
        var (start, end) = (start, end)
        while start < end, ByteClass.isBlank(head[start]) { start &+= 1 }
        while start < end, ByteClass.isBlank(head[end &- 1]) { end &-= 1 }
        return start < end ? start..<end : nil
    }
}
