internal import ApusFlow
internal import ApusPolicy
internal import ApusReactor

/// What has passed of requests and tunnels whose bytes a limit counts.
extension Worker {
    /// The request is over: its bytes are counted, and it counts no more.
    mutating func releaseUsage(_ id: UInt32, _ io: borrowing ReactorIO) {
        let total = usageTotal(id, io)
        _ = gate.release(usage: &clients[id].permission.usage, total: total, at: UsageMoment(io))
    }

    /// The same for a tunnel, which may linger behind its record.
    ///
    /// - Returns: the rule whose volume is used up; nil if none is.
    mutating func releaseTunnelUsage(_ index: UInt32, _ io: borrowing ReactorIO) -> UInt16? {
        let total = tunnels.notes(of: index, io).passed
        return gate.release(usage: &tunnels[holds: index].usage, total: total, at: UsageMoment(io))
    }

    /// What has passed to and from the client so far.
    func usageTotal(_ id: UInt32, _ io: borrowing ReactorIO) -> UInt64 {
        let notes = clients[id].notes
        return notes.fromClient &+ notes.toClient &+ io.relayMoved(from: clients[id].token)
            &+ io.relayMoved(from: clients[id].upstream)
    }
}

extension UsageMoment {
    /// Now.
    init(_ io: borrowing ReactorIO) {
        self.init(now: io.now, unix: SystemInfo.unixMicroseconds() / 1_000_000)
    }
}
