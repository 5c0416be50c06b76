/// A static bearer token as it is kept: `sha256:` and the 64 hexadecimal digits of the token's digest.
///
/// A quick digest is enough for a token of 128 random bits or more; for a password it is not.
public struct TokenHash: Sendable, Hashable {
    /// What it begins with.
    public static let prefix = "sha256:"

    private let digest: [UInt8]

    /// Takes the text behind a user's name; nil where it is not 64 hexadecimal digits behind the prefix.
    public init?(_ text: String) {
        guard text.hasPrefix(Self.prefix) else { return nil }
        let digits = text.utf8.dropFirst(Self.prefix.utf8.count).map { Self.value($0) }
        guard digits.count == 64, digits.allSatisfy({ $0 < 16 }) else { return nil }
        digest = stride(from: 0, to: 64, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }

    /// Takes a digest of 32 bytes; nil for any other count.
    public init?(digest: [UInt8]) {
        guard digest.count == 32 else { return nil }
        self.digest = digest
    }

    /// The hash of a token.
    public init(hashing token: Secret) { digest = SHA256.digest(token.bytes) }

    /// As it is written in a file.
    public var text: String {
        Self.prefix + digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// Whether two hashes are the same, in constant time.
    public static func == (left: TokenHash, right: TokenHash) -> Bool { Secret.areEqual(left.digest, right.digest) }

    private static func value(_ byte: UInt8) -> UInt8 {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: 255
        }
    }
}
