internal import ApusFlow
internal import ApusPolicy
internal import ApusReactor
internal import ApusWire

/// The first bytes of a tunnel, where the name inside has to be that of CONNECT: the reactor keeps them and shows them again with
/// what comes, until the ClientHello is whole; then they pass in front of an ordinary relay, or nowhere.
extension ProxyThread {
    /// Whether the ClientHello of a client's tunnel is to be judged: the one place that knows.
    func judgesHello(_ id: UInt32) -> Bool {
        let client = clients[id]
        guard settings.serverNames.mode != .off, client.exchange.method == .connect else { return false }
        guard let words = words(of: client), !client.exchange.hasEndedClient else { return false }
        // An address has no name to be compared (RFC 6066 §3).
        if IPAddress.parse(words.bytes.span, words.hostRange) != nil { return false }
        if settings.serverNames.scope == .all { return true }
        guard let snapshot = snapshots[client.notes.snapshot] else { return false }
        return snapshot.policy.facts(of: client.notes.rule).contains(.isByName)
    }

    /// Bytes of a tunnel's client that are not relayed yet; how many were consumed.
    mutating func tunnelReceived(_ index: UInt32, _ bytes: Span<UInt8>, _ io: inout ReactorIO) -> Int {
        guard tunnels[index].tunnel.isHolding else { return bytes.count }
        tunnels[index].held = UInt32(clamping: bytes.count)
        let reading = ClientHello.read(bytes, limit: settings.serverNames.limit)
        if case .incomplete = reading {
            performTunnel(tunnels[index].tunnel.helloBegan(), index, &io)
            return 0
        }
        // What passes is left to the relay.
        return judgeHello(index, reading, &io) ? 0 : bytes.count
    }

    /// Asks whether what a client has said first may pass, and lets it pass or not.
    ///
    /// - Returns: whether it passes.
    @discardableResult
    mutating func judgeHello(_ index: UInt32, _ reading: ClientHello.Reading, _ io: inout ReactorIO) -> Bool {
        // Without words no name is right.
        let words = tunnelWords[tunnels[index].words] ?? KeptRequest()
        switch settings.serverNames.asked.judge(reading, host: words.bytes.span.extracting(words.hostRange)) {
        case .pass: break
        case .report(let refusal):
            tunnels[index].reported = refusal
            if refusal == .serverNameMismatch { noteName(index, reading) }
        case .refuse(let refusal):
            if refusal == .serverNameMismatch { noteName(index, reading) }
            performTunnel(tunnels[index].tunnel.helloRefused(refusal), index, &io)
            return false
        }
        passHello(index, &io)
        return true
    }

    private mutating func passHello(_ index: UInt32, _ io: inout ReactorIO) {
        tunnels[index].held = 0
        if !keepsWords { tunnelWords.release(&tunnels[index].words) }
        performTunnel(tunnels[index].tunnel.helloPassed(), index, &io)
    }

    /// Passes on what is held, and what follows.
    mutating func relayHello(_ index: UInt32, _ io: inout ReactorIO) {
        let tunnel = tunnels[index]
        if isPaced(tunnel) { return relayTunnelSlice(index, .up, &io) }
        io.relay(from: tunnel.client, to: tunnel.upstream, count: tunnel.last > 0 ? UInt64(tunnel.last) : .max)
    }

    /// A name that is another one goes into the record.
    private mutating func noteName(_ index: UInt32, _ reading: ClientHello.Reading) {
        guard case .hello(let hello) = reading, hello.hasName, shared.observes || recorder.isOn else { return }
        tunnelWords.name(&tunnels[index].words, Array(hello.name.utf8))
    }

    /// FIN of a tunnel's client. Where bytes are held and nothing is refused for it, they still pass, and then the FIN.
    mutating func tunnelClientEnded(_ index: UInt32, _ io: inout ReactorIO) {
        guard tunnels[index].tunnel.phase == .holdingHello, settings.serverNames.mode != .enforce else {
            return performTunnel(tunnels[index].tunnel.ended(.client), index, &io)
        }
        tunnels[index].last = tunnels[index].held
        passHello(index, &io)
    }

    /// So many of the bytes in front of a FIN have passed; behind the last of them it follows.
    mutating func lastRelayed(_ index: UInt32, _ count: UInt64, _ io: inout ReactorIO) {
        tunnels[index].notes.add(up: count, down: 0)
        tunnels[index].last -= min(tunnels[index].last, UInt32(clamping: count))
        if tunnels[index].last == 0 { performTunnel(tunnels[index].tunnel.ended(.client), index, &io) }
    }

    /// Tells a client by a TLS alert that its ClientHello was refused, unless it has had something from the host already: behind
    /// that it would be taken for a part of it.
    mutating func sendAlert(_ fault: Fault?, _ index: UInt32, _ io: inout ReactorIO) {
        let tunnel = tunnels[index]
        tunnels[index].notes.add(up: 0, down: io.stopRelay(from: tunnel.upstream))
        guard case .refused(let refusal)? = fault, let alert = refusal.alert else { return }
        guard !tunnel.tunnel.upstreamEnded, tunnels[index].notes.fromUpstream == 0, io.waiting(tunnel.client) == 0
        else {
            return
        }
        io.send(tunnel.client, alert.span)
        tunnels[index].notes.toClient &+= UInt64(alert.count)
    }
}
