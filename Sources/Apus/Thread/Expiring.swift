internal import ApusFlow
internal import ApusPolicy
internal import ApusReactor

/// What happens when a client's deadline has passed: progress is looked at before the exchange is told.
extension Worker {
    mutating func clientExpired(_ id: UInt32, _ io: inout ReactorIO) {
        let client = clients[id]
        if client.permission.usage != QuotaLedger.none, gate[client.permission.usage].pacer.isWaiting {
            // It is this proxy that lets nothing pass.
            return arm(client.deadline, id, &io)
        }
        switch client.deadline {
        case .requestBody:
            if requestBodyProgresses(id, &io) { return arm(.requestBody, id, &io) }
            expire(id, &io)
        case .responseBody, .clientEnded, .flush: transferExpired(id, &io)
        // A client that is slow to take its last answer is not cut off in the middle of it.
        case .keepAlive where io.waiting(client.token) > 0, .linger where io.waiting(client.token) > 0:
            transferExpired(id, &io)
        case .announcement: announcementExpired(id, &io)
        case .linger where clients[id].refusal == nil && !isDraining: lingerExpired(id, &io)
        default: expire(id, &io)
        }
    }

    /// The deadline of a transfer, or of a half-closed client's first byte, counts from the last byte either way; while the client does not read, from what it
    /// took.
    private mutating func transferExpired(_ id: UInt32, _ io: inout ReactorIO) {
        let client = clients[id]
        var limit = ticks(client.deadline, id)
        var last = io.lastActivity(client.token)
        if io.waiting(client.token) > 0 {
            limit = settings.ticks(.flush)
        } else {
            last = max(last, io.lastActivity(client.upstream))
        }
        if let left = io.ticksLeft(of: limit, since: last) {
            return io.arm(clients.timer(.client, id), ticks: min(left, settings.ticks(.flush)))
        }
        expire(id, &io)
    }

    /// The lingering close lasts while bytes come, for so long in all: a large upload ends before its client reads that it was refused.
    private mutating func lingerExpired(_ id: UInt32, _ io: inout ReactorIO) {
        let client = clients[id]
        let silence = settings.ticks(.linger)
        if let left = io.ticksLeft(of: silence, since: io.lastActivity(client.token)),
            let most = io.ticksLeft(of: max(silence, WorkerSettings.lingerInAll), since: client.lingersSince)
        {
            return io.arm(clients.timer(.client, id), ticks: min(left, most))
        }
        expire(id, &io)
    }

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
        expire(id, &io)
    }

    private mutating func expire(_ id: UInt32, _ io: inout ReactorIO) {
        performSession(clients[id].session.expired(), id, &io)
    }

    /// The side that does not take what waits for it, if one does not.
    func stalledSide(_ id: UInt32, _ io: borrowing ReactorIO) -> Side? {
        if io.waiting(clients[id].token) > 0 { return .client }
        return io.waiting(clients[id].upstream) > 0 ? .upstream : nil
    }

    /// A request body must come at a minimum rate, unless it is the origin that does not take it.
    private mutating func requestBodyProgresses(_ id: UInt32, _ io: inout ReactorIO) -> Bool {
        let client = clients[id]
        let total = client.notes.fromClient &+ io.relayMoved(from: client.token)
        let came = total &- client.progress
        clients[id].progress = total
        guard came > 0 else { return false }
        clients[id].exchange.requestBodyBegan()
        if io.waiting(client.upstream) > 0 || client.permission.usage != QuotaLedger.none { return true }
        return came >= settings.minimumBodyRate * UInt64(settings.ticks(.requestBody)) / 10
    }
}

extension ReactorIO {
    /// How many ticks are left of a limit that counts from a tick, as that of the last byte; nil when it has passed.
    func ticksLeft(of limit: UInt32, since last: UInt32) -> UInt32? {
        let idle = tick &- last
        return idle < limit ? limit - idle : nil
    }
}
