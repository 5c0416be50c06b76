internal import ApusFlow
internal import ApusPolicy
internal import ApusReactor
internal import ApusReport
internal import ApusWire

/// Where tunnels meet the other owners: the rules and limits by which they were allowed, the record, the pool, the caps.
extension Worker {
    /// Once nothing inside a tunnel is to be held against the rules any more, its record needs what they are called, and nothing else of
    /// the policy that it was allowed by.
    mutating func settlePolicy(_ index: UInt32) {
        if !tunnels[index].asksRules { gate.settle(policy: &tunnels[notes: index].snapshot) }
    }

    /// Tells the client that its origin has been reached: it may begin (RFC 9110 §9.3.6, RFC 1928 §6).
    mutating func sendEstablished(_ id: UInt32, _ io: inout ReactorIO) {
        clients[id].notes.status = 200
        if clients[id].socks.isSpoken { return say(clients[id].socks.established, id, &io) }
        let bytes = Worker.established
        io.send(clients[id].token, bytes.span)
        clients[id].notes.toClient &+= UInt64(bytes.count)
    }

    private static let established = Array("HTTP/1.1 200 Connection Established\r\n\r\n".utf8)

    /// The client's connection becomes a tunnel; session and exchange give way.
    mutating func openTunnel(_ id: UInt32, _ io: inout ReactorIO) {
        upstreams.release(bound: &clients[id].bound, &io)
        let client = clients[id]
        let measure = measureInside(id)
        let judgesHello = measure != .nothing
        var tunnel = TunnelConnection(
            client: client.token,
            upstream: client.upstream,
            address: client.address,
            listener: client.listener,
            isConnect: client.exchange.method == .connect,
            origin: client.route.origin,
            notes: client.notes,
            holds: TunnelHolds(user: client.permission.user, usage: client.permission.usage),
            tunnel: Tunnel(judgesHello: judgesHello)
        )
        tunnel.begin(measure, askedAt: client.permission.askedAt)
        let request = keepsWords || judgesHello ? words(of: client) : nil
        let index = tunnels.open(tunnel, request, idle: settings.times[.tunnel], &io)
        settlePolicy(index)
        kept.release(&clients[id].kept)
        journal.dropBodies(client.bodies)
        // Its place is the tunnel's from now on.
        _ = clients[id].place.take()
        clients.remove(id)
        journal.count(.tunnelOpened)
        if isPaced(index) { tunnels.counts(index, in: Pacer.firstTicks, &io) }
        if !judgesHello { relayTunnel(index, .up, .max, &io) }
        if tunnels.contains(index) { relayTunnel(index, .down, .max, &io) }
        if client.exchange.hasEndedClient, tunnels.contains(index) { tunnelEnded(index, .client, &io) }
    }

    /// Carries out what a tunnel asks for: first what concerns others, then its sockets.
    mutating func performTunnel(_ step: Step, _ index: UInt32, _ io: inout ReactorIO) {
        if case .internalError(let place)? = step.fault { ownFault(place, io) }
        if step.client == .linger { tunnels.tell(index, refusalWords(index, step.fault), &io) }
        if let ending = step.ending {
            recordTunnel(index, ending, step.fault, io)
            upstreams.ended(tunnels[index].origin)
        }
        if step.client == .reset || step.client == .close {
            // What it holds would be given back twice.
            guard tunnels.contains(index) else { return ownFault(.tunnelConnection, io) }
            // A tunnel that stands has a place.
            shared.caps.release(.counted)
            shared.caps.released(tunnels[index].address)
            announcers.remove(tunnels[index].address, tunnels[index].client)
            gate.release(user: &tunnels[holds: index].user)
        }
        if step.upstream == .reset || step.upstream == .close { upstreams.forget(tunnels[index].upstream) }
        let ticks = step.ticks > 0 ? step.ticks : settings.times[step.deadline]
        tunnels.perform(step, index, lingerLimit: settings.lingerLimit, ticks: ticks, &io)
        if step.client == .judgeHello { _ = judgeHello(index, .incomplete, .other, &io) }
        if step.upstream == .tunnel {
            // What the client said first has been judged, and passes.
            settlePolicy(index)
            relayTunnel(index, .up, tunnels.upward(index), &io)
        }
    }

    /// An end of a tunnel has sent FIN.
    mutating func tunnelEnded(_ index: UInt32, _ end: Tunnel.End, _ io: inout ReactorIO) {
        let isEnforced = settings.serverNames.mode == .enforce
        performTunnel(tunnels.ended(index, end, isEnforced: isEnforced, keepsWords: keepsWords), index, &io)
    }

    /// The deadline of a tunnel has passed.
    mutating func tunnelExpired(_ index: UInt32, _ io: inout ReactorIO) {
        let hold = tunnels[index].holds.usage
        var progress = TransferProgress(client: tunnels[index].client, upstream: tunnels[index].upstream, io)
        progress.isHeld = hold != QuotaLedger.none && gate[hold].pacer.isWaiting
        performTunnel(tunnels.expired(index, progress, settings.times), index, &io)
    }
}

// MARK: - What a client says first

extension Worker {
    /// Bytes of a tunnel's client that are not relayed yet; how many were consumed.
    mutating func tunnelReceived(_ index: UInt32, _ bytes: Span<UInt8>, _ io: inout ReactorIO) -> Int {
        switch tunnels.received(index, bytes, limit: settings.serverNames.limit) {
        case .passed: return bytes.count
        case .held(let step):
            performTunnel(step, index, &io)
            return 0
        // What passes is left to the relay.
        case .whole(let reading, let opening): return judgeHello(index, reading, opening, &io) ? 0 : bytes.count
        }
    }

    /// Asks whether what a client has said first may pass, and lets it pass or not.
    ///
    /// - Returns: whether it passes.
    private mutating func judgeHello(
        _ index: UInt32,
        _ reading: ClientHello.Reading,
        _ opening: OpeningGuess,
        _ io: inout ReactorIO
    ) -> Bool {
        let outcome = tunnels.outcome(index, reading, settings.serverNames.asked) ?? judgeInside(index, reading)
        let step = tunnels.judged(index, outcome, reading, opening, keepsWords: keepsWords)
        performTunnel(step, index, &io)
        return step.ending == nil
    }

    /// Holds what a client has said first against the rules by which its tunnel was allowed, and notes what they say.
    private mutating func judgeInside(_ index: UInt32, _ reading: ClientHello.Reading) -> ServerNameCheck.Outcome {
        // Without words no name is right.
        let words = tunnels.words(of: index) ?? BufferedRequest()
        let (outside, measure) = (Outside(tunnels[index]), tunnels[index].rulesMeasure)
        let verdict = gate.judgeInside(outside, reading, words, by: measure, &tunnels[notes: index])
        if verdict.namesAnother, keepsWords { tunnels.noteName(index, reading) }
        return verdict.outcome
    }

    /// What a client is told whose ClientHello, or whatever came instead, was refused: a TLS alert, or an answer to its request.
    private func refusalWords(_ index: UInt32, _ fault: Fault?) -> [UInt8]? {
        guard case .refused(let refusal)? = fault else { return nil }
        let inside = tunnels[index].inside
        guard inside == .request || inside == .headRequest else { return refusal.alert }
        return plainAnswer(refusal, tunnels[index])
    }

    /// The answer to a plain request inside a tunnel that has to be TLS: what it needs, and by which rule.
    private func plainAnswer(_ refusal: Refusal, _ tunnel: TunnelConnection) -> [UInt8] {
        // The policy itself may be kept no more.
        let words = gate.words(of: tunnel.notes.snapshot)
        let isLocal = tunnel.address.isLocal
        let hint = (words?.tunnelHint(tunnel.notes.rule) ?? .tunnel(nil, nil)).text(settings.configuration.settingNames)
        let answer = LocalReply(
            status: refusal.status,
            error: refusal.proxyErrorType,
            sentence: "\(refusal.sentence)",
            hint: isLocal && words?.tellsRules != false ? hint : nil,
            rule: words.flatMap { $0.tellsRules ? $0.label(tunnel.notes.rule) : nil },
            contact: words?.contact,
            id: tunnel.notes.id,
            headOnly: tunnel.inside == .headRequest
        )
        var bytes: [UInt8] = []
        answer.append(to: &bytes, form: .text, secondsSince1970: SystemInfo.unixMicroseconds() / 1_000_000)
        return bytes
    }
}
