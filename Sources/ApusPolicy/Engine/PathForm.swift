internal import ApusWire

/// The one form in which paths are compared, so that `/public/../secret` does not begin with `/public/` (RFC 3986 §6.2.2).
///
/// Unreserved characters are decoded, other triplets have upper-case digits, dot segments are removed. The request itself is
/// passed on as it came.
enum PathForm {
    /// Where the path ends and the query begins.
    static func end(_ path: Span<UInt8>) -> Int {
        for index in path.indices where path[index] == Ascii.question { return index }
        return path.count
    }

    /// Whether the path may differ from its form: it is empty, has a triplet, or a segment that begins with a dot.
    static func isUnusual(_ path: Span<UInt8>, to end: Int) -> Bool {
        var before = Ascii.slash
        for index in 0..<end {
            let byte = path[index]
            if byte == percent || (byte == Ascii.dot && before == Ascii.slash) { return true }
            before = byte
        }
        return end == 0
    }

    /// Replaces the output with the path's form; an empty path is `/` (RFC 9110 §4.2.3).
    static func write(_ path: Span<UInt8>, to end: Int, into output: inout [UInt8]) {
        output.removeAll(keepingCapacity: true)
        var segment = 0
        var index = 0
        while index < end {
            if path[index] == Ascii.slash {
                if !dropDots(&output, segment) { output.append(Ascii.slash) }
                segment = output.count
                index += 1
            } else {
                index = decode(path, at: index, to: end, into: &output)
            }
        }
        _ = dropDots(&output, segment)
        if output.isEmpty { output.append(Ascii.slash) }
    }

    /// A prefix from a rule, with its triplets in the same form; its dots stay, for they may be the beginning of a name.
    static func prefix(_ text: String) -> [UInt8] {
        let bytes = Array(text.utf8)
        var output: [UInt8] = []
        var index = 0
        while index < bytes.count { index = decode(bytes.span, at: index, to: bytes.count, into: &output) }
        return output
    }

    private static let percent = UInt8(ascii: "%")

    /// Appends what stands at an offset, a triplet decoded if it stands for an unreserved character (RFC 3986 §2.3).
    private static func decode(_ path: Span<UInt8>, at index: Int, to end: Int, into output: inout [UInt8]) -> Int {
        guard path[index] == percent, index + 2 < end else {
            output.append(path[index])
            return index + 1
        }
        let high = ByteClass.hexValue(path[index + 1])
        let low = ByteClass.hexValue(path[index + 2])
        guard high < 16, low < 16 else {
            output.append(percent)
            return index + 1
        }
        let byte = high << 4 | low
        if isUnreserved(byte) {
            output.append(byte)
        } else {
            output.append(percent)
            output.append(digit(high))
            output.append(digit(low))
        }
        return index + 3
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        let letter = (byte | 0x20) &- UInt8(ascii: "a")
        return letter < 26 || ByteClass.isDigit(byte) || byte == UInt8(ascii: "-") || byte == Ascii.dot
            || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "~")
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? Ascii.zero + value : UInt8(ascii: "A") + value - 10
    }

    /// Takes back the last segment if it is `.`, and the one before it too if it is `..`; whether it did.
    private static func dropDots(_ output: inout [UInt8], _ segment: Int) -> Bool {
        let count = output.count - segment
        guard count == 1 || count == 2, output[segment] == Ascii.dot, output[output.count - 1] == Ascii.dot else {
            return false
        }
        output.removeLast(count)
        guard count == 2, !output.isEmpty else { return true }
        // The slash behind the segment before, then that segment; the first slash stays.
        output.removeLast()
        while let last = output.last, last != Ascii.slash { output.removeLast() }
        if output.isEmpty { output.append(Ascii.slash) }
        return true
    }
}
