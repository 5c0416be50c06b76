internal import ApusPolicy
internal import ApusReactor
internal import ApusWire

/// A reload, as one thread sees it.
extension ProxyThread {
    /// Works by other settings from the next request on. With `endsDenied`, what runs and is denied by them is ended.
    mutating func adopt(_ new: ThreadSettings, endsDenied: Bool, _ io: inout ReactorIO) {
        settings = new
        upstreams.adopt(new.upstream, new.rules.destinations)
        io.limitPipes(to: new.pipes.count, size: new.pipes.size)
        if new.snapshot.serial != snapshots.serial(of: snapshots.current) {
            journal.adopt(new.snapshot, hits: ruleScratch.listHits)
            ruleScratch = PolicyScratch(new.snapshot.policy)
        }
        snapshots.adopt(new.snapshot)
        hasRules = !new.snapshot.policy.isEmpty
        guard endsDenied, hasRules else { return }
        for index in tunnels.indices {
            let tunnel = tunnels[index]
            let method = tunnel.isConnect ? Method.connect : .get
            guard let words = tunnels.words(of: index) else { continue }
            let decision = decideAnew(tunnel.notes, words, tunnel.peer, tunnel.listener, tunnel.holds.user, method)
            let denial = decision.outcome == .deny ? decision : deniesInside(index, words, allowedBy: decision.rule)
            if let denial {
                tunnels[notes: index] = decidedAnew(tunnel.notes, denial)
                performTunnel(tunnels.refused(index), index, &io)
            } else if tunnel.tunnel.isHolding, tunnel.isConnect, decision.outcome == .allow {
                holdAnew(index, words, decision)
            }
        }
        for id in clients.indices where clients[id].exchange.isRunning {
            let client = clients[id]
            let method = client.exchange.method
            guard let words = words(of: client) else { continue }
            let decision = decideAnew(client.notes, words, client.peer, client.listener, client.permission.user, method)
            guard decision.outcome == .deny else { continue }
            clients[id].notes = decidedAnew(client.notes, decision)
            refuse(id, .refused(.rule), &io)
        }
    }

    /// A tunnel whose ClientHello has not come yet is held to the rules of now as well.
    private mutating func holdAnew(_ index: UInt32, _ words: KeptRequest, _ decision: Decision) {
        let notes = decidedAnew(tunnels[index].notes, decision)
        tunnels[notes: index] = notes
        let now = UInt32(truncatingIfNeeded: SystemFacts.unixMicroseconds() / 1_000_000)
        let outside = Outside(tunnels[index], askedAt: now)
        let measure = measureInside(outside, words, settings.snapshot, allowedBy: decision.rule)
        tunnels.begin(index, measure, askedAt: now)
        settlePolicy(index)
    }

    /// What the current policy says of what runs.
    private mutating func decideAnew(
        _ notes: Notes,
        _ words: KeptRequest,
        _ peer: SocketAddress,
        _ listener: UInt16,
        _ user: UInt32,
        _ method: Method
    ) -> Decision {
        var query = PolicyQuery(
            client: IPAddress(peer),
            listener: listener,
            method: method,
            port: notes.port,
            address: notes.upstream,
            time: SystemFacts.unixMicroseconds() / 1_000_000
        )
        users.identify(user, to: settings.snapshot, &query)
        let policy = settings.snapshot.policy
        return words.with { method, host, path in
            policy.decide(query, method: method, host: host, path: path, scratch: &ruleScratch)
        }
    }

    private mutating func decidedAnew(_ notes: Notes, _ decision: Decision) -> Notes {
        var notes = notes
        snapshots.release(&notes.snapshot)
        notes.snapshot = snapshots.retain()
        // Nothing of the old rules is left: their numbers mean others here.
        notes.decided(decision, settings.snapshot.policy.facts(of: decision.rule))
        return notes
    }
}
