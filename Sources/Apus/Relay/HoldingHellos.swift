internal import ApusFlow
internal import ApusPolicy
internal import ApusReactor
internal import ApusWire

/// The first bytes of a tunnel whose name is to be judged: the reactor keeps them and shows them again with what comes, until the
/// ClientHello is whole; then they pass in front of an ordinary relay, or nowhere.
extension ProxyThread {
    /// Bytes of a tunnel's client that are not relayed yet; how many were consumed.
    mutating func tunnelReceived(_ index: UInt32, _ bytes: Span<UInt8>, _ io: inout ReactorIO) -> Int {
        guard tunnels[index].tunnel.isHolding else { return bytes.count }
        tunnels[index].held = UInt32(clamping: bytes.count)
        let reading = ClientHello.read(bytes, limit: settings.serverNames.limit)
        if case .incomplete = reading {
            performTunnel(tunnels[index].tunnel.helloBegan(), index, &io)
            return 0
        }
        var opening = OpeningGuess.other
        if case .notTLS = reading { opening = OpeningGuess(bytes) }
        // What passes is left to the relay.
        return judgeHello(index, reading, opening, &io) ? 0 : bytes.count
    }

    /// Asks whether what a client has said first may pass, and lets it pass or not.
    ///
    /// - Parameter opening: what it looks like, where it is not TLS.
    /// - Returns: whether it passes.
    @discardableResult
    mutating func judgeHello(
        _ index: UInt32,
        _ reading: ClientHello.Reading,
        _ opening: OpeningGuess,
        _ io: inout ReactorIO
    ) -> Bool {
        // Without words no name is right.
        let words = tunnelWords[tunnels[index].words] ?? KeptRequest()
        let outcome: ServerNameCheck.Outcome
        switch tunnels[index].inside {
        case .host, .hostOrPlain:
            outcome = settings.serverNames.asked.judge(
                reading,
                host: words.bytes.span.extracting(words.hostRange),
                takesPlain: tunnels[index].inside == .hostOrPlain
            )
        case .rules: outcome = judgeInside(index, reading, words, by: .rules)
        case .reportingRules: outcome = judgeInside(index, reading, words, by: .reportingRules)
        case .rulesInTLS: outcome = judgeInside(index, reading, words, by: .rulesInTLS)
        case .nothingInTLS: outcome = settings.serverNames.asked.judge(reading, isDenied: false, by: .nothingInTLS)
        // Other rules have come, which do not ask.
        case .settled, .unjudged, .request, .headRequest: outcome = .pass
        }
        var isJudged = true
        switch outcome {
        case .pass: break
        case .report(let refusal):
            tunnels[index].reported = refusal
            if refusal == .serverNameMismatch { noteName(index, reading) }
        case .unjudged(let reason):
            tunnels[index].reported = reason
            isJudged = false
        case .refuse(let refusal):
            if refusal == .serverNameMismatch { noteName(index, reading) }
            if refusal == .tunnelNotTLS { tunnels[index].refused(opening) }
            performTunnel(tunnels[index].tunnel.helloRefused(refusal), index, &io)
            return false
        }
        tunnels[index].settle(isJudged ? .settled : .unjudged)
        settlePolicy(index)
        passHello(index, &io)
        return true
    }

    private mutating func passHello(_ index: UInt32, _ io: inout ReactorIO) {
        tunnels[index].held = 0
        if !keepsWords { tunnelWords.release(&tunnels[index].words) }
        performTunnel(tunnels[index].tunnel.helloPassed(), index, &io)
    }

    /// A name that is another one goes into the record.
    mutating func noteName(_ index: UInt32, _ reading: ClientHello.Reading) {
        guard case .hello(let hello) = reading, hello.hasName, keepsWords else { return }
        tunnelWords.name(&tunnels[index].words, hello.nameBytes)
    }

    /// FIN of a tunnel's client. Where bytes are held and nothing is refused for it, they still pass, and then the FIN.
    mutating func tunnelClientEnded(_ index: UInt32, _ io: inout ReactorIO) {
        let isEnforced = settings.serverNames.mode == .enforce && tunnels[index].inside != .reportingRules
        guard tunnels[index].tunnel.phase == .holdingHello, !isEnforced else {
            return performTunnel(tunnels[index].tunnel.ended(.client), index, &io)
        }
        tunnels[index].settle()
        settlePolicy(index)
        tunnels[index].last = tunnels[index].held
        passHello(index, &io)
    }

    /// So many of the bytes in front of a FIN have passed; behind the last of them it follows.
    mutating func lastRelayed(_ index: UInt32, _ count: UInt64, _ io: inout ReactorIO) {
        tunnels[index].notes.add(up: count, down: 0)
        tunnels[index].last -= min(tunnels[index].last, UInt32(clamping: count))
        if tunnels[index].last == 0 { performTunnel(tunnels[index].tunnel.ended(.client), index, &io) }
    }

    /// Tells a client by a TLS alert that its ClientHello was refused, or by an answer that its request was, unless it has had something
    /// from the host already: behind that it would be taken for a part of it.
    mutating func sendAlert(_ fault: Fault?, _ index: UInt32, _ io: inout ReactorIO) {
        let tunnel = tunnels[index]
        tunnels[index].notes.add(up: 0, down: io.stopRelay(from: tunnel.upstream))
        guard case .refused(let refusal)? = fault else { return }
        let isAsked = tunnel.inside == .request || tunnel.inside == .headRequest
        guard let told = isAsked ? plainAnswer(refusal, tunnel) : refusal.alert else { return }
        guard !tunnel.tunnel.upstreamEnded, tunnels[index].notes.fromUpstream == 0, io.waiting(tunnel.client) == 0
        else {
            return
        }
        io.send(tunnel.client, told.span)
        tunnels[index].notes.toClient &+= UInt64(told.count)
    }

    /// The answer to a plain request inside a tunnel that has to be TLS: what it needs, and by which rule.
    private func plainAnswer(_ refusal: Refusal, _ tunnel: TunnelConnection) -> [UInt8] {
        // The policy itself may be kept no more.
        let words = snapshots.words(of: tunnel.notes.snapshot)
        let isLocal = IPAddress(tunnel.peer).isLoopback
        let hint = words?.tunnelHint(tunnel.notes.rule) ?? TunnelHint(nil, nil).text
        let answer = OwnAnswer(
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
        answer.append(to: &bytes, form: .text, secondsSince1970: SystemFacts.unixMicroseconds() / 1_000_000)
        return bytes
    }
}
