public import ApusWire

/// Whose count it is: a limit's, and within it a user's, a client's, or that of all it matches.
///
/// A user's name is kept as two hashes, of which nobody outside of this process knows the seeds: no memory for names, and no
/// two names that were made to meet.
public struct UsageKey: Sendable, Hashable, BitwiseCopyable {
    /// Which kind of key `high` and `low` are.
    private enum Kind: UInt8, Sendable, Hashable, BitwiseCopyable {
        case rule, clientV4, clientV6, user
    }

    private let high: UInt64
    private let low: UInt64
    /// The limit's number: it stays when rules are loaded anew, where the rule's place may not.
    public let limit: UInt32
    private let kind: Kind

    private init(_ kind: Kind, high: UInt64 = 0, low: UInt64 = 0, limit: UInt32) {
        self.high = high
        self.low = low
        self.limit = limit
        self.kind = kind
    }

    /// The key under which a request counts.
    ///
    /// - Parameters:
    ///   - limit: the limit's number.
    ///   - shares: who shares one count.
    ///   - client: the client's address.
    ///   - bits: how many bits of an IPv6 address name one client.
    ///   - user: the user, if there is one: without, a limit by user counts by the client.
    public init(limit: UInt32, shares: UsageLimit.Key, client: IPAddress, bits: UInt8 = 64, user: UserDigest?) {
        switch (shares, user) {
        case (.rule, _): self.init(.rule, limit: limit)
        case (.user, let user?): self.init(.user, high: user.high, low: user.low, limit: limit)
        case (.user, nil), (.client, _):
            let address = client.counted(bits: bits)
            self.init(address.family == .v6 ? .clientV6 : .clientV4, high: address.high, low: address.low, limit: limit)
        }
    }

    /// The client, or the network that counts as one; nil where it is a user's or a rule's.
    package var client: IPAddress? {
        switch kind {
        case .clientV4: IPAddress(v4: UInt32(truncatingIfNeeded: low))
        case .clientV6: IPAddress(v6High: high, low: low)
        case .rule, .user: nil
        }
    }

    /// Whether it is this user's.
    package func isOf(_ user: UserDigest) -> Bool { kind == .user && high == user.high && low == user.low }
}

/// A user's name as two hashes.
public struct UserDigest: Sendable, Hashable, BitwiseCopyable {
    fileprivate let high: UInt64
    fileprivate let low: UInt64

    /// Hashes a name, as bytes of UTF-8. Allocates nothing.
    public init(_ name: Span<UInt8>) {
        var first = Hasher()
        var second = Hasher()
        first.combine(0 as UInt8)
        second.combine(1 as UInt8)
        for index in name.indices {
            first.combine(name[index])
            second.combine(name[index])
        }
        high = UInt64(truncatingIfNeeded: first.finalize())
        low = UInt64(truncatingIfNeeded: second.finalize())
    }
}
