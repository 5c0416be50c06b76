internal import ApusPolicy
internal import ApusReactor
internal import ApusWire

/// A reload, as one thread sees it.
extension Worker {
    /// Works by other settings from the next request on. With `endsDenied`, what runs and is denied by them is ended.
    mutating func adopt(_ new: WorkerSettings, endsDenied: Bool, _ io: inout ReactorIO) {
        settings = new
        upstreams.adopt(new.upstream, new.rules.destinations)
        io.limitPipes(to: new.pipes.count, size: new.pipes.size)
        if new.snapshot.serial != gate.serial { journal.adopt(new.snapshot, hits: gate.listHits) }
        gate.adopt(new)
        guard endsDenied, gate.hasRules else { return }
        for index in tunnels.indices {
            let tunnel = tunnels[index]
            guard let words = tunnels.words(of: index) else { continue }
            let decision = gate.decideAnew(tunnel.context(now: io.now), words, user: tunnel.holds.user)
            var denial = decision.outcome == .deny ? decision : nil
            if denial == nil, tunnel.isConnect {
                let outside = Outside(tunnel, askedAt: seconds)
                denial = gate.deniesInside(outside, words, allowedBy: decision.rule)
            }
            if let denial {
                gate.adoptAnew(denial, &tunnels[notes: index])
                performTunnel(tunnels.refused(index), index, &io)
            } else if tunnel.tunnel.isHolding, tunnel.isConnect, decision.outcome == .allow {
                holdAnew(index, words, decision)
            }
        }
        for id in clients.indices where clients[id].exchange.isRunning {
            let client = clients[id]
            guard let words = words(of: client) else { continue }
            let context = client.context(now: io.now).about(client.notes.upstream)
            let decision = gate.decideAnew(context, words, user: client.permission.user)
            guard decision.outcome == .deny else { continue }
            gate.adoptAnew(decision, &clients[id].notes)
            refuse(id, .refused(.rule), &io)
        }
    }

    /// A tunnel whose ClientHello has not come yet is held to the rules of now as well.
    private mutating func holdAnew(_ index: UInt32, _ words: BufferedRequest, _ decision: Decision) {
        gate.adoptAnew(decision, &tunnels[notes: index])
        let now = seconds
        let outside = Outside(tunnels[index], askedAt: now)
        tunnels.begin(index, gate.measureInside(outside, words), askedAt: now)
        settlePolicy(index)
    }

    /// In seconds since 1970.
    private var seconds: UInt32 { UInt32(truncatingIfNeeded: SystemInfo.unixMicroseconds() / 1_000_000) }
}
