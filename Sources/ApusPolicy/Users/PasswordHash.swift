/// A password as crypt(3) hashes it: checked in form, of a kind that withstands guessing, and of a bounded cost.
public struct PasswordHash: Sendable, Hashable {
    /// How it was hashed.
    public enum Kind: Sendable, Hashable, CaseIterable {
        /// `$2a$`, `$2b$`, `$2y$`: the first 72 bytes of the password count.
        case bcrypt
        /// `$5$`.
        case sha256Crypt
        /// `$6$`.
        case sha512Crypt
        /// `$y$`: what Debian gives its own users.
        case yescrypt
    }

    /// The whole text, as crypt(3) takes and answers it.
    public let text: String
    /// How it was hashed.
    public let kind: Kind
    /// About how long one verification takes on a machine of 2025, in microseconds: only good for telling which of two
    /// hashes costs more.
    public let cost: UInt64

    /// Takes the text behind a user's name.
    ///
    /// Costs that would keep a thread busy for seconds, or take more than 256 MiB, are refused: nobody waits that long, and
    /// everybody may ask.
    public init(_ text: String) throws(PasswordHashFault) {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false).map(String.init)
        guard parts.count > 2, parts[0].isEmpty else { throw PasswordHashFault(unusable: text) }
        self.text = text
        switch parts[1] {
        case "2a", "2b", "2y":
            kind = .bcrypt
            cost = try Self.bcrypt(parts)
        case "5":
            kind = .sha256Crypt
            cost = try Self.sha(parts, digits: 43)
        case "6":
            kind = .sha512Crypt
            cost = try Self.sha(parts, digits: 86)
        case "y":
            kind = .yescrypt
            cost = try Self.yescrypt(parts)
        case "apr1": throw .apr1
        case "1": throw .md5Crypt
        default: throw .unknownKind
        }
    }

    /// `$2y$10$` and 22 + 31 digits; 2^4 to 2^16 rounds.
    private static func bcrypt(_ parts: [String]) throws(PasswordHashFault) -> UInt64 {
        guard parts.count == 4, parts[2].utf8.count == 2, let cost = number(parts[2]), 4...31 ~= cost,
            isDigits(parts[3], 53...53)
        else { throw .malformed }
        guard cost <= 16 else { throw .tooCostly }
        return 50 << cost
    }

    /// `$6$salt$digest` or `$6$rounds=N$salt$digest`; 1,000 to 5,000,000 rounds.
    private static func sha(_ parts: [String], digits: Int) throws(PasswordHashFault) -> UInt64 {
        var rounds: UInt64 = 5000
        var rest = parts[2...]
        if let first = rest.first, first.hasPrefix("rounds=") {
            guard let number = number(String(first.dropFirst(7))), 1000...999_999_999 ~= number else {
                throw .malformed
            }
            rounds = number
            rest = rest.dropFirst()
        }
        guard rest.count == 2, let salt = rest.first, let digest = rest.last, 1...16 ~= salt.utf8.count,
            salt.utf8.allSatisfy({ 0x21...0x7e ~= $0 && $0 != 0x3a }), isDigits(digest, digits...digits)
        else { throw .malformed }
        guard rounds <= 5_000_000 else { throw .tooCostly }
        return rounds * 2 / 5
    }

    /// `$y$j9T$salt$digest`: the flavour, the logarithm of N, and r, then what is left out by default.
    private static func yescrypt(_ parts: [String]) throws(PasswordHashFault) -> UInt64 {
        guard parts.count == 5, isDigits(parts[2], 3...16), isDigits(parts[3], 1...86), isDigits(parts[4], 43...43)
        else { throw .malformed }
        let parameters = parts[2].utf8.map(value)
        // A digit of 48 and above begins a number of several digits, which no cost that is bearable needs.
        guard parameters[1] < 48, parameters[2] < 48 else { throw .tooCostly }
        let logarithm = UInt64(parameters[1]) + 1
        let blocks = UInt64(parameters[2]) + 1
        // 128 bytes times r times N, in all 256 MiB.
        guard logarithm <= 21, blocks << logarithm <= 1 << 21 else { throw .tooCostly }
        return (blocks << logarithm) / 6
    }

    /// A decimal number without a sign.
    private static func number(_ text: String) -> UInt64? {
        text.utf8.allSatisfy { 0x30...0x39 ~= $0 } ? UInt64(text) : nil
    }

    private static func isDigits(_ text: String, _ count: ClosedRange<Int>) -> Bool {
        count ~= text.utf8.count && text.utf8.allSatisfy { value($0) < 64 }
    }

    /// The value of one of crypt's digits, `./0-9A-Za-z`; 64 for any other byte.
    static func value(_ byte: UInt8) -> UInt8 {
        switch byte {
        case 0x2e...0x39: byte - 0x2e
        case 0x41...0x5a: byte - 0x41 + 12
        case 0x61...0x7a: byte - 0x61 + 38
        default: 64
        }
    }
}

extension PasswordHash: CustomStringConvertible {
    /// The kind alone: a hash is for no log either.
    public var description: String { "\(kind) hash" }
}
