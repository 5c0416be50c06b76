internal import ApusPolicy
internal import ApusReactor
internal import ApusWire

/// The name inside a tunnel, and the rules by which the tunnel was allowed: what is inside can only take away.
extension ProxyThread {
    /// What the name inside a client's tunnel is to be held against: the one place that knows.
    mutating func measureInside(_ id: UInt32) -> ServerNameCheck.Measure {
        let client = clients[id]
        guard client.exchange.method == .connect, let words = words(of: client), !client.exchange.hasEndedClient else {
            return .nothing
        }
        let query = Outside(
            client.notes,
            client.peer,
            client.listener,
            client.permission.user,
            askedAt: client.permission.askedAt
        )
        return measureInside(query, words, snapshots[client.notes.snapshot], allowedBy: client.notes.rule)
    }

    /// The same for any tunnel, by the rule of a policy that allowed it.
    mutating func measureInside(
        _ outside: Outside,
        _ words: KeptRequest,
        _ snapshot: PolicySnapshot?,
        allowedBy rule: UInt16
    ) -> ServerNameCheck.Measure {
        guard settings.serverNames.mode != .off else { return .nothing }
        let host = words.bytes.span.extracting(words.hostRange)
        let namesAll = settings.serverNames.scope == .all
        let holdsPlain = settings.serverNames.notTLS == .deny
        guard let snapshot else {
            // An address has no name to be compared (RFC 6066 §3).
            guard namesAll, IPAddress.parse(host, 0..<host.count) == nil else { return .nothing }
            return holdsPlain ? .host : .hostOrPlain
        }
        guard namesAll || snapshot.policy.mayLookInside(rule) else { return .nothing }
        let query = query(outside, words, snapshot)
        return snapshot.policy.measure(
            query,
            host: host,
            allowedBy: rule,
            holdsPlain: holdsPlain,
            namesAll: namesAll,
            scratch: &ruleScratch
        )
    }

    /// Holds what a client has said first against the rules by which its tunnel was allowed, and notes what they say.
    mutating func judgeInside(
        _ index: UInt32,
        _ reading: ClientHello.Reading
    ) -> ServerNameCheck.Outcome {
        // Without words no name is right.
        let words = tunnels.words(of: index) ?? KeptRequest()
        let decision = decideInside(index, reading, words)
        let outcome = settings.serverNames.asked.judge(
            reading,
            isDenied: decision.outcome != .allow,
            by: tunnels[index].rulesMeasure
        )
        var reported = decision.wouldDeny
        switch outcome {
        case .refuse(.serverNameDenied): tunnels[notes: index].rule = decision.rule
        case .report(.serverNameDenied):
            reported = decision.rule == Decision.noRule ? Decision.unmatched : decision.rule
        case .pass, .report, .refuse, .unjudged: break
        }
        if tunnels[index].notes.wouldDeny == Decision.noRule { tunnels[notes: index].wouldDeny = reported }
        return outcome
    }

    /// What the rules say of a name that is another one than the host of CONNECT.
    private mutating func decideInside(_ index: UInt32, _ reading: ClientHello.Reading, _ words: KeptRequest)
        -> Decision
    {
        let tunnel = tunnels[index]
        let host = words.bytes.span.extracting(words.hostRange)
        guard case .hello(let hello) = reading, hello.hasName, !hello.asks(for: host),
            let snapshot = snapshots[tunnel.notes.snapshot]
        else { return Decision(.allow) }
        if keepsWords { tunnels.noteName(index, reading) }
        let query = query(Outside(tunnel), words, snapshot)
        let name = hello.nameBytes
        return snapshot.policy.decideInside(
            query,
            name: name.span,
            host: host,
            allowedBy: tunnel.notes.rule,
            scratch: &ruleScratch
        )
    }

    /// Rules have taken the place of those that a tunnel was allowed by, and allow its outside: their decision about the name that was
    /// found inside, if they deny it.
    mutating func deniesInside(_ index: UInt32, _ words: KeptRequest, allowedBy rule: UInt16) -> Decision? {
        let tunnel = tunnels[index]
        guard settings.serverNames.mode == .enforce, tunnel.isConnect, words.dial > 0 else { return nil }
        let outside = Outside(tunnel, askedAt: UInt32(truncatingIfNeeded: SystemFacts.unixMicroseconds() / 1_000_000))
        guard measureInside(outside, words, settings.snapshot, allowedBy: rule).refuses else { return nil }
        let query = query(outside, words, settings.snapshot)
        let decision = settings.snapshot.policy.decideInside(
            query,
            name: words.bytes.span.extracting(words.dialRange),
            host: words.bytes.span.extracting(words.hostRange),
            allowedBy: rule,
            scratch: &ruleScratch
        )
        return decision.outcome == .deny ? decision : nil
    }

    /// The question by which a tunnel was decided.
    private mutating func query(_ outside: Outside, _ words: KeptRequest, _ snapshot: PolicySnapshot) -> PolicyQuery {
        var query = PolicyQuery(
            client: IPAddress(outside.peer),
            listener: outside.listener,
            method: .connect,
            port: outside.notes.port,
            address: IPAddress.parse(words.bytes.span, words.hostRange) ?? outside.notes.upstream,
            time: Int64(outside.askedAt)
        )
        users.identify(outside.user, to: snapshot, &query)
        return query
    }
}

/// What is known of a tunnel from outside, and what the rules decided it by.
struct Outside {
    let notes: Notes
    let peer: SocketAddress
    let listener: UInt16
    let user: UInt32
    /// In seconds since 1970.
    let askedAt: UInt32

    init(_ notes: Notes, _ peer: SocketAddress, _ listener: UInt16, _ user: UInt32, askedAt: UInt32) {
        self.notes = notes
        self.peer = peer
        self.listener = listener
        self.user = user
        self.askedAt = askedAt
    }

    /// A tunnel, by the question that it was decided by, or by one of another time.
    init(_ tunnel: TunnelConnection, askedAt: UInt32? = nil) {
        self.init(tunnel.notes, tunnel.peer, tunnel.listener, tunnel.holds.user, askedAt: askedAt ?? tunnel.number)
    }
}
