internal import ApusFlow
internal import ApusPolicy
internal import ApusReactor

/// Which way bytes go.
enum Way {
    /// From the client to the upstream.
    case up
    /// From the upstream to the client.
    case down
}

/// Stage 6, relay, of requests whose bytes a limit counts: in slices, with pauses between them where they come too fast.
///
/// What is not limited never comes here. The upstream's deadline, which an exchange does not use otherwise, ends the pauses.
extension ProxyThread {
    /// Whether bytes that have come must wait: their side is paused then, and shows them again.
    ///
    /// - Returns: how many bytes are consumed; nil where they may go on.
    mutating func holdsBack(_ id: UInt32, _ way: Way, _ count: Int, _ io: inout ReactorIO) -> Int? {
        guard usage[clients[id].usage].countsBytes else { return nil }
        guard let pace = pace(id, &io) else { return count }
        guard pace.wait > 0 else {
            setWaiting(id, way, false)
            return nil
        }
        wait(id, way, pace.wait, &io)
        return 0
    }

    /// Relays a response body, whole or as its limits let it pass. `.max`: until the upstream closes.
    mutating func relayDown(_ id: UInt32, _ count: UInt64, _ io: inout ReactorIO) {
        if clients[id].usage != UsageHolds.none, usage[clients[id].usage].countsBytes {
            usage[clients[id].usage].leftDown = count
            return relaySlice(id, .down, &io)
        }
        clients[id].relayingDown = count == .max ? 0 : count
        io.relay(from: clients[id].upstream, to: clients[id].token, count: count, showing: showsBody(id, .down))
    }

    /// Relays a request body, whole or as its limits let it pass.
    mutating func relayUp(_ id: UInt32, _ count: UInt64, _ io: inout ReactorIO) {
        if clients[id].usage != UsageHolds.none, usage[clients[id].usage].countsBytes {
            usage[clients[id].usage].leftUp = count
            return relaySlice(id, .up, &io)
        }
        clients[id].relayingUp = count
        io.relay(from: clients[id].token, to: clients[id].upstream, count: count, showing: showsBody(id, .up))
    }

    /// A slice has been moved, and noted: whether more of the body follows, or the exchange has ended here.
    mutating func goesOn(_ id: UInt32, _ way: Way, _ io: inout ReactorIO) -> Bool {
        let hold = usage[clients[id].usage]
        guard (way == .up ? hold.leftUp : hold.leftDown) > 0 else { return false }
        relaySlice(id, way, &io)
        return true
    }

    /// Nothing more is moved this way.
    mutating func stopUsage(_ id: UInt32, _ way: Way) {
        setWaiting(id, way, false)
        if way == .up { usage[clients[id].usage].leftUp = 0 } else { usage[clients[id].usage].leftDown = 0 }
    }

    /// A pause may be over.
    mutating func usageTicked(_ id: UInt32, _ io: inout ReactorIO) {
        guard clients[id].usage != UsageHolds.none, usage[clients[id].usage].isWaiting else { return }
        guard let pace = pace(id, &io) else { return }
        if pace.wait > 0 { return io.arm(clients[id].upstream, ticks: ProxyThread.pauseTicks(pace.wait)) }
        let hold = usage[clients[id].usage]
        for way in [Way.up, .down] where way == .up ? hold.waitsUp : hold.waitsDown {
            guard clients.contains(id), clients[id].usage != UsageHolds.none else { return }
            setWaiting(id, way, false)
            let isBlocked = way == .up ? clients[id].clientWaits : clients[id].upstreamWaits
            if !isBlocked { io.resume(way == .up ? clients[id].token : clients[id].upstream) }
            if (way == .up ? hold.leftUp : hold.leftDown) > 0 { relaySlice(id, way, &io) }
        }
    }

    /// The next slice, or the pause before it.
    private mutating func relaySlice(_ id: UInt32, _ way: Way, _ io: inout ReactorIO) {
        guard let pace = pace(id, &io) else { return }
        guard pace.wait == 0 else { return wait(id, way, pace.wait, &io) }
        let hold = clients[id].usage
        switch way {
        case .up:
            let count = min(pace.slice, usage[hold].leftUp)
            if usage[hold].leftUp != .max { usage[hold].leftUp -= count }
            clients[id].relayingUp = count
            io.relay(from: clients[id].token, to: clients[id].upstream, count: count, showing: showsBody(id, .up))
        case .down:
            let count = min(pace.slice, usage[hold].leftDown)
            if usage[hold].leftDown != .max { usage[hold].leftDown -= count }
            clients[id].relayingDown = count
            io.relay(from: clients[id].upstream, to: clients[id].token, count: count, showing: showsBody(id, .down))
        }
    }

    /// Counts what has passed, and says how it goes on; nil when nothing more may pass, and the request has ended here.
    private mutating func pace(_ id: UInt32, _ io: inout ReactorIO) -> UsagePace? {
        let hold = clients[id].usage
        let pace = usage.spend(hold, total: usageTotal(id, io), at: UsageMoment(io))
        guard pace.isUsedUp else { return pace }
        clients[id].limitRule = usage[hold].rule
        clients[id].retryAfter = usage.excess(hold, at: UsageMoment(io))?.retryAfter ?? 0
        refuse(id, .refused(.volumeLimit), &io)
        return nil
    }

    /// Reads nothing more of a side until its time has come.
    private mutating func wait(_ id: UInt32, _ way: Way, _ microseconds: UInt64, _ io: inout ReactorIO) {
        setWaiting(id, way, true)
        io.pause(way == .up ? clients[id].token : clients[id].upstream)
        io.arm(clients[id].upstream, ticks: ProxyThread.pauseTicks(microseconds))
    }

    private mutating func setWaiting(_ id: UInt32, _ way: Way, _ waits: Bool) {
        if way == .up { usage[clients[id].usage].waitsUp = waits } else { usage[clients[id].usage].waitsDown = waits }
    }

    /// A pause in ticks: rounded down, for the reactor adds the tick that is under way; looked at again every second, when others
    /// may have ended.
    static func pauseTicks(_ microseconds: UInt64) -> UInt32 { UInt32(min(microseconds / 100_000, 10)) }
}
