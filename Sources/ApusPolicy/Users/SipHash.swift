/// SipHash-2-4 with 128 bits of output (Aumasson and Bernstein, "SipHash: a fast short-input PRF", and their reference code):
/// a keyed digest, by which secrets are known again without being kept.
public struct SipHash: Sendable {
    /// 128 secret bits.
    public struct Key: Sendable {
        let first: UInt64
        let second: UInt64

        /// Makes a key of its two halves, each as the little-endian number of eight bytes.
        public init(_ first: UInt64, _ second: UInt64) {
            self.first = first
            self.second = second
        }
    }

    /// What comes out. Two digests are compared in constant time.
    public struct Digest: Sendable, Hashable, BitwiseCopyable {
        /// The first eight bytes, as a little-endian number.
        public let first: UInt64
        /// The last eight bytes.
        public let second: UInt64

        /// Makes a digest of its halves.
        public init(_ first: UInt64, _ second: UInt64) {
            self.first = first
            self.second = second
        }

        @inline(__always)
        public static func == (left: Digest, right: Digest) -> Bool {
            (left.first ^ right.first) | (left.second ^ right.second) == 0
        }
    }

    private var v0: UInt64
    private var v1: UInt64
    private var v2: UInt64
    private var v3: UInt64
    private var count: UInt64 = 0

    /// Begins a digest.
    public init(_ key: Key) {
        v0 = key.first ^ 0x736f_6d65_7073_6575
        v1 = key.second ^ 0x646f_7261_6e64_6f6d ^ 0xee
        v2 = key.first ^ 0x6c79_6765_6e65_7261
        v3 = key.second ^ 0x7465_6462_7974_6573
    }

    /// The digest of two numbers of eight bytes and a run of bytes behind them: what is asked for each request, in one call.
    public static func digest(
        _ key: Key,
        _ first: UInt64,
        _ second: UInt64,
        _ bytes: Span<UInt8>,
        _ range: Range<Int>
    ) -> Digest {
        var hash = SipHash(key)
        hash.absorb(first)
        hash.absorb(second)
        return hash.finish(bytes, range)
    }

    /// Takes eight bytes, as a little-endian number.
    @inline(__always)
    public mutating func absorb(_ word: UInt64) {
        count &+= 8
        compress(word)
    }

    /// Takes a run of bytes and answers the digest of all that was taken.
    @inline(__always)
    public consuming func finish(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Digest {
        let run = bytes.extracting(range)
        var at = 0
        while at &+ 8 <= run.count {
            // Checked once, and so one load.
            let eight = run.extracting(at..<at &+ 8)
            var word: UInt64 = 0
            for i in 0..<8 { word |= UInt64(eight[i]) &<< UInt64(8 &* i) }
            compress(word)
            at &+= 8
        }
        var last = (count &+ UInt64(run.count)) << 56
        var shift: UInt64 = 0
        while at < run.count {
            last |= UInt64(run[at]) &<< shift
            shift &+= 8
            at &+= 1
        }
        compress(last)
        v2 ^= 0xee
        let first = squeeze()
        v1 ^= 0xdd
        return Digest(first, squeeze())
    }

    @inline(__always)
    private mutating func compress(_ word: UInt64) {
        v3 ^= word
        round()
        round()
        v0 ^= word
    }

    @inline(__always)
    private mutating func squeeze() -> UInt64 {
        for _ in 0..<4 { round() }
        return v0 ^ v1 ^ v2 ^ v3
    }

    @inline(__always)
    private mutating func round() {
        v0 = v0 &+ v1
        v1 = SipHash.rotated(v1, 13) ^ v0
        v0 = SipHash.rotated(v0, 32)
        v2 = v2 &+ v3
        v3 = SipHash.rotated(v3, 16) ^ v2
        v0 = v0 &+ v3
        v3 = SipHash.rotated(v3, 21) ^ v0
        v2 = v2 &+ v1
        v1 = SipHash.rotated(v1, 17) ^ v2
        v2 = SipHash.rotated(v2, 32)
    }

    @inline(__always)
    private static func rotated(_ word: UInt64, _ by: UInt64) -> UInt64 { word &<< by | word &>> (64 &- by) }
}
