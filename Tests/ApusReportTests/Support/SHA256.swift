/// The hash that a policy of a page names a script by (FIPS 180-4), for tests: no target of what is tested hashes.
enum SHA256 {
    private static let constants: [UInt32] = primes(64).map { fraction(of: $0, root: 1.0 / 3) }
    private static let start: [UInt32] = primes(8).map { fraction(of: $0, root: 1.0 / 2) }

    /// The first 32 bits of the fraction of a prime's root.
    private static func fraction(of prime: UInt64, root: Double) -> UInt32 {
        // The whole number whose square, or cube, is the largest below the prime times 2^64, or 2^96: exact, by halving.
        var (low, high) = (UInt128(0), UInt128(1) << 36)
        while high - low > 1 {
            let middle = (low + high) / 2
            let fits =
                root == 0.5 ? middle * middle <= UInt128(prime) << 64 : middle * middle * middle <= UInt128(prime) << 96
            if fits { low = middle } else { high = middle }
        }
        return UInt32(truncatingIfNeeded: low)
    }

    private static func primes(_ count: Int) -> [UInt64] {
        var found: [UInt64] = []
        var next: UInt64 = 2
        while found.count < count {
            if found.allSatisfy({ next % $0 != 0 }) { found.append(next) }
            next += 1
        }
        return found
    }

    /// The hash in base64.
    static func base64(_ message: [UInt8]) -> String {
        let bytes = digest(message) + [0]
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        var text = ""
        for at in stride(from: 0, to: 33, by: 3) {
            let group = UInt32(bytes[at]) << 16 | UInt32(bytes[at + 1]) << 8 | UInt32(bytes[at + 2])
            for shift in [18, 12, 6, 0] as [UInt32] { text.append(letters[Int(group >> shift & 63)]) }
        }
        return text.dropLast() + "="
    }

    /// The hash.
    static func digest(_ message: [UInt8]) -> [UInt8] {
        var padded = message + [0x80]
        while padded.count % 64 != 56 { padded.append(0) }
        let bits = UInt64(message.count) * 8
        for shift in stride(from: 56, through: 0, by: -8) {
            padded.append(UInt8(truncatingIfNeeded: bits >> UInt64(shift)))
        }
        var state = start
        for block in stride(from: 0, to: padded.count, by: 64) { add(padded[block..<block + 64], &state) }
        return state.flatMap { word in [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> UInt32($0)) } }
    }

    private static func add(_ block: ArraySlice<UInt8>, _ state: inout [UInt32]) {
        var words = stride(from: block.startIndex, to: block.endIndex, by: 4).map { at in
            block[at..<at + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        }
        for at in 16..<64 {
            let (old, new) = (words[at - 15], words[at - 2])
            let first = turned(old, 7) ^ turned(old, 18) ^ old >> 3
            let second = turned(new, 17) ^ turned(new, 19) ^ new >> 10
            words.append(words[at - 16] &+ first &+ words[at - 7] &+ second)
        }
        var s = state
        for at in 0..<64 {
            let one = turned(s[4], 6) ^ turned(s[4], 11) ^ turned(s[4], 25)
            let choice = s[4] & s[5] ^ ~s[4] & s[6]
            let first = s[7] &+ one &+ choice &+ constants[at] &+ words[at]
            let two = turned(s[0], 2) ^ turned(s[0], 13) ^ turned(s[0], 22)
            let second = two &+ (s[0] & s[1] ^ s[0] & s[2] ^ s[1] & s[2])
            s = [first &+ second, s[0], s[1], s[2], s[3] &+ first, s[4], s[5], s[6]]
        }
        for at in 0..<8 { state[at] = state[at] &+ s[at] }
    }

    private static func turned(_ word: UInt32, _ by: UInt32) -> UInt32 { word >> by | word << (32 - by) }
}
