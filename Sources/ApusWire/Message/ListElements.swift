/// The elements of a comma-separated field value (RFC 9110 §5.6.1), one after the other, without white space around them.
///
/// Commas within quoted strings do not count here: no list that a proxy reads may hold quoted commas.
struct ListElements {
    private var at: Int
    private let end: Int
    private var done = false

    init(_ value: ByteRange) {
        at = Int(value.start)
        end = Int(value.end)
    }

    /// The next element, maybe an empty one; `nil` behind the last.
    @inline(__always)
    mutating func next(_ bytes: Span<UInt8>) -> ByteRange? {
        guard !done else { return nil }
        var start = at
        while at < end, bytes[at] != Ascii.comma { at &+= 1 }
        var stop = at
        if at < end { at &+= 1 } else { done = true }
        while start < stop, ByteClass.isBlank(bytes[start]) { start &+= 1 }
        while stop > start, ByteClass.isBlank(bytes[stop - 1]) { stop &-= 1 }
        return ByteRange(start, stop)
    }
}

extension Span<UInt8> {
    /// A hash of the bytes in lower case (FNV-1a), to compare tokens that must outlive their buffer.
    func tokenHash(_ range: ByteRange) -> UInt32 {
        var hash: UInt32 = 2_166_136_261
        for i in range.range { hash = (hash ^ UInt32(ByteClass.lowercased(self[i]))) &* 16_777_619 }
        return hash
    }

    /// Whether two runs are the same but for the case of letters.
    func equalsIgnoringCase(_ left: ByteRange, _ right: ByteRange) -> Bool {
        guard left.count == right.count else { return false }
        for i in 0..<left.count
        where ByteClass.lowercased(self[Int(left.start) + i]) != ByteClass.lowercased(self[Int(right.start) + i]) {
            return false
        }
        return true
    }
}
