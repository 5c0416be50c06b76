internal import ApusFlow
internal import ApusPolicy
internal import ApusReactor
internal import ApusWire

/// A thread's answers to those who look at the traffic.
extension Worker {
    mutating func asked(_ inquiry: Inquiry, _ io: inout ReactorIO) {
        let question = inquiry.question
        var answer = WorkerReport(thread: number)
        journal.answer(question, hits: gate.listHits, listeners: listeners, &answer)
        if question.counters { answer.counters = currentCounters(io) }
        if question.open > 0 { (answer.open, answer.openTotal) = open(limit: question.open, io) }
        if let id = question.end { answer.hasEnded = end(id, &io) }
        inquiry.answer(answer)
    }

    /// What is left of a thread that ends: nothing runs any more.
    mutating func lastAnswer() -> WorkerReport {
        var answer = WorkerReport(thread: number)
        answer.counters = journal.totals
        journal.counted(hits: gate.listHits, &answer)
        journal.handOverTop()
        return answer
    }

    /// The counters, with what runs.
    private func currentCounters(_ io: borrowing ReactorIO) -> TrafficCounters {
        var now = journal.totals
        now.clientsOpen = openClients
        now.tunnelsOpen = tunnels.count
        now.upstreamsIdle = upstreams.idleCount
        now.upstreamsOpen = tunnels.count
        for service in parents.services { now.parentsUp[service.name] = service.isUp }
        for id in clients.indices {
            if !clients[id].upstream.isAbsent { now.upstreamsOpen += 1 }
            guard clients[id].exchange.isRunning else { continue }
            now.requestsOpen += 1
            var notes = clients[id].notes
            notes.add(up: io.relayMoved(from: clients[id].token), down: io.relayMoved(from: clients[id].upstream))
            now.bytes.add(notes.bytes)
        }
        for index in tunnels.indices {
            now.bytes.add(tunnels.notes(of: index, io).bytes)
        }
        return now
    }

    /// What runs, the oldest first.
    private func open(limit: Int, _ io: borrowing ReactorIO) -> ([OpenTransaction], Int) {
        var found: [(startedAt: UInt64, isTunnel: Bool, index: UInt32)] = []
        for id in clients.indices where clients[id].exchange.isRunning {
            found.append((clients[id].notes.startedAt, false, id))
        }
        for index in tunnels.indices where !tunnels[index].tunnel.isClosed {
            found.append((tunnels[index].notes.startedAt, true, index))
        }
        let total = found.count
        if found.count > 1 { found.sort { $0.startedAt < $1.startedAt } }
        return (found.prefix(limit).map { $0.isTunnel ? openTunnel($0.index, io) : openExchange($0.index, io) }, total)
    }

    private func openExchange(_ id: UInt32, _ io: borrowing ReactorIO) -> OpenTransaction {
        let client = clients[id]
        var notes = client.notes
        notes.add(up: io.relayMoved(from: client.token), down: io.relayMoved(from: client.upstream))
        let phase: OpenTransaction.Phase =
            switch client.exchange.phase {
            case .reaching:
                switch client.preparation.state {
                case .authenticating, .asking, .lookingUp: .deciding
                case .judging, .resolving: .lookingUp
                case .dialling, .handshaking, .idle: .connecting
                }
            case .exchanging, .tunnel: client.exchange.isAnswered ? .relaying : .waiting
            case .head, .over: .relaying
            }
        let kind: AccessRecord.Kind = client.exchange.method == .connect ? .tunnel : .request
        return open(notes, kind, phase, client.address, client.listener, client.permission.user, words(of: client), io)
    }

    private func openTunnel(_ index: UInt32, _ io: borrowing ReactorIO) -> OpenTransaction {
        let tunnel = tunnels[index]
        let kind: AccessRecord.Kind = tunnel.isConnect ? .tunnel : .upgrade
        return open(
            tunnels.notes(of: index, io),
            kind,
            .tunnel,
            tunnel.address,
            tunnel.listener,
            tunnel.holds.user,
            tunnels.words(of: index),
            io
        )
    }

    private func open(
        _ notes: StreamInfo,
        _ kind: AccessRecord.Kind,
        _ phase: OpenTransaction.Phase,
        _ client: ClientAddress,
        _ listener: UInt16,
        _ user: UInt32,
        _ request: BufferedRequest?,
        _ io: borrowing ReactorIO
    ) -> OpenTransaction {
        let words = TransactionText(request, isTunnel: kind == .tunnel)
        let age = io.now &- notes.startedAt
        return OpenTransaction(
            id: notes.id,
            kind: kind,
            startedAt: SystemInfo.unixMicroseconds() - Int64(age),
            age: age,
            clientAddress: client.text,
            clientPort: client.port,
            listener: listeners[Int(listener)].name,
            user: gate.user(user)?.name,
            method: words.method,
            host: words.host,
            port: request == nil ? 0 : notes.port,
            path: words.path,
            phase: phase,
            upstream: notes.parent == 0 ? notes.upstreamText : parents[notes.parent]?.settings.place,
            bytes: notes.bytes,
            rule: gate.words(of: notes.snapshot)?.label(notes.rule)
        )
    }

    /// Ends what runs with this decision id at once.
    private mutating func end(_ id: UInt64, _ io: inout ReactorIO) -> Bool {
        for index in tunnels.indices where tunnels[index].notes.id == id {
            guard !tunnels[index].tunnel.isClosed else { return false }
            performTunnel(tunnels.stopped(index), index, &io)
            return true
        }
        for client in clients.indices where clients[client].notes.id == id {
            guard clients[client].exchange.isRunning else { return false }
            endNow(client, &io)
            return true
        }
        return false
    }
}
