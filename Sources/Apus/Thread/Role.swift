internal import ApusReactor

/// What a socket is to the proxy: found by the token's index, before anything else is known.
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

/// The roles of all sockets of a thread, by token index, in chunks so that growing copies nothing.
struct RoleTable: ~Copyable {
    private static let chunk = 1024
    private var chunks: [[Role]] = []

    subscript(token: Token) -> Role {
        @inline(__always) get {
            let index = Int(token.index)
            guard index / RoleTable.chunk < chunks.count else { return Role() }
            return chunks[index / RoleTable.chunk][index % RoleTable.chunk]
        }
        @inline(__always) set {
            let index = Int(token.index)
            while index / RoleTable.chunk >= chunks.count {
                chunks.append([Role](repeating: Role(), count: RoleTable.chunk))
            }
            chunks[index / RoleTable.chunk][index % RoleTable.chunk] = newValue
        }
    }
}
