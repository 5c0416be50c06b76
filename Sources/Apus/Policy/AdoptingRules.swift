internal import ApusFlow
internal import ApusPolicy
internal import ApusReactor
internal import ApusWire

/// A reload, as one thread sees it.
extension ProxyThread {
    /// Works by other settings from the next request on. With `endsDenied`, what runs and is denied by them is ended.
    mutating func adopt(_ new: ThreadSettings, endsDenied: Bool, _ io: inout ReactorIO) {
        settings = new
        io.limitPipes(to: new.pipes.count, size: new.pipes.size)
        if new.snapshot.serial != snapshots.serial(of: snapshots.current) {
            matches.adopt(new.snapshot, hits: ruleScratch.listHits)
            ruleScratch = PolicyScratch(new.snapshot.policy)
            recorder.adopt(new.snapshot)
        }
        snapshots.adopt(new.snapshot)
        hasRules = !new.snapshot.policy.isEmpty
        guard endsDenied, hasRules else { return }
        for index in tunnels.indices {
            let tunnel = tunnels[index]
            let method = tunnel.isConnect ? Method.connect : .get
            let words = tunnelWords[tunnel.words]
            guard let rule = denies(tunnel.notes, words, tunnel.peer, tunnel.listener, tunnel.user, method) else {
                continue
            }
            tunnels[index].notes = decidedAnew(tunnel.notes, rule)
            performTunnel(tunnels[index].tunnel.refused(), index, &io)
        }
        for id in clients.indices where clients[id].exchange.isRunning {
            let client = clients[id]
            let method = client.exchange.method
            let words = words(of: client)
            guard let rule = denies(client.notes, words, client.peer, client.listener, client.user, method) else {
                continue
            }
            clients[id].notes = decidedAnew(client.notes, rule)
            refuse(id, .refused(.rule), &io)
        }
    }

    /// The rule of the current policy that denies what runs; nil if none does, or if nobody kept its words.
    private mutating func denies(
        _ notes: Notes,
        _ words: KeptRequest?,
        _ peer: SocketAddress,
        _ listener: UInt16,
        _ user: UInt32,
        _ method: Method
    ) -> UInt16? {
        guard let words else { return nil }
        let bytes = words.bytes.span
        var query = PolicyQuery(
            client: IPAddress(peer),
            listener: listener,
            method: method,
            port: notes.port,
            address: notes.upstream,
            time: SystemFacts.unixMicroseconds() / 1_000_000
        )
        identify(user, to: settings.snapshot, &query)
        let decision = settings.snapshot.policy.decide(
            query,
            method: bytes.extracting(words.methodRange),
            host: bytes.extracting(words.hostRange),
            path: bytes.extracting(words.pathRange),
            scratch: &ruleScratch
        )
        return decision.outcome == .deny ? decision.rule : nil
    }

    private mutating func decidedAnew(_ notes: Notes, _ rule: UInt16) -> Notes {
        var notes = notes
        snapshots.release(&notes.snapshot)
        notes.snapshot = snapshots.retain()
        notes.rule = rule
        return notes
    }
}
