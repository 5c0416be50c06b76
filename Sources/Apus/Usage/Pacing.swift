internal import ApusFlow
internal import ApusPolicy
internal import ApusReactor

/// Stage 6, relay, where a limit counts the bytes: of a request's bodies and of a tunnel in the same way. `QuotaLedger` says what to do; what is
/// not limited never comes here.
///
/// Pauses end by a deadline of their own.
extension Worker {
    /// Whether bytes that have come must wait: their side is paused then, and shows them again.
    ///
    /// - Returns: how many bytes are consumed; nil where they may go on.
    mutating func holdsBack(_ id: UInt32, _ way: Way, _ count: Int, _ io: inout ReactorIO) -> Int? {
        let hold = clients[id].permission.usage
        guard gate[hold].countsBytes else { return nil }
        let step = gate.admit(hold, way, total: usageTotal(id, io), at: UsageMoment(io))
        pace(id, way, step, &io)
        switch step {
        case .nothing, .move: return nil
        case .pause: return 0
        case .usedUp: return count
        }
    }

    /// Relays a body, whole or as its limits let it pass. `.max`: until its source closes.
    mutating func relay(_ id: UInt32, _ way: Way, _ count: UInt64, _ io: inout ReactorIO) {
        let hold = clients[id].permission.usage
        guard hold != QuotaLedger.none, gate[hold].countsBytes else { return move(id, way, count, &io) }
        let step = gate.begin(hold, way, count, total: usageTotal(id, io), at: UsageMoment(io))
        pace(id, way, step, &io)
    }

    private mutating func move(_ id: UInt32, _ way: Way, _ count: UInt64, _ io: inout ReactorIO) {
        let (source, sink) = (clients[id].source(way), clients[id].sink(way))
        clients[id][way].move(count, from: source, to: sink, showing: showsBody(id, way), &io)
    }

    /// A slice has been moved, and noted: whether more of the body follows, or the exchange has ended here.
    mutating func goesOn(_ id: UInt32, _ way: Way, _ io: inout ReactorIO) -> Bool {
        guard gate[clients[id].permission.usage].pacer.hasMore(way) else { return false }
        relaySlice(id, way, &io)
        return true
    }

    /// A pause may be over.
    mutating func usageTicked(_ id: UInt32, _ io: inout ReactorIO) {
        let hold = clients[id].permission.usage
        guard hold != QuotaLedger.none, gate[hold].pacer.isWaiting else { return }
        switch gate.ticked(hold, total: usageTotal(id, io), at: UsageMoment(io)) {
        case .runs: break
        case .pause(let ticks): io.arm(clients.timer(.pause, id), ticks: ticks)
        case .goesOn(let up, let down):
            if up { readOn(id, .up, &io) }
            if down, clients.contains(id), clients[id].permission.usage == hold { readOn(id, .down, &io) }
        case .usedUp: pace(id, .up, .usedUp, &io)
        }
    }

    private mutating func readOn(_ id: UInt32, _ way: Way, _ io: inout ReactorIO) {
        if !clients[id][way].waits { clients[id].source(way).resume(&io) }
        if gate[clients[id].permission.usage].pacer.hasMore(way) { relaySlice(id, way, &io) }
    }

    private mutating func relaySlice(_ id: UInt32, _ way: Way, _ io: inout ReactorIO) {
        let step = gate.next(clients[id].permission.usage, way, total: usageTotal(id, io), at: UsageMoment(io))
        pace(id, way, step, &io)
    }

    private mutating func pace(_ id: UInt32, _ way: Way, _ step: PaceStep, _ io: inout ReactorIO) {
        switch step {
        case .nothing: break
        case .move(let count): move(id, way, count, &io)
        case .pause(let ticks):
            clients[id].source(way).pause(&io)
            io.arm(clients.timer(.pause, id), ticks: ticks)
        case .usedUp:
            gate.usedUp(&clients[id].permission, at: UsageMoment(io))
            refuse(id, .refused(.volumeLimit), &io)
        }
    }
}

// MARK: - Tunnels

extension Worker {
    /// Whether a limit counts the bytes of a tunnel.
    func isPaced(_ index: UInt32) -> Bool {
        let hold = tunnels[index].holds.usage
        return hold != QuotaLedger.none && gate[hold].countsBytes
    }

    /// Relays one way of a tunnel, at once or as its limits let it pass. `.max`: until its source ends.
    mutating func relayTunnel(_ index: UInt32, _ way: Way, _ count: UInt64, _ io: inout ReactorIO) {
        guard isPaced(index) else { return tunnels.relay(index, way, count, &io) }
        let (hold, total) = (tunnels[index].holds.usage, tunnels.notes(of: index, io).passed)
        paceTunnel(index, way, gate.begin(hold, way, count, total: total, at: UsageMoment(io)), &io)
    }

    /// A slice has been moved, or all that there still was in front of a FIN.
    mutating func tunnelRelayed(_ index: UInt32, _ way: Way, _ io: inout ReactorIO) {
        let isPaced = isPaced(index)
        let count = isPaced ? gate.moved(tunnels[index].holds.usage, way) : UInt64(tunnels[index].last)
        if let step = tunnels.relayed(index, way, count) { return performTunnel(step, index, &io) }
        if isPaced { relayTunnelSlice(index, way, &io) }
    }

    /// A pause may be over; or it is time to count what has passed.
    mutating func tunnelUsageTicked(_ index: UInt32, _ io: inout ReactorIO) {
        let (hold, client, upstream) = (tunnels[index].holds.usage, tunnels[index].client, tunnels[index].upstream)
        guard hold != QuotaLedger.none else { return }
        switch gate.ticked(hold, total: tunnels.notes(of: index, io).passed, at: UsageMoment(io)) {
        case .runs(let ticks), .pause(let ticks): tunnels.counts(index, in: ticks, &io)
        case .goesOn(let up, let down):
            tunnels.counts(index, in: Pacer.firstTicks, &io)
            if up {
                io.resume(client)
                relayTunnelSlice(index, .up, &io)
            }
            guard down, tunnels.contains(index), tunnels[index].holds.usage == hold else { return }
            io.resume(upstream)
            relayTunnelSlice(index, .down, &io)
        case .usedUp: performTunnel(tunnels.usedUp(index), index, &io)
        }
    }

    private mutating func relayTunnelSlice(_ index: UInt32, _ way: Way, _ io: inout ReactorIO) {
        let total = tunnels.notes(of: index, io).passed
        paceTunnel(index, way, gate.next(tunnels[index].holds.usage, way, total: total, at: UsageMoment(io)), &io)
    }

    private mutating func paceTunnel(_ index: UInt32, _ way: Way, _ step: PaceStep, _ io: inout ReactorIO) {
        if tunnels.pace(index, way, step, &io) { return }
        performTunnel(tunnels.usedUp(index), index, &io)
    }
}
