internal import ApusFlow
internal import ApusPolicy
internal import ApusReactor
internal import ApusWire

/// Stage 3, decide, by the policy's rules.
extension ProxyThread {
    /// Asks the rules about a request, and notes what they say, and by which rules.
    mutating func askRules(
        _ id: UInt32,
        _ method: Span<UInt8>,
        _ host: Span<UInt8>,
        _ path: Span<UInt8>
    ) -> Decision {
        clients[id].notes.snapshot = snapshots.retain()
        guard let snapshot = snapshots[snapshots.current] else { return Decision(.deny) }
        return ask(snapshot, about: id, method, host, path)
    }

    /// Not inlined: what a parameter holds is held by the caller, so that the policy in it is not counted again for each of its uses.
    @inline(never)
    private mutating func ask(
        _ snapshot: PolicySnapshot,
        about id: UInt32,
        _ method: Span<UInt8>,
        _ host: Span<UInt8>,
        _ path: Span<UInt8>
    ) -> Decision {
        var query = ruleQuery(id, snapshot, address: clients[id].route.literal)
        query.hostIsAddress = query.address != nil
        let decision = snapshot.policy.decide(query, method: method, host: host, path: path, scratch: &ruleScratch)
        // What the rule says is looked up once, so that the data path asks flags.
        clients[id].notes.decided(decision, snapshot.policy.facts(of: decision.rule))
        clients[id].permission.times = snapshot.times(of: clients[id].notes.rule)
        return decision
    }

    /// Asks the rules by which a request was decided about it and an address of its host.
    private mutating func askRules(_ id: UInt32, _ snapshot: PolicySnapshot, about address: IPAddress) -> Decision {
        let query = ruleQuery(id, snapshot, address: address)
        return kept.with(clients[id].kept) { method, host, path in
            snapshot.policy.decide(query, method: method, host: host, path: path, scratch: &ruleScratch)
        }
    }

    /// What is said of an address for a client's request: by the rules, where they depend on addresses, and then by the guard.
    mutating func judge(_ id: UInt32, _ address: IPAddress) -> AddressVerdict {
        let notes = clients[id].notes
        guard notes.asksAddresses || notes.opensBlocks, let snapshot = snapshots[notes.snapshot] else {
            return AddressVerdict(
                Decision(.allow, rule: notes.rule, wouldDeny: notes.wouldDeny),
                settings.rules.destinations.judge(address, port: clients[id].route.port, lifting: notes.liftsPrivate)
            )
        }
        var decision = Decision(.allow, rule: notes.rule, wouldDeny: notes.wouldDeny)
        if notes.asksAddresses {
            decision = askRules(id, snapshot, about: address)
            switch decision.outcome {
            case .allow: break
            case .authenticate: return AddressVerdict(decision, .credentialsMissing)
            case .deny, .lookUp: return AddressVerdict(decision, .rule)
            }
            if let refusal = refusesPort(id, decision.rule, snapshot) ?? refusesPlain(decision) {
                return AddressVerdict(decision, refusal)
            }
        }
        let refusal = settings.rules.destinations.judge(
            address,
            port: clients[id].route.port,
            lifting: snapshot.policy.facts(of: decision.rule).contains(.allowsPrivate),
            snapshot.policy.exceptions(of: decision.rule)
        )
        return AddressVerdict(decision, refusal)
    }

    /// Why CONNECT may not reach its port; nil if it may, or if the rule that decided names ports itself.
    func refusesPort(_ id: UInt32, _ rule: UInt16, _ snapshot: PolicySnapshot?) -> Refusal? {
        guard clients[id].exchange.method == .connect else { return nil }
        if let snapshot, snapshot.policy.facts(of: rule).contains(.namesPorts) { return nil }
        return settings.rules.decideConnect(clients[id].notes.port)
    }

    /// Why CONNECT may not open a tunnel for plain requests; nil if it may.
    func refusesPlain(_ decision: Decision) -> Refusal? {
        decision.hidesRequests ? settings.serverNames.asked.refusal(of: decision) : nil
    }

    /// The changes that the deciding rule makes to the request.
    func requestChanges(_ id: UInt32) -> FieldChanges? {
        guard clients[id].notes.changesFields, let snapshot = snapshots[clients[id].notes.snapshot] else { return nil }
        return snapshot.requestChanges[Int(clients[id].notes.rule)]
    }

    /// The changes that the deciding rule makes to the response.
    func responseChanges(_ id: UInt32) -> FieldChanges? {
        guard clients[id].notes.changesFields, let snapshot = snapshots[clients[id].notes.snapshot] else { return nil }
        return snapshot.responseChanges[Int(clients[id].notes.rule)]
    }

    /// What the rules are asked about a client's request.
    mutating func ruleQuery(_ id: UInt32, _ snapshot: PolicySnapshot, address: IPAddress?) -> PolicyQuery {
        let context = clients[id].context(now: 0)
        var query = PolicyQuery(context, address: address)
        clients[id].permission.askedAt = UInt32(truncatingIfNeeded: query.time)
        users.identify(clients[id].permission.user, to: snapshot, &query)
        return query
    }
}

extension PolicyQuery {
    /// What the rules are asked now, but for who it is.
    init(_ context: RequestContext, address: IPAddress?) {
        self.init(
            client: context.client,
            listener: context.listener,
            method: context.method,
            port: context.port,
            address: address,
            time: SystemFacts.unixMicroseconds() / 1_000_000
        )
    }
}
