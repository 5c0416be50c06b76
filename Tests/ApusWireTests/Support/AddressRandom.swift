import ApusWire
import Glibc

/// A seeded generator (SplitMix64), so that a failure can be seen again.
struct AddressRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var bits = state
        bits = (bits ^ bits >> 30) &* 0xbf58_476d_1ce4_e5b9
        bits = (bits ^ bits >> 27) &* 0x94d0_49bb_1331_11eb
        return bits ^ bits >> 31
    }

    /// An address with many zero groups, so that `::` has something to do.
    mutating func address() -> IPAddress {
        if next() % 3 == 0 { return IPAddress(v4: UInt32(truncatingIfNeeded: next())) }
        var halves: [UInt64] = [0, 0]
        for index in 0..<8 {
            let width = [0, 0, 0, 4, 8, 12, 16, 16][Int(next() % 8)]
            let group = width == 0 ? 0 : next() & (1 << UInt64(width) - 1)
            halves[index / 4] = halves[index / 4] << 16 | group
        }
        return IPAddress(v6High: halves[0], low: halves[1])
    }
}

/// What the C library makes of a text: the oracle for the own parser.
func systemParse(_ text: String) -> IPAddress? {
    // It would stop at a NUL.
    if text.utf8.contains(0) { return nil }
    var quad = in_addr()
    if inet_pton(AF_INET, text, &quad) == 1 { return IPAddress(v4: UInt32(bigEndian: quad.s_addr)) }
    var groups = in6_addr()
    guard inet_pton(AF_INET6, text, &groups) == 1 else { return nil }
    let bytes = withUnsafeBytes(of: &groups) { Array($0) }
    return IPAddress(
        v6High: bytes[0..<8].reduce(0) { $0 << 8 | UInt64($1) },
        low: bytes[8...].reduce(0) { $0 << 8 | UInt64($1) }
    )
}

/// What the C library writes for an address.
func systemText(_ address: IPAddress) -> String {
    var buffer = [CChar](repeating: 0, count: 64)
    if address.family == .v4 {
        var quad = in_addr(s_addr: UInt32(truncatingIfNeeded: address.low).bigEndian)
        inet_ntop(AF_INET, &quad, &buffer, 64)
    } else {
        var halves = (address.high.bigEndian, address.low.bigEndian)
        inet_ntop(AF_INET6, &halves, &buffer, 64)
    }
    return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
}

/// Calls a function of bytes with the text in the middle of other bytes, so that a read beyond its range is seen.
func inside<Result>(_ text: String, _ body: (Span<UInt8>, Range<Int>) -> Result) -> Result {
    let bytes = Array("1:.".utf8) + Array(text.utf8) + Array("1.:a".utf8)
    return body(bytes.span, 3..<3 + text.utf8.count)
}
