internal import ApusFlow
internal import ApusPolicy
internal import ApusReactor
internal import ApusWire

/// A tunnel and its two sockets: small, for there may be many, and most of them are idle.
struct TunnelConnection: BitwiseCopyable {
    let client: Token
    let upstream: Token
    let peer: SocketAddress
    let origin: OriginIndex
    let listener: UInt16
    /// Whether it came from CONNECT.
    let isConnect: Bool
    /// Whose it is, held as by the client's connection before.
    let user: UInt32
    var tunnel = Tunnel()
    var notes: Notes
    /// What it holds of the counts of limits.
    let usage: UInt32
    /// The words of its record, while anybody reads records.
    var words: UInt32
}

extension ProxyThread {
    /// The origin of a CONNECT has been reached: the client may begin (RFC 9110 §9.3.6).
    mutating func establish(_ id: UInt32, _ io: inout ReactorIO) {
        let step = clients[id].exchange.reached(reused: false)
        guard step.client == .establish else { return }
        clients[id].notes.status = 200
        let bytes = ProxyThread.established
        io.send(clients[id].token, bytes.span)
        clients[id].notes.toClient &+= UInt64(bytes.count)
        openTunnel(id, &io)
    }

    private static let established = Array("HTTP/1.1 200 Connection Established\r\n\r\n".utf8)

    /// The client's connection becomes a tunnel; session and exchange give way.
    mutating func openTunnel(_ id: UInt32, _ io: inout ReactorIO) {
        let client = clients[id]
        let isConnect = client.exchange.method == .connect
        let index = tunnels.insert(
            TunnelConnection(
                client: client.token,
                upstream: client.upstream,
                peer: client.peer,
                origin: client.origin,
                listener: client.listener,
                isConnect: isConnect,
                user: client.user,
                notes: client.notes,
                usage: client.usage,
                words: KeptRequests.none
            )
        )
        if keepsWords { tunnels[index].words = kept.compact(client.kept) }
        kept.release(&clients[id].kept)
        clients.remove(id)
        counters.clients &-= 1
        counters.tunnels &+= 1
        roles[client.token] = Role(kind: .tunnelClient, index: index)
        roles[client.upstream] = Role(kind: .tunnelUpstream, index: index)
        io.resume(client.token)
        io.resume(client.upstream)
        if client.usage != UsageHolds.none, usage[client.usage].countsBytes {
            openPacedTunnel(index, &io)
            if !tunnels.contains(index) { return }
        } else {
            io.relay(from: client.token, to: client.upstream, count: .max)
            io.relay(from: client.upstream, to: client.token, count: .max)
        }
        io.arm(client.token, ticks: settings.ticks(.tunnel))
        if client.exchange.hasEndedClient { performTunnel(tunnels[index].tunnel.ended(.client), index, &io) }
    }

    /// Carries out what a tunnel asks for.
    mutating func performTunnel(_ step: Step, _ index: UInt32, _ io: inout ReactorIO) {
        let tunnel = tunnels[index]
        if let ending = step.ending {
            recordTunnel(index, ending, step.fault, &io)
            roles[tunnel.client] = Role()
            roles[tunnel.upstream] = Role()
            if tunnel.origin != .absent { pool.connectionClosed(tunnel.origin) }
            shared.caps.tunnelReleased()
            shared.caps.released(IPAddress(tunnel.peer))
            counters.tunnels &-= 1
            kept.release(&tunnels[index].words)
            users.release(tunnel.user)
            tunnels.remove(index)
        } else {
            // With the FIN the relay ends, and its count with it.
            if step.upstream == .shutdown { tunnels[index].notes.add(up: io.stopRelay(from: tunnel.client), down: 0) }
            if step.client == .shutdown { tunnels[index].notes.add(up: 0, down: io.stopRelay(from: tunnel.upstream)) }
        }
        end(tunnel.client, step.client == .shutdown, step.client == .reset, step.ending != nil, &io)
        end(tunnel.upstream, step.upstream == .shutdown, step.upstream == .reset, step.ending != nil, &io)
        if step.ending == nil, step.deadline == .halfClose {
            io.arm(tunnel.client, ticks: settings.ticks(.halfClose))
        }
    }

    private mutating func end(_ token: Token, _ shuts: Bool, _ resets: Bool, _ closes: Bool, _ io: inout ReactorIO) {
        if shuts {
            io.shutdown(token)
        } else if resets {
            io.reset(token)
        } else if closes {
            io.close(token)
        }
    }

    /// The deadline of a tunnel counts from the last byte either way.
    mutating func tunnelExpired(_ index: UInt32, _ io: inout ReactorIO) {
        let tunnel = tunnels[index]
        if tunnel.usage != UsageHolds.none, usage[tunnel.usage].isWaiting {
            return io.arm(tunnel.client, ticks: settings.ticks(.tunnel))
        }
        let isHalf = tunnel.tunnel.clientEnded || tunnel.tunnel.upstreamEnded
        let limit = settings.ticks(isHalf ? .halfClose : .tunnel)
        let last = max(io.lastActivity(tunnel.client), io.lastActivity(tunnel.upstream))
        if let left = remaining(limit, since: last, io.tick) { return io.arm(tunnel.client, ticks: left) }
        performTunnel(tunnels[index].tunnel.expired(), index, &io)
    }
}
