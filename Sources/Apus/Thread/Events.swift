internal import ApusFlow
internal import ApusReactor
internal import ApusWire

/// The reactor's events, sent by role to the stage they belong to.
extension Worker {
    mutating func received(
        _ token: Token,
        _ role: Role,
        _ bytes: Span<UInt8>,
        _ scratch: inout MutableSpan<UInt8>,
        _ io: inout ReactorIO
    ) -> Int {
        switch role.kind {
        case .client: return clientReceived(role.index, bytes, &scratch, &io)
        case .upstream: return upstreamReceived(role.index, bytes, &scratch, &io)
        case .pooled:
            // Bytes that no request asked for: never paired with the next one (RFC 9112 §9.2).
            upstreams.idleEnded(token, &io)
            return bytes.count
        case .bound:
            boundEnded(role.index, &io)
            return bytes.count
        case .tunnelClient: return tunnelReceived(role.index, bytes, &io)
        case .handshaking: return handshakeReceived(role.index, bytes, &io)
        case .none, .dialing, .tunnelUpstream: return bytes.count
        }
    }

    mutating func connected(_ token: Token, _ role: Role, _ io: inout ReactorIO) {
        if role.kind == .dialing { perform(upstreams.connected(role, token, &io), &io) }
    }

    mutating func ended(_ token: Token, _ role: Role, _ io: inout ReactorIO) {
        switch role.kind {
        case .client: performSession(clients[role.index].session.ended(), role.index, &io)
        case .upstream: upstreamEnded(role.index, &io)
        case .pooled: upstreams.idleEnded(token, &io)
        case .bound: boundEnded(role.index, &io)
        case .tunnelClient: tunnelEnded(role.index, .client, &io)
        case .tunnelUpstream: tunnelEnded(role.index, .upstream, &io)
        case .dialing: perform(upstreams.failed(role, token, .reset, &io), &io)
        case .handshaking: handshakeEnded(role.index, &io)
        case .none: io.close(token)
        }
    }

    mutating func failed(_ token: Token, _ role: Role, _ error: SocketError, _ io: inout ReactorIO) {
        switch role.kind {
        case .client: performSession(clients[role.index].session.failed(), role.index, &io)
        case .upstream: upstreamFailed(role.index, &io)
        case .pooled: upstreams.idleEnded(token, &io)
        case .bound: boundEnded(role.index, &io)
        case .tunnelClient: performTunnel(tunnels.failed(role.index, .client), role.index, &io)
        case .tunnelUpstream: performTunnel(tunnels.failed(role.index, .upstream), role.index, &io)
        case .dialing: perform(upstreams.failed(role, token, DialFailure(error), &io), &io)
        case .handshaking: handshakeEnded(role.index, &io)
        case .none: io.close(token)
        }
    }

    mutating func drained(_ token: Token, _ role: Role, _ io: inout ReactorIO) {
        switch role.kind {
        case .client: clientDrained(role.index, &io)
        case .upstream: upstreamDrained(role.index, &io)
        case .none, .pooled, .bound, .dialing, .handshaking, .tunnelClient, .tunnelUpstream: break
        }
    }

    mutating func relayed(_ token: Token, _ role: Role, _ io: inout ReactorIO) {
        switch role.kind {
        case .client: bodyRelayed(role.index, .up, &io)
        case .upstream: bodyRelayed(role.index, .down, &io)
        case .tunnelClient: tunnelRelayed(role.index, .up, &io)
        case .tunnelUpstream: tunnelRelayed(role.index, .down, &io)
        case .none, .pooled, .bound, .dialing, .handshaking: break
        }
    }

    mutating func expired(_ timer: Timer, _ io: inout ReactorIO) {
        // A harmless race: what the deadline was of has ended, and another one may have its place.
        guard let kind = Timer.Kind(rawValue: timer.kind), stands(kind, timer, io) else { return }
        switch kind {
        case .client: clientExpired(timer.index, &io)
        case .pause: usageTicked(timer.index, &io)
        case .pooled: upstreams.drop(timer.token, &io)
        case .bound: boundEnded(timer.index, &io)
        case .dial: perform(upstreams.ticked(dial: timer.index, &io), &io)
        case .tunnel: tunnelExpired(timer.index, &io)
        case .tunnelCount: tunnelUsageTicked(timer.index, &io)
        }
    }

    /// Whether what a deadline is of is still there.
    private func stands(_ kind: Timer.Kind, _ timer: Timer, _ io: borrowing ReactorIO) -> Bool {
        switch kind {
        case .client, .pause: clients.holds(timer)
        case .pooled: io.role(of: timer.token).kind == .pooled
        case .bound, .dial: upstreams.holds(kind, timer)
        case .tunnel, .tunnelCount: tunnels.holds(timer)
        }
    }

    mutating func delivered(_ message: WorkerMessage, _ io: inout ReactorIO) {
        switch message {
        case .resolved(let answer): resolved(answer, &io)
        case .decided(let wait, let verdict): answered(wait, .verdict(verdict), &io)
        case .settings(let settings, let endsDenied, let generation):
            if let generation { gate.forgetUsers(generation) }
            adopt(settings, endsDenied: endsDenied, &io)
        case .authenticated(let result): authenticated(result, &io)
        case .forgetUsers(let generation): gate.forgetUsers(generation)
        case .asked(let inquiry): asked(inquiry, &io)
        case .proveTurn(let round): shared.turns.turned(number, round)
        case .drain: drain(&io)
        case .stop: stop(&io)
        }
    }
}
