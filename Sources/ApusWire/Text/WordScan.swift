/// Looks at eight bytes at a time within one machine word: a head is scanned at about an instruction a byte.
///
/// Each test answers with the high bit of every byte that meets it, exactly (no carry runs from one byte into the next),
/// so that the lowest set bit tells the first such byte.
enum WordScan {
    private static let highs: UInt64 = 0x8080_8080_8080_8080
    private static let lows: UInt64 = 0x7f7f_7f7f_7f7f_7f7f

    /// The eight bytes at an offset, the first one lowest; one load, whatever the machine's byte order.
    @inline(__always)
    static func word(_ bytes: Span<UInt8>, at: Int) -> UInt64 {
        let run = bytes.extracting(at..<at &+ 8)
        var word: UInt64 = 0
        for i in 0..<8 { word |= UInt64(run[i]) &<< UInt64(8 &* i) }
        return word
    }

    /// Every byte the same.
    @inline(__always)
    private static func each(_ byte: UInt8) -> UInt64 { UInt64(byte) &* 0x0101_0101_0101_0101 }

    /// Bytes that are no field content: controls but HTAB is among them, and DEL.
    @inline(__always)
    private static func controls(_ word: UInt64) -> UInt64 {
        let rest = word & lows
        let below = ~(rest &+ each(0x80 - 0x20))
        let delete = rest &+ each(1)
        return (below | delete) & ~word & highs
    }

    /// Bytes that end a request target: controls, SP and DEL; those from 0x80 on do not.
    @inline(__always)
    private static func separators(_ word: UInt64) -> UInt64 {
        let rest = word & lows
        let below = ~(rest &+ each(0x80 - 0x21))
        let delete = rest &+ each(1)
        return (below | delete) & ~word & highs
    }

    /// Bytes that are neither a letter nor `-`, of which most field names consist.
    @inline(__always)
    private static func unusual(_ word: UInt64) -> UInt64 {
        let lower = (word | each(0x20)) & lows
        let letters = (lower &+ each(0x80 - 0x61)) & ~(lower &+ each(0x80 - 0x7b)) & ~word
        let other = word ^ each(0x2d)
        let hyphens = ~(((other & lows) &+ lows) | other)
        return ~(letters | hyphens) & highs
    }

    /// The offset of the first byte from `start` on that cannot stand in a field value, or `end`.
    @inline(__always)
    static func endOfFieldContent(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> Int {
        var at = start
        while at &+ 8 <= end {
            let found = controls(word(bytes, at: at))
            if found == 0 {
                at &+= 8
                continue
            }
            at &+= found.trailingZeroBitCount / 8
            guard bytes[at] == Ascii.tab else { return at }
            at &+= 1
        }
        while at < end, ByteClass.isFieldContent(bytes[at]) { at &+= 1 }
        return at
    }

    /// The offset of the first byte from `start` on that ends a request target, or `end`.
    @inline(__always)
    static func endOfTarget(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> Int {
        var at = start
        while at &+ 8 <= end {
            let found = separators(word(bytes, at: at))
            if found != 0 { return at &+ found.trailingZeroBitCount / 8 }
            at &+= 8
        }
        while at < end, bytes[at] > Ascii.space, bytes[at] != 0x7f { at &+= 1 }
        return at
    }

    /// The offset of the first byte from `start` on that cannot stand in a token, or `end`.
    @inline(__always)
    static func endOfToken(_ bytes: Span<UInt8>, from start: Int, to end: Int) -> Int {
        var at = start
        while at &+ 8 <= end {
            let found = unusual(word(bytes, at: at))
            if found == 0 {
                at &+= 8
                continue
            }
            at &+= found.trailingZeroBitCount / 8
            guard ByteClass.isToken(bytes[at]) else { return at }
            at &+= 1
        }
        while at < end, ByteClass.isToken(bytes[at]) { at &+= 1 }
        return at
    }

    /// The last sixteen bytes of a token in lower case, packed with the last byte lowest: what ``KnownField`` compares.
    @inline(__always)
    static func packed(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> (before: UInt64, last: UInt64) {
        let count = end &- start
        let lower = each(0x20)
        if count <= 8 {
            guard start &+ 8 <= bytes.count else { return slow(bytes, start, end) }
            let last = (word(bytes, at: start) | lower).byteSwapped
            return (0, count == 0 ? 0 : last &>> UInt64(64 &- 8 &* count))
        }
        let last = (word(bytes, at: end &- 8) | lower).byteSwapped
        if count >= 16 { return ((word(bytes, at: end &- 16) | lower).byteSwapped, last) }
        return ((word(bytes, at: start) | lower).byteSwapped &>> UInt64(128 &- 8 &* count), last)
    }

    /// The same at the end of the bytes, where no whole word can be loaded.
    private static func slow(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> (before: UInt64, last: UInt64) {
        var last: UInt64 = 0
        for i in start..<end { last = last &<< 8 | UInt64(bytes[i] | 0x20) }
        return (0, last)
    }
}
