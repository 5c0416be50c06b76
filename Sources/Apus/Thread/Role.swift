internal import ApusReactor

/// What a socket is to the proxy: its tag at the reactor, which comes with each of its events, before anything else is known.
struct Role: BitwiseCopyable {
    enum Kind: UInt8, BitwiseCopyable {
        /// Nothing: a race with a close.
        case none
        /// A client between or within requests; `index` is its ``ClientConnection``.
        case client
        /// The upstream connection of a client's exchange; `index` is the client's.
        case upstream
        /// An idle upstream connection in the pool.
        case pooled
        /// An idle upstream connection that is kept for one client; `index` is its ``BoundUpstream``.
        case bound
        /// An attempt to connect; `index` is the dial's.
        case dialing
        /// A connection to a parent that is not usable yet; `index` is the client's.
        case handshaking
        /// The client's end of a tunnel; `index` is the tunnel's.
        case tunnelClient
        /// The upstream's end of a tunnel; `index` is the tunnel's.
        case tunnelUpstream
    }

    var kind = Kind.none
    /// The number of a dial's attempt.
    var attempt: UInt8 = 0
    var index: UInt32 = 0
}

extension Role {
    /// What a tag means; a socket that has none is nothing.
    @inline(__always)
    init(tag: UInt64) {
        self.init(
            kind: Kind(rawValue: UInt8(truncatingIfNeeded: tag)) ?? .none,
            attempt: UInt8(truncatingIfNeeded: tag >> 8),
            index: UInt32(truncatingIfNeeded: tag >> 32)
        )
    }

    /// As the reactor keeps it: kind, attempt and index, from the lowest bits up.
    @inline(__always)
    var tag: UInt64 { UInt64(index) << 32 | UInt64(attempt) << 8 | UInt64(kind.rawValue) }
}

extension ReactorIO {
    /// What a socket is; nothing for one that is closed.
    @inline(__always)
    func role(of token: Token) -> Role { Role(tag: tag(of: token)) }

    /// Says what a socket is, until it is closed.
    @inline(__always)
    mutating func setRole(_ token: Token, _ role: Role) { setTag(token, role.tag) }
}
