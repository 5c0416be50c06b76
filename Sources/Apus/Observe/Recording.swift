internal import ApusFlow
internal import ApusPolicy
internal import ApusReactor
internal import ApusWire

/// Stage 7, record: each request and tunnel is counted and recorded once, always; its text is built only when somebody reads it.
extension Worker {
    /// The first byte of a request.
    mutating func beginNotes(_ id: UInt32, _ io: inout ReactorIO) {
        clients[id].exchange = clients[id].session.newExchange()
        clients[id].notes = journal.begin(io.now)
        clients[id].permission.times = RuleTicks()
        clients[id].progress = 0
        clients[id].interim = 0
    }

    /// What somebody else than this proxy said of a refusal, once.
    func takeDenial(_ id: UInt32, _ fault: Fault?) -> Denial? {
        guard let fault else { return nil }
        switch fault {
        case .refused(let refusal) where refusal == .denied || refusal.isUndecided: break
        case .request: break
        default: return nil
        }
        return shared.denials.take(clients[id].notes.id)
    }

    /// A request is over.
    mutating func recordExchange(_ id: UInt32, _ end: RequestEnd, _ denial: Denial?, _ io: borrowing ReactorIO) {
        if clients[id].permission.usage != QuotaLedger.none { releaseUsage(id, io) }
        defer { gate.release(policy: &clients[id].notes.snapshot) }
        let client = clients[id]
        var notes = client.notes
        notes.add(up: io.relayMoved(from: client.token), down: io.relayMoved(from: client.upstream))
        // Of a head that never became whole nothing has been counted yet.
        notes.fromClient &+= UInt64(client.requestHead.count)
        notes.fromUpstream &+= UInt64(client.responseHead.count)
        var status = client.exchange.isAnswered ? client.exchange.status : 0
        if let denial { status = denial.status }
        if end.fault == .refused(.rule), let words = gate.words(of: notes.snapshot) {
            status = words.refusal(notes.rule).status
        }
        let finished = CompletedTransaction(
            notes: notes,
            startedAt: journal.timeOfDay(notes.startedAt, now: io.now),
            client: client.address,
            announcer: announcers.announcer(of: client.address, client.token),
            listener: client.listener,
            kind: client.exchange.method == .connect ? .tunnel : .request,
            method: client.exchange.method,
            status: status,
            ending: end.ending,
            fault: end.fault,
            total: end.total,
            policy: gate.serial(of: notes.snapshot),
            limit: client.permission.limitRule,
            reported: nil,
            unread: end.unread
        )
        let bodies = journal.finishBodies(client.bodies, notes)
        clients[id].bodies = OpenBodies.none
        record(finished, words(of: client), user: client.permission.user, denial, bodies: bodies)
    }

    mutating func recordTunnel(_ index: UInt32, _ ending: Ending, _ fault: Fault?, _ io: borrowing ReactorIO) {
        var limit: UInt16?
        if tunnels[index].holds.usage != QuotaLedger.none { limit = releaseTunnelUsage(index, io) }
        defer { gate.release(policy: &tunnels[notes: index].snapshot) }
        let tunnel = tunnels[index]
        var notes = tunnels.notes(of: index, io)
        notes.fromClient &+= UInt64(tunnel.held)
        let finished = CompletedTransaction(
            notes: notes,
            startedAt: journal.timeOfDay(notes.startedAt, now: io.now),
            client: tunnel.address,
            announcer: announcers.announcer(of: tunnel.address, tunnel.client),
            listener: tunnel.listener,
            kind: tunnel.isConnect ? .tunnel : .upgrade,
            method: tunnel.isConnect ? .connect : .get,
            status: notes.status,
            ending: ending,
            fault: fault,
            total: Int64(io.now &- notes.startedAt),
            policy: gate.serial(of: notes.snapshot),
            limit: fault == nil ? Decision.noRule : limit ?? Decision.noRule,
            reported: tunnel.reported,
            isUnjudged: tunnel.inside == .unjudged
        )
        record(finished, tunnels.words(of: index), user: tunnel.holds.user, nil, bodies: nil)
    }

    private mutating func record(
        _ finished: CompletedTransaction,
        _ request: BufferedRequest?,
        user: UInt32,
        _ denial: Denial?,
        bodies: CompletedBodies?
    ) {
        let listener = Int(finished.listener)
        // What nobody reads is not fetched: each of these words counts references.
        let rules = journal.needsRules(finished) ? gate.words(of: finished.notes.snapshot) : nil
        let words = EndingWords(
            user: gate.words(ofUser: user),
            listener: journal.writesLines ? listeners[listener].line : nil,
            rules: rules,
            bodies: bodies
        )
        guard journal.record(finished, request, words, denial) else { return }
        var told = TransactionText(request, isTunnel: finished.kind == .tunnel)
        if let user = gate.user(user) { (told.user, told.groups) = (user.name, user.groups) }
        told.denial = denial
        told.heads = journal.heads(of: finished.notes)
        told.parent = parents[finished.notes.parent]?.settings
        journal.observe(
            AccessRecord(
                finished,
                told,
                listener: listeners[listener].name,
                rules: rules,
                names: settings.configuration.settingNames
            )
        )
    }
}

extension StreamInfo {
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

    /// What has passed to and from the client, in bytes.
    var passed: UInt64 { fromClient &+ toClient }

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
