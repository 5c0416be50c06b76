package import ApusWire

/// An idle upstream connection.
package struct UpstreamEntry: Sendable, Equatable {
    /// The shell's number for it.
    package let token: UInt64
    /// When it was put into the pool, in microseconds.
    package let since: UInt64
    /// What it is connected to: judged again before it is used.
    package let address: IPAddress
}

/// An idle connection as it lies in the pool.
struct PooledConnection: Sendable, BitwiseCopyable {
    let token: UInt64
    let since: UInt64
    let high: UInt64
    let low: UInt64
    let isV6: Bool
    /// For how long its origin says that it keeps it.
    let hint: KeepAliveHint
    /// The slot of its origin.
    let origin: UInt32
    let owner: PoolOwner

    init(
        token: UInt64,
        since: UInt64,
        address: IPAddress,
        origin: UInt32,
        owner: PoolOwner = .everybody,
        hint: KeepAliveHint = KeepAliveHint()
    ) {
        self.token = token
        self.since = since
        high = address.high
        low = address.low
        isV6 = address.family == .v6
        self.origin = origin
        self.owner = owner
        self.hint = hint
    }

    var entry: UpstreamEntry {
        let address =
            isV6 ? IPAddress(v6High: high, low: low) : IPAddress(v4: UInt32(truncatingIfNeeded: low))
        return UpstreamEntry(token: token, since: since, address: address)
    }

    /// Tokens are the reactor's, chosen by no peer: one multiplication spreads them (Fibonacci hashing).
    static func hash(_ token: UInt64) -> UInt32 {
        UInt32(truncatingIfNeeded: (token &* 0x9E37_79B9_7F4A_7C15) >> 32)
    }
}
