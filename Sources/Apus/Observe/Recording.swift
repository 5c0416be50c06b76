internal import ApusFlow
internal import ApusPolicy
internal import ApusReactor
internal import ApusWire

/// Stage 7, record: each request and tunnel is counted and recorded once, always; its text is built only when somebody reads it.
extension ProxyThread {
    /// The first byte of a request.
    mutating func beginNotes(_ id: UInt32, _ io: inout ReactorIO) {
        var notes = Notes()
        notes.id = ids.next()
        notes.startedAt = io.now
        clients[id].notes = notes
        clients[id].times = RuleTicks()
        clients[id].progress = 0
        clients[id].interim = 0
    }

    mutating func recordExchange(_ id: UInt32, _ ending: Ending, _ fault: Fault?, _ io: inout ReactorIO) {
        if clients[id].usage != UsageHolds.none { releaseUsage(id, io) }
        defer { snapshots.release(&clients[id].notes.snapshot) }
        var denial: Denial?
        switch fault {
        case .refused(let refusal)? where refusal == .denied || refusal.isUndecided:
            denial = shared.denials.take(clients[id].notes.id)
        case .request?: denial = shared.denials.take(clients[id].notes.id)
        default: break
        }
        let client = clients[id]
        var notes = client.notes
        notes.add(up: io.relayMoved(from: client.token), down: io.relayMoved(from: client.upstream))
        // Of a head that never became whole nothing has been counted yet.
        notes.fromClient &+= UInt64(client.requestHead.count)
        notes.fromUpstream &+= UInt64(client.responseHead.count)
        var status = client.exchange.isAnswered ? client.exchange.status : 0
        if let denial { status = denial.status }
        if fault == .refused(.rule), let words = snapshots[notes.snapshot]?.words {
            status = words.refusal(notes.rule).status
        }
        let finished = Finished(
            notes: notes,
            startedAt: timeOfDay(notes.startedAt, io.now),
            peer: client.peer,
            listener: client.listener,
            kind: client.exchange.method == .connect ? .tunnel : .request,
            method: client.exchange.method,
            status: status,
            ending: ending,
            fault: fault,
            total: Int64(io.now &- notes.startedAt),
            policy: snapshots.serial(of: notes.snapshot),
            limit: client.limitRule,
            reported: nil
        )
        let bodies = recorder.finishBodies(client.bodies, notes)
        clients[id].bodies = OpenBodies.none
        record(finished, words(of: client), user: client.user, denial, bodies: bodies, now: io.now)
    }

    mutating func recordTunnel(_ index: UInt32, _ ending: Ending, _ fault: Fault?, _ io: inout ReactorIO) {
        var limit: UInt16?
        if tunnels[index].usage != UsageHolds.none { limit = releaseTunnelUsage(index, io) }
        defer { snapshots.release(&tunnels[index].notes.snapshot) }
        let tunnel = tunnels[index]
        var notes = tunnel.notes
        notes.add(up: io.relayMoved(from: tunnel.client), down: io.relayMoved(from: tunnel.upstream))
        notes.fromClient &+= UInt64(tunnel.held)
        let finished = Finished(
            notes: notes,
            startedAt: timeOfDay(notes.startedAt, io.now),
            peer: tunnel.peer,
            listener: tunnel.listener,
            kind: tunnel.isConnect ? .tunnel : .upgrade,
            method: tunnel.isConnect ? .connect : .get,
            status: notes.status,
            ending: ending,
            fault: fault,
            total: Int64(io.now &- notes.startedAt),
            policy: snapshots.serial(of: notes.snapshot),
            limit: fault == nil ? Decision.noRule : limit ?? Decision.noRule,
            reported: tunnel.reported,
            isUnjudged: tunnel.inside == .unjudged
        )
        record(finished, tunnelWords[tunnel.words], user: tunnel.user, nil, bodies: nil, now: io.now)
    }

    /// A moment of the reactor's clock in microseconds since 1970; the two clocks are compared once a second at most.
    private mutating func timeOfDay(_ moment: UInt64, _ now: UInt64) -> Int64 {
        if now &- comparedAt > 1_000_000 || comparedAt == 0 {
            comparedAt = now
            clockOffset = SystemFacts.unixMicroseconds() - Int64(now)
        }
        return max(0, Int64(moment) + clockOffset)
    }

    private mutating func record(
        _ finished: Finished,
        _ request: KeptRequest?,
        user: UInt32,
        _ denial: Denial?,
        bodies: FinishedBodies?,
        now: UInt64
    ) {
        var who = UserWords()
        if user != CredentialCache.nobody { who = UserWords(name: users.name(user), groups: users.groupNames(user)) }
        count(finished, request, user: who.name, now: now)
        recorder.add(finished, request, user: who, denial: denial, bodies: bodies)
        guard shared.observes, !quickLine(finished, request, user: user, now) else { return }
        // Lines keep their order.
        handOverLines()
        var words = FinishedWords(request, isTunnel: finished.kind == .tunnel)
        if user != CredentialCache.nobody { (words.user, words.groups) = (users[user].name, users[user].groups) }
        words.denial = denial
        let listener = listeners[Int(finished.listener)].name
        let rules = snapshots[finished.notes.snapshot]?.words
        shared.observe(AccessRecord(finished, words, listener: listener, rules: rules))
    }

    private mutating func count(_ finished: Finished, _ request: KeptRequest?, user: [UInt8], now: UInt64) {
        let notes = finished.notes
        counters.ended(
            finished.method,
            status: finished.status,
            times: notes.times(total: finished.total),
            fault: finished.fault,
            isTunnel: finished.kind != .request
        )
        counters.bytes.add(notes.bytes)
        if notes.reused { counters.upstreamsReused &+= 1 }
        let isReported = finished.reported != nil && !finished.isUnjudged
        if notes.wouldDeny != Decision.noRule || isReported { counters.wouldDeny &+= 1 }
        if notes.rule != Decision.noRule {
            let isCurrent = finished.policy == matches.serial
            matches.add(notes.rule, policy: finished.policy, isCurrent ? nil : snapshots[notes.snapshot]?.words)
        }
        let passed = notes.fromClient &+ notes.toClient
        if let request, request.host > 0 {
            hosts.add(request.bytes.span.extracting(request.hostRange), bytes: passed, now: now)
        }
        if !user.isEmpty { userNames.add(user.span, bytes: passed, now: now) }
    }

    /// Writes the line of a request that went well without building its record; `false` when it takes the long way.
    private mutating func quickLine(_ finished: Finished, _ request: KeptRequest?, user: UInt32, _ now: UInt64) -> Bool
    {
        guard lines != nil, finished.fault == nil, finished.ending.isComplete, finished.kind == .request else {
            return false
        }
        guard let request, request.host > 0 else { return false }
        let name = listeners[Int(finished.listener)].line
        var bytes: [UInt8] = []
        if user != CredentialCache.nobody {
            guard users.isPlain(user) else { return false }
            bytes = users.name(user)
        }
        let rules = snapshots[finished.notes.snapshot]?.words
        return lines?.append(finished, request, listener: name, user: bytes, rules: rules) ?? false
    }

    /// Gives the lines of this turn to the writer.
    mutating func handOverLines() {
        guard lines != nil, let access = shared.access else { return }
        lines?.handOver(to: access)
    }
}

extension Notes {
    /// Counts what came from one side, and what went to the other, in bytes.
    @inline(__always)
    mutating func count(_ way: Way, came: UInt64, went: UInt64) {
        switch way {
        case .up:
            fromClient &+= came
            toUpstream &+= went
        case .down:
            fromUpstream &+= came
            toClient &+= went
        }
    }

    /// Adds what a relay has moved without showing it.
    mutating func add(up: UInt64, down: UInt64) {
        fromClient &+= up
        toUpstream &+= up
        fromUpstream &+= down
        toClient &+= down
    }

    /// What has passed.
    var bytes: ByteCounts {
        ByteCounts(fromClient: fromClient, toClient: toClient, fromUpstream: fromUpstream, toUpstream: toUpstream)
    }

    /// The address and port that answered, or was tried last, as records show it.
    var upstreamText: String? {
        upstream.map { $0.family == .v6 ? "[\($0)]:\(dialPort)" : "\($0):\(dialPort)" }
    }

    /// The phases, as far as they were reached.
    func times(total: Int64) -> PhaseTimes {
        func span(_ from: UInt32, _ to: UInt32) -> Int64? {
            from > 0 && to >= from ? Int64(to - from) : nil
        }
        return PhaseTimes(
            decide: decidedAt > 0 ? Int64(decidedAt) - 1 : nil,
            lookUp: span(lookUpBegan, lookUpEnded),
            connect: span(dialBegan, connectedAt),
            firstByte: span(sentAt, firstByteAt),
            total: total
        )
    }
}
