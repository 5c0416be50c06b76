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
        guard usage[clients[id].permission.usage].countsBytes else { return nil }
        guard let pace = pace(id, &io) else { return count }
        guard pace.wait > 0 else {
            usage[clients[id].permission.usage][waits: way] = false
            return nil
        }
        wait(id, way, pace.wait, &io)
        return 0
    }

    /// Relays a body, whole or as its limits let it pass. `.max`: until its source closes.
    mutating func relay(_ id: UInt32, _ way: Way, _ count: UInt64, _ io: inout ReactorIO) {
        let hold = clients[id].permission.usage
        guard hold != UsageHolds.none, usage[hold].countsBytes else { return move(id, way, count, &io) }
        usage[hold][left: way] = count
        relaySlice(id, way, &io)
    }

    private mutating func move(_ id: UInt32, _ way: Way, _ count: UInt64, _ io: inout ReactorIO) {
        clients[id][way].relaying = count == .max ? 0 : count
        io.relay(from: clients[id].source(way), to: clients[id].sink(way), count: count, showing: showsBody(id, way))
    }

    /// A slice has been moved, and noted: whether more of the body follows, or the exchange has ended here.
    mutating func goesOn(_ id: UInt32, _ way: Way, _ io: inout ReactorIO) -> Bool {
        guard usage[clients[id].permission.usage][left: way] > 0 else { return false }
        relaySlice(id, way, &io)
        return true
    }

    /// Nothing more is moved this way.
    mutating func stopUsage(_ id: UInt32, _ way: Way) {
        usage[clients[id].permission.usage][waits: way] = false
        usage[clients[id].permission.usage][left: way] = 0
    }

    /// A pause may be over.
    mutating func usageTicked(_ id: UInt32, _ io: inout ReactorIO) {
        guard clients[id].permission.usage != UsageHolds.none, usage[clients[id].permission.usage].isWaiting else {
            return
        }
        guard let pace = pace(id, &io) else { return }
        if pace.wait > 0 { return io.arm(clients[id].upstream, ticks: ProxyThread.pauseTicks(pace.wait)) }
        let hold = usage[clients[id].permission.usage]
        for way in [Way.up, .down] where hold[waits: way] {
            guard clients.contains(id), clients[id].permission.usage != UsageHolds.none else { return }
            usage[clients[id].permission.usage][waits: way] = false
            if !clients[id][way].waits { io.resume(clients[id].source(way)) }
            if hold[left: way] > 0 { relaySlice(id, way, &io) }
        }
    }

    /// The next slice, or the pause before it.
    private mutating func relaySlice(_ id: UInt32, _ way: Way, _ io: inout ReactorIO) {
        guard let pace = pace(id, &io) else { return }
        guard pace.wait == 0 else { return wait(id, way, pace.wait, &io) }
        let hold = clients[id].permission.usage
        let count = min(pace.slice, usage[hold][left: way])
        if usage[hold][left: way] != .max { usage[hold][left: way] -= count }
        move(id, way, count, &io)
    }

    /// Counts what has passed, and says how it goes on; nil when nothing more may pass, and the request has ended here.
    private mutating func pace(_ id: UInt32, _ io: inout ReactorIO) -> UsagePace? {
        let hold = clients[id].permission.usage
        let pace = usage.spend(hold, total: usageTotal(id, io), at: UsageMoment(io))
        guard pace.isUsedUp else { return pace }
        clients[id].permission.limitRule = usage[hold].rule
        clients[id].permission.retryAfter = usage.excess(hold, at: UsageMoment(io))?.retryAfter ?? 0
        refuse(id, .refused(.volumeLimit), &io)
        return nil
    }

    /// Reads nothing more of a side until its time has come.
    private mutating func wait(_ id: UInt32, _ way: Way, _ microseconds: UInt64, _ io: inout ReactorIO) {
        usage[clients[id].permission.usage][waits: way] = true
        io.pause(clients[id].source(way))
        io.arm(clients[id].upstream, ticks: ProxyThread.pauseTicks(microseconds))
    }

    /// A pause in ticks: rounded down, for the reactor adds the tick that is under way; looked at again every second, when others
    /// may have ended.
    static func pauseTicks(_ microseconds: UInt64) -> UInt32 { UInt32(min(microseconds / 100_000, 10)) }
}

extension UsageHolds.Hold {
    /// What is to be moved this way behind the relay that runs.
    subscript(left way: Way) -> UInt64 {
        get { way == .up ? leftUp : leftDown }
        set { if way == .up { leftUp = newValue } else { leftDown = newValue } }
    }

    /// Whether the bytes of this way wait for their time.
    subscript(waits way: Way) -> Bool {
        get { way == .up ? waitsUp : waitsDown }
        set { if way == .up { waitsUp = newValue } else { waitsDown = newValue } }
    }

    /// How much the relay moves that runs this way.
    subscript(slice way: Way) -> UInt64 {
        get { way == .up ? sliceUp : sliceDown }
        set { if way == .up { sliceUp = newValue } else { sliceDown = newValue } }
    }
}
