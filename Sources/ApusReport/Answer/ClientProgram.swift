public import ApusWire

/// A program that needs more than a challenge to show its credentials to a proxy, known by what it says of itself.
public enum ClientProgram: UInt8, Sendable, CaseIterable, BitwiseCopyable {
    /// All others.
    case other
    /// `Java/…`: the JDK's own client.
    case java
    /// `git/…`.
    case git

    /// Which one the value of a User-Agent field names first (RFC 9110 §10.1.5).
    public static func of(_ bytes: Span<UInt8>, _ value: ByteRange) -> ClientProgram {
        if begins(bytes, value, "Java/") { return .java }
        return begins(bytes, value, "git/") ? .git : .other
    }

    /// Whether a field's name is User-Agent.
    public static func isUserAgent(_ bytes: Span<UInt8>, _ name: ByteRange) -> Bool {
        let wanted: StaticString = "user-agent"
        guard name.count == wanted.utf8CodeUnitCount else { return false }
        var at = Int(name.start)
        for byte in wanted.description.utf8 {
            guard ByteClass.lowercased(bytes[at]) == byte else { return false }
            at += 1
        }
        return true
    }

    private static func begins(_ bytes: Span<UInt8>, _ value: ByteRange, _ word: StaticString) -> Bool {
        guard value.count >= word.utf8CodeUnitCount else { return false }
        var at = Int(value.start)
        for byte in word.description.utf8 {
            guard bytes[at] == byte else { return false }
            at += 1
        }
        return true
    }

    /// What it needs in order to answer a 407, in place of the usual hint; nil for the usual one.
    public var challengeHint: String? {
        switch self {
        case .other: nil
        case .java:
            "Java sends no Basic credentials for a tunnel unless it runs with -Djdk.http.auth.tunneling.disabledSchemes= (empty), "
                + "and asks the program's java.net.Authenticator for them."
        case .git:
            "git needs the user in the proxy's URL: git config --global http.proxy http://USER@HOST:PORT, and it asks for the "
                + "password; for Basic alone, http.proxyAuthMethod basic."
        }
    }
}
