internal import ApusFlow
internal import ApusPolicy
internal import ApusReactor
internal import ApusWire

/// An upstream connection that its origin authenticates in place of each request (NTLM, Negotiate, Kerberos), while no request uses it.
///
/// What goes by it is taken for what the client asks who proved himself. So it is that client connection's and that proxy user's alone, and
/// closed with either; the pool never has it.
struct BoundUpstream: BitwiseCopyable {
    let token: Token
    /// The place of its client among the thread's.
    let client: UInt32
    let origin: OriginIndex
    let address: IPAddress
    /// The proxy user whose request it served; everybody's where nobody is asked who he is.
    let owner: PoolOwner

    /// A client has none.
    static let none = UInt32.max
}

/// Stage 5, reach, by the connection that is the client's own.
///
/// A client connection has one at most. A request to another origin goes another way and leaves it; where that way is to be kept as well, it
/// takes its place. A request of another user, or one that another proxy has forwarded, ends it.
extension ProxyThread {
    /// Keeps the client's upstream connection for its next requests.
    mutating func bindUpstream(_ id: UInt32, _ io: inout ReactorIO) {
        resumeSource(id, .down, &io)
        releaseBound(id, &io)
        let token = clients[id].upstream
        let origin = clients[id].route.origin
        clients[id].upstream = .absent
        guard !isDraining, let address = clients[id].notes.upstream, origin != .absent else {
            return closeUpstream(token, origin, reset: false, &io)
        }
        let owner = userOwner(id) ?? .everybody
        let index = bound.insert(
            BoundUpstream(token: token, client: id, origin: origin, address: address, owner: owner)
        )
        clients[id].bound = index
        io.setRole(token, Role(kind: .bound, index: index))
        io.arm(token, ticks: idleTicks(clients[id].keepAlive))
    }

    /// Takes the connection that is kept for the client, where it leads to the request's origin and may still serve it.
    ///
    /// - Returns: false where the request has to go another way.
    mutating func takeBound(_ id: UInt32, _ io: inout ReactorIO) -> Bool {
        let found = bound[clients[id].bound]
        // Behind a CONNECT no other request comes, whatever becomes of it.
        guard clients[id].exchange.mayBind, clients[id].exchange.method != .connect,
            found.owner == userOwner(id) ?? .everybody
        else {
            releaseBound(id, &io)
            return false
        }
        guard found.origin == clients[id].route.origin else { return false }
        // What lies unread on it must not become the answer to this request.
        guard !io.hasUnseenInput(found.token), mayReach(id, found.address, now: io.now) else {
            releaseBound(id, &io)
            return false
        }
        bound.remove(clients[id].bound)
        clients[id].bound = BoundUpstream.none
        clients[id].exchange.bind()
        use(found.token, to: found.address, for: id, &io)
        return true
    }

    /// Closes the connection that is kept for a client, if there is one.
    mutating func releaseBound(_ id: UInt32, _ io: inout ReactorIO) {
        let index = clients[id].bound
        guard index != BoundUpstream.none else { return }
        clients[id].bound = BoundUpstream.none
        let (token, origin) = (bound[index].token, bound[index].origin)
        bound.remove(index)
        closeUpstream(token, origin, reset: false, &io)
    }

    /// A kept connection ended, broke, spoke out of turn, or has not been used for too long.
    mutating func boundEnded(_ index: UInt32, _ io: inout ReactorIO) {
        if bound.contains(index) { releaseBound(bound[index].client, &io) }
    }
}
