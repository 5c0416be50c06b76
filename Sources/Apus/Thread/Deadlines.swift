internal import ApusFlow
internal import ApusPolicy
internal import ApusReactor

/// The deadlines of clients: they are armed as steps say, and what has moved when one has passed is measured here. What it means, session and
/// exchange say.
extension Worker {
    /// Starts the deadline that runs for a client.
    ///
    /// - Parameter ticks: for how long it runs; 0: all of its time.
    mutating func arm(_ deadline: Deadline, _ ticks: UInt32, _ id: UInt32, _ io: inout ReactorIO) {
        let timer = clients.timer(.client, id)
        switch deadline {
        // What becomes a tunnel has a deadline of its own there.
        case .none, .tunnel: io.disarm(timer)
        case _ where ticks > 0: io.arm(timer, ticks: ticks)
        // A client that does not read is found out sooner than an origin that does not write.
        case .responseBody: io.arm(timer, ticks: min(time(of: .responseBody, id), settings.times[.flush]))
        default: io.arm(timer, ticks: time(of: deadline, id))
        }
    }

    /// How long a deadline of a client is, in ticks of 100 ms: by the rule that allowed its request, or else by the settings.
    private func time(of deadline: Deadline, _ id: UInt32) -> UInt32 {
        let own = clients[id].permission.times[deadline]
        return own > 0 ? own : settings.times[deadline]
    }

    /// How long all deadlines of a client are.
    private func times(of id: UInt32) -> DeadlineTimes { clients[id].permission.times.over(settings.times) }

    /// A client's deadline has passed.
    mutating func clientExpired(_ id: UInt32, _ io: inout ReactorIO) {
        performSession(clients[id].session.expired(progress(of: id, io), times(of: id)), id, &io)
    }

    /// The deadline was one of the exchange's.
    mutating func exchangeExpired(_ id: UInt32, _ io: borrowing ReactorIO) -> Step {
        let progress = progress(of: id, io)
        clients[id].progress &+= progress.came
        return clients[id].exchange.expired(progress, times(of: id))
    }

    /// What has moved of a client's bytes.
    private func progress(of id: UInt32, _ io: borrowing ReactorIO) -> TransferProgress {
        let client = clients[id]
        let hold = client.permission.usage
        var progress = TransferProgress(client: client.token, upstream: client.upstream, io)
        progress.isLimited = hold != QuotaLedger.none
        progress.isHeld = progress.isLimited && gate[hold].pacer.isWaiting
        progress.isServed = client.refusal == nil
        progress.lingers = io.tick &- client.lingersSince
        progress.came = client.notes.fromClient &+ io.relayMoved(from: client.token) &- client.progress
        return progress
    }
}

extension TransferProgress {
    /// What is known of two sockets.
    init(client: Token, upstream: Token, _ io: borrowing ReactorIO) {
        self.init()
        clientIsBehind = io.waiting(client) > 0
        upstreamIsBehind = io.waiting(upstream) > 0
        clientIdle = io.tick &- io.lastActivity(client)
        if !upstream.isAbsent { upstreamIdle = io.tick &- io.lastActivity(upstream) }
    }
}

// MARK: - Those who linger

extension Worker {
    /// Closes those who linger and have all of their answer.
    ///
    /// - Returns: whether there was one.
    mutating func endLingering(_ io: inout ReactorIO) -> Bool {
        let found = lingering.first != nil
        while let id = lingering.first { giveWay(id, &io) }
        return found
    }

    /// Closes the one that has lingered longest of those who hold a place among the clients that the caps bound.
    ///
    /// - Returns: whether there was one.
    mutating func endLongestLingering(_ io: inout ReactorIO) -> Bool {
        guard let id = lingering.firstCounted else { return false }
        giveWay(id, &io)
        return true
    }

    /// Closes one that lingers.
    private mutating func giveWay(_ id: UInt32, _ io: inout ReactorIO) {
        lingering.remove(id)
        performSession(clients[id].session.gaveWay(), id, &io)
    }
}
