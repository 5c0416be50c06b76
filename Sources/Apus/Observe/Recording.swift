internal import ApusFlow
internal import ApusPolicy
internal import ApusReactor
internal import ApusWire

/// Stage 7, record: one for each request and tunnel, always; its text is built only when somebody reads it.
extension ProxyThread {
    /// The first byte of a request.
    mutating func beginNotes(_ id: UInt32, _ io: inout ReactorIO) {
        var notes = Notes()
        notes.id = ids.next()
        notes.startedAt = io.now
        clients[id].notes = notes
        clients[id].progress = 0
    }

    mutating func recordExchange(_ id: UInt32, _ ending: Ending, _ fault: Fault?, _ io: inout ReactorIO) {
        counters.requests &+= 1
        if fault != nil { counters.faults &+= 1 }
        if clients[id].usage != UsageHolds.none { releaseUsage(id, io) }
        defer { snapshots.release(&clients[id].notes.snapshot) }
        var denial: Denial?
        if fault == .refused(.denied) || fault == .refused(.authenticatorUnavailable) {
            denial = shared.denials.take(clients[id].notes.id)
        }
        guard shared.observes else { return }
        let client = clients[id]
        var notes = client.notes
        notes.add(up: io.relayMoved(from: client.token), down: io.relayMoved(from: client.upstream))
        if fault == nil, ending.isComplete, client.exchange.method != .connect, quickLine(client, notes, io.now) {
            return
        }
        // Lines keep their order.
        handOverLines()
        var record = text(notes, client.peer, client.listener, client.kept, io.now)
        record.user = name(of: client.user)
        record.status = client.exchange.isAnswered ? client.exchange.status : 0
        record.ending = ending
        if !record.method.isEmpty { record.httpVersion = client.exchange.version == .http10 ? "HTTP/1.0" : "HTTP/1.1" }
        record.kind = client.exchange.method == .connect ? .tunnel : .request
        if record.kind == .tunnel { record.scheme = nil }
        if let fault { record.explain(fault, isLocal: client.address.isLoopback) }
        if fault == .refused(.rule), let snapshot = snapshots[notes.snapshot] {
            let words = RuleWords(snapshot.policy.rules, rule: notes.rule)
            record.status = words.status
            record.reason = words.reason
        }
        if client.limitRule != Decision.noRule { record.rule = snapshots[notes.snapshot]?.label(client.limitRule) }
        if let denial {
            record.status = denial.status
            // What an authenticator says of itself is for the log alone, beside what the client was told.
            let isOwn = fault == .refused(.denied)
            record.reason = isOwn ? denial.reason : "\(record.reason ?? "") (\(denial.reason))"
        }
        shared.observe(record)
    }

    mutating func recordTunnel(_ index: UInt32, _ ending: Ending, _ fault: Fault?, _ io: inout ReactorIO) {
        counters.requests &+= 1
        var limit: UInt16?
        if tunnels[index].usage != UsageHolds.none { limit = releaseTunnelUsage(index, io) }
        if fault != nil { counters.faults &+= 1 }
        defer { snapshots.release(&tunnels[index].notes.snapshot) }
        guard shared.observes else { return }
        handOverLines()
        let tunnel = tunnels[index]
        var notes = tunnel.notes
        notes.add(up: io.relayMoved(from: tunnel.client), down: io.relayMoved(from: tunnel.upstream))
        notes.fromClient &+= UInt64(tunnel.held)
        var record = text(notes, tunnel.peer, tunnel.listener, tunnel.words, io.now)
        record.user = name(of: tunnel.user)
        record.status = notes.status
        record.ending = ending
        record.httpVersion = "HTTP/1.1"
        record.kind = tunnel.isConnect ? .tunnel : .upgrade
        if tunnel.isConnect { record.scheme = nil }
        if let fault { record.explain(fault, isLocal: IPAddress(tunnel.peer).isLoopback) }
        if fault != nil, let limit { record.rule = snapshots[notes.snapshot]?.label(limit) }
        if let reported = tunnel.reported, record.wouldDeny == nil { record.wouldDeny = "\(reported.metricLabel)" }
        if tunnel.words != KeptRequests.none, kept[tunnel.words].dial > 0 {
            record.serverName = kept[tunnel.words].text(kept[tunnel.words].dialRange)
        }
        shared.observe(record)
    }

    /// Writes the line of a request that went well without building its record; `false` when it takes the long way.
    private mutating func quickLine(_ client: ClientConnection, _ notes: Notes, _ now: UInt64) -> Bool {
        guard lines != nil, client.kept != KeptRequests.none else { return false }
        let words = kept[client.kept]
        guard words.host > 0 else { return false }
        let name = listeners[Int(client.listener)].line
        var user: [UInt8] = []
        if client.user != CredentialCache.nobody {
            guard users[client.user].isPlain else { return false }
            user = users[client.user].bytes
        }
        let rules = snapshots[notes.snapshot]
        return lines?.append(client, notes, words, listener: name, user: user, rules: rules, now: now) ?? false
    }

    private func name(of user: UInt32) -> String? { user == CredentialCache.nobody ? nil : users[user].name }

    /// Gives the lines of this turn to the writer.
    mutating func handOverLines() {
        guard lines != nil, let access = shared.access else { return }
        lines?.handOver(to: access)
    }

    /// The record's words and figures.
    private func text(
        _ notes: Notes,
        _ peer: SocketAddress,
        _ listener: UInt16,
        _ words: UInt32,
        _ now: UInt64
    ) -> AccessRecord {
        let age = Int64(now &- notes.startedAt)
        var record = AccessRecord(
            id: notes.id,
            startedAt: SystemFacts.unixMicroseconds() - age,
            clientAddress: IPAddress(peer).unmapped.description,
            clientPort: peer.port,
            listener: listeners[Int(listener)].name
        )
        if words != KeptRequests.none {
            let request = kept[words]
            record.method = request.text(request.methodRange)
            record.host = request.text(request.hostRange)
            record.path = request.text(request.pathRange)
            if !record.host.isEmpty {
                record.scheme = "http"
                record.port = notes.port
            }
        }
        record.bytes = ByteCounts(
            fromClient: notes.fromClient,
            toClient: notes.toClient,
            fromUpstream: notes.fromUpstream,
            toUpstream: notes.toUpstream
        )
        record.times = notes.times(total: age)
        record.reused = notes.reused
        if let snapshot = snapshots[notes.snapshot] {
            record.rule = snapshot.label(notes.rule)
            record.wouldDeny = snapshot.label(notes.wouldDeny)
        }
        if let upstream = notes.upstream {
            let address = upstream.description
            record.upstream = upstream.family == .v6 ? "[\(address)]:\(notes.dialPort)" : "\(address):\(notes.dialPort)"
        }
        return record
    }
}

extension AccessRecord {
    fileprivate mutating func explain(_ fault: Fault, isLocal: Bool) {
        proxyStatus = fault.proxyErrorType.token.description
        self.fault = fault.label.description
        reason = fault.sentence.description
        // A remote client is not told how a rule is lifted; who reads the log is.
        if case .refused = fault, !isLocal, fault.hint.utf8CodeUnitCount > 0 {
            reason = "\(fault.sentence) \(fault.hint)"
        }
    }
}

extension Notes {
    /// Adds what a relay has moved without showing it.
    mutating func add(up: UInt64, down: UInt64) {
        fromClient &+= up
        toUpstream &+= up
        fromUpstream &+= down
        toClient &+= down
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
