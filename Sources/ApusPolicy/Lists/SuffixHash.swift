/// A hash of a host name that is built from its right end, so that one pass over a name yields the hash of every suffix.
///
/// Seven bytes and a mark go into a word, and a word into the state by a folded multiplication with a secret key. The key comes
/// from the standard library's own hash, random in each process: whoever writes a list cannot know which names share a slot.
struct SuffixHash: Sendable, BitwiseCopyable {
    /// The two secret factors.
    struct Key: Sendable, BitwiseCopyable {
        let step: UInt64
        let last: UInt64

        /// The key of this process.
        static let process = Key(seed: UInt64(truncatingIfNeeded: Hasher().finalize()))

        /// Spreads a seed over both factors; they are odd, so that neither can be zero.
        init(seed: UInt64) {
            step = SuffixHash.fold(seed ^ 0x9e37_79b9_7f4a_7c15, 0xd1b5_4a32_d192_ed03) | 1
            last = SuffixHash.fold(seed ^ 0x2545_f491_4f6c_dd1d, 0x94d0_49bb_1331_11eb) | 1
        }
    }

    private let key: Key
    private var state: UInt64
    /// The bytes that wait, below a mark that tells how many they are.
    private var word: UInt64 = 1

    @inline(__always)
    init(_ key: Key) {
        self.key = key
        state = key.last
    }

    /// Takes the next byte on the left.
    @inline(__always)
    mutating func take(_ byte: UInt8) {
        word = word &<< 8 | UInt64(byte)
        if word &>> 56 != 0 { flush() }
    }

    /// The hash of the suffix that was taken so far; to be asked for in front of every dot and at the start of a name, whether
    /// it is needed or not, for it goes into what follows.
    @inline(__always)
    mutating func suffix() -> UInt32 {
        flush()
        return UInt32(truncatingIfNeeded: Self.fold(state, key.last) &>> 32)
    }

    @inline(__always)
    private mutating func flush() {
        state = Self.fold(state ^ word, key.step)
        word = 1
    }

    /// Both halves of the product.
    @inline(__always)
    private static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }

    /// The hash of a whole name.
    static func of(_ bytes: Span<UInt8>, _ range: Range<Int>, _ key: Key) -> UInt32 {
        var hash = SuffixHash(key)
        var index = range.upperBound
        while index > range.lowerBound {
            index &-= 1
            if bytes[index] == 0x2e { _ = hash.suffix() }
            hash.take(bytes[index])
        }
        return hash.suffix()
    }
}
