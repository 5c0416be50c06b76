internal import ApusFlow
internal import ApusPolicy
internal import ApusReactor
internal import ApusWire

/// A tunnel and its two sockets: small, for there may be many, and most of them are idle; so the fields are in the order that wastes no
/// byte. It has 200.
struct TunnelConnection: BitwiseCopyable {
    let client: Token
    let upstream: Token
    let peer: SocketAddress
    let listener: UInt16
    /// Whether it came from CONNECT.
    let isConnect: Bool
    /// What the check of its ClientHello would have refused it for, or why it could not judge it: ``inside`` tells which.
    var reported: Refusal?
    let origin: OriginIndex
    var notes: Notes
    /// Whose it is, held as by the client's connection before.
    var user: UInt32
    /// What it holds of the counts of limits.
    var usage: UInt32
    /// The words of its record, while anybody reads records or the ClientHello is not judged yet.
    var words: UInt32
    /// How many bytes of the client are held.
    var held: UInt32 = 0
    /// While the name inside is to be held against the rules, when they decided about the outside, in seconds since 1970; then ``last``.
    var number: UInt32 = 0
    var inside = Inside.settled
    var tunnel: Tunnel

    /// How far the name inside has come.
    enum Inside: UInt8, BitwiseCopyable {
        /// It is to be the host of CONNECT.
        case host
        /// The same, or no TLS at all.
        case hostOrPlain
        /// It is to be held against the rules; against such as only report.
        case rules
        case reportingRules
        case rulesInTLS
        /// It may be any, but in TLS.
        case nothingInTLS
        /// There was none that could be held against the rules.
        case unjudged
        /// It has to be in TLS, and what came instead was refused: it looks like a request of HTTP; like one by HEAD.
        case request
        case headRequest
        /// All else.
        case settled
    }

    /// Whether the rules are still to be asked about the name inside.
    var asksRules: Bool { inside == .rules || inside == .reportingRules || inside == .rulesInTLS }

    /// How many bytes are relayed in front of a FIN that has come already.
    var last: UInt32 {
        get { asksRules ? 0 : number }
        set { number = newValue }
    }

    /// Where the bytes of a way come from.
    @inline(__always)
    func source(_ way: Way) -> Token { way == .up ? client : upstream }

    /// Where the bytes of a way go.
    @inline(__always)
    func sink(_ way: Way) -> Token { way == .up ? upstream : client }

    /// The name inside is to be held against something.
    mutating func begin(_ measure: ServerNameCheck.Measure, askedAt: UInt32) {
        switch measure {
        case .nothing: inside = .settled
        case .host: inside = .host
        case .hostOrPlain: inside = .hostOrPlain
        case .rules: inside = .rules
        case .reportingRules: inside = .reportingRules
        case .rulesInTLS: inside = .rulesInTLS
        case .nothingInTLS: inside = .nothingInTLS
        }
        number = asksRules ? askedAt : 0
    }

    /// The name inside has been judged, or there is nothing that could be.
    mutating func settle(_ how: Inside = .settled) {
        inside = how
        number = 0
    }

    /// What has come is refused, for it is not TLS.
    mutating func refused(_ opening: OpeningGuess) {
        switch opening {
        case .other: break
        case .request: settle(.request)
        case .headRequest: settle(.headRequest)
        }
    }
}

extension ProxyThread {
    /// Once nothing inside a tunnel is to be held against the rules any more, its record needs what they are called, and nothing else of
    /// the policy that it was allowed by.
    mutating func settlePolicy(_ index: UInt32) {
        if !tunnels[index].asksRules { snapshots.settle(&tunnels[index].notes.snapshot) }
    }

    /// Tells the client of a CONNECT that its origin has been reached: it may begin (RFC 9110 §9.3.6).
    mutating func sendEstablished(_ id: UInt32, _ io: inout ReactorIO) {
        clients[id].notes.status = 200
        let bytes = ProxyThread.established
        io.send(clients[id].token, bytes.span)
        clients[id].notes.toClient &+= UInt64(bytes.count)
    }

    private static let established = Array("HTTP/1.1 200 Connection Established\r\n\r\n".utf8)

    /// The client's connection becomes a tunnel, whose deadline runs already; session and exchange give way.
    mutating func openTunnel(_ id: UInt32, _ io: inout ReactorIO) {
        releaseBound(id, &io)
        let client = clients[id]
        let isConnect = client.exchange.method == .connect
        let measure = measureInside(id)
        let judgesHello = measure != .nothing
        let index = tunnels.insert(
            TunnelConnection(
                client: client.token,
                upstream: client.upstream,
                peer: client.peer,
                listener: client.listener,
                isConnect: isConnect,
                origin: client.route.origin,
                notes: client.notes,
                user: client.permission.user,
                usage: client.permission.usage,
                words: TunnelWords.none,
                tunnel: Tunnel(judgesHello: judgesHello)
            )
        )
        tunnels[index].begin(measure, askedAt: client.permission.askedAt)
        settlePolicy(index)
        if keepsWords || judgesHello, let words = words(of: client) {
            tunnels[index].words = tunnelWords.keep(words, isConnect: isConnect)
        }
        kept.release(&clients[id].kept)
        journal.dropBodies(client.bodies)
        clients.remove(id)
        journal.count(.tunnelOpened)
        io.setRole(client.token, Role(kind: .tunnelClient, index: index))
        io.setRole(client.upstream, Role(kind: .tunnelUpstream, index: index))
        io.resume(client.token)
        io.resume(client.upstream)
        if isPaced(tunnels[index]) { io.arm(client.upstream, ticks: Pacer.firstTicks) }
        if !judgesHello { relayTunnel(index, .up, .max, &io) }
        if tunnels.contains(index) { relayTunnel(index, .down, .max, &io) }
        guard tunnels.contains(index) else { return }
        if client.exchange.hasEndedClient { performTunnel(tunnels[index].tunnel.ended(.client), index, &io) }
    }

    /// Carries out what a tunnel asks for.
    mutating func performTunnel(_ step: Step, _ index: UInt32, _ io: inout ReactorIO) {
        if case .internalError(let place)? = step.fault { ownFault(place, io) }
        if step.client == .linger { sendAlert(step.fault, index, &io) }
        let tunnel = tunnels[index]
        if let ending = step.ending {
            recordTunnel(index, ending, step.fault, &io)
            io.setRole(tunnel.upstream, Role())
            if tunnel.origin != .absent { pool.connectionClosed(tunnel.origin) }
            tunnelWords.release(&tunnels[index].words)
        } else {
            // With the FIN the relay ends, and its count with it.
            if step.upstream == .shutdown { tunnels[index].notes.add(up: io.stopRelay(from: tunnel.client), down: 0) }
            if step.client == .shutdown { tunnels[index].notes.add(up: 0, down: io.stopRelay(from: tunnel.upstream)) }
        }
        switch step.client {
        case .shutdown: io.shutdown(tunnel.client)
        case .reset:
            removeTunnel(index, &io)
            io.reset(tunnel.client)
        case .close:
            removeTunnel(index, &io)
            io.close(tunnel.client)
        case .linger: linger(tunnel.client, limit: settings.lingerLimit, &io)
        // A tunnel has no heads and no answers.
        case .none, .forwardHead, .forwardInterim, .answer, .establish, .next: break
        }
        if step.upstream == .reset || step.upstream == .close { forgetEnd(tunnel.upstream) }
        switch step.upstream {
        case .tunnel: relayTunnel(index, .up, tunnel.last > 0 ? UInt64(tunnel.last) : .max, &io)
        case .shutdown: io.shutdown(tunnel.upstream)
        case .reset: io.reset(tunnel.upstream)
        case .close: io.close(tunnel.upstream)
        case .none, .reach, .reachFresh, .sendHead, .stopBody, .pool, .keep: break
        }
        if step.deadline != .keep, step.deadline != .none {
            io.arm(tunnel.client, ticks: settings.ticks(step.deadline))
        }
    }

    /// Forgets a tunnel; its sockets are the caller's to close.
    private mutating func removeTunnel(_ index: UInt32, _ io: inout ReactorIO) {
        guard tunnels.contains(index) else { return ownFault(.tunnelConnection, io) }
        let tunnel = tunnels[index]
        io.setRole(tunnel.client, Role())
        shared.caps.tunnelReleased()
        shared.caps.released(IPAddress(tunnel.peer))
        users.release(&tunnels[index].user)
        tunnels.remove(index)
    }

    /// The deadline of a tunnel counts from the last byte either way.
    mutating func tunnelExpired(_ index: UInt32, _ io: inout ReactorIO) {
        let tunnel = tunnels[index]
        switch tunnel.tunnel.phase {
        case .holdingHello:
            judgeHello(index, .incomplete, .other, &io)
            return
        case .lingering: return performTunnel(tunnels[index].tunnel.expired(), index, &io)
        case .awaitingHello, .open, .closed: break
        }
        if tunnel.usage != UsageHolds.none, usage[tunnel.usage].pacer.isWaiting {
            return io.arm(tunnel.client, ticks: settings.ticks(.tunnel))
        }
        let isHalf = tunnel.tunnel.clientEnded || tunnel.tunnel.upstreamEnded
        let limit = settings.ticks(isHalf ? .halfClose : .tunnel)
        let last = max(io.lastActivity(tunnel.client), io.lastActivity(tunnel.upstream))
        if let left = remaining(limit, since: last, io.tick) { return io.arm(tunnel.client, ticks: left) }
        performTunnel(tunnels[index].tunnel.expired(), index, &io)
    }
}
