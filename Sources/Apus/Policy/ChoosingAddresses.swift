internal import ApusFlow
internal import ApusPolicy
internal import ApusWire

/// Stage 5, reach: which addresses serve a request, and what it takes over from the rule that decided about them.
extension ProxyThread {
    /// Judges every address of a host, and chooses those that are dialled; the request adopts the decision of the first.
    mutating func choose(_ id: UInt32, _ addresses: AddressList, now: UInt64) -> AddressChoice {
        var choice = AddressChoice()
        for position in 0..<addresses.count {
            let address = addresses[position]
            var verdict = judge(id, address)
            if verdict.refusal == nil {
                if choice.decision == nil {
                    let told =
                        choice.refused == nil
                        ? nil : (clients[id].permission.limitRule, clients[id].permission.retryAfter)
                    verdict = verdict.refused(for: adopt(id, verdict.decision, address, now: now))
                    // The first reason is the one that is told, and what belongs to it.
                    if verdict.refusal != nil, let told {
                        (clients[id].permission.limitRule, clients[id].permission.retryAfter) = told
                    }
                } else if !servesAlike(id, address, verdict.decision, choice) {
                    continue
                }
            }
            if verdict.refusal == nil {
                choice.admit(address, verdict.decision)
            } else {
                choice.refuse(address, verdict)
            }
        }
        return choice
    }

    /// Makes what the rules say of an address the request's, where they depend on addresses.
    ///
    /// - Returns: why a limit is against it; nil if none is.
    mutating func adopt(_ id: UInt32, _ decision: Decision, _ address: IPAddress, now: UInt64) -> Refusal? {
        guard clients[id].notes.asksAddresses else { return nil }
        if let refusal = recount(id, decision, address, now: now) { return refusal }
        clients[id].permission.limitRule = Decision.noRule
        clients[id].permission.retryAfter = 0
        adoptNotes(id, decision)
        return nil
    }

    /// The same for what is noted alone: of an address that serves the request as the adopted one would.
    mutating func adoptNotes(_ id: UInt32, _ decision: Decision?) {
        guard clients[id].notes.asksAddresses, let decision else { return }
        guard let snapshot = snapshots[clients[id].notes.snapshot] else { return }
        clients[id].notes.adopted(decision, snapshot.policy.facts(of: decision.rule))
        clients[id].permission.times = snapshot.times(of: clients[id].notes.rule)
    }

    /// Notes why none of a host's addresses serves the request.
    ///
    /// - Returns: what is told; nil if there was none to judge.
    mutating func adoptRefusal(_ id: UInt32, _ choice: AddressChoice) -> Refusal? {
        clients[id].notes.upstream = choice.refusedAddress
        guard let verdict = choice.refused else { return nil }
        guard clients[id].notes.asksAddresses else { return verdict.refusal }
        // What the rules refuse counts in no limit.
        if verdict.decision.outcome != .allow { giveBackUsage(id) }
        adoptNotes(id, verdict.decision)
        return verdict.refusal
    }

    /// Counts a request by the limits of the address that is to serve it; what it held for another one is given back.
    private mutating func recount(_ id: UInt32, _ decision: Decision, _ address: IPAddress, now: UInt64) -> Refusal? {
        guard let snapshot = snapshots[clients[id].notes.snapshot] else { return nil }
        guard snapshot.policy.boundsByAddress || clients[id].permission.usage == UsageHolds.none else { return nil }
        giveBackUsage(id)
        guard decision.isLimited else { return nil }
        return kept[clients[id].kept].with { admitUsage(id, $0, $1, $2, address, now: now) }
    }

    /// Whether a request is served by an address as by the first that is dialled for it: with the same permission and limits.
    private mutating func servesAlike(
        _ id: UInt32,
        _ address: IPAddress,
        _ decision: Decision,
        _ choice: AddressChoice
    ) -> Bool {
        guard clients[id].notes.asksAddresses, let first = choice.decision else { return true }
        guard let snapshot = snapshots[clients[id].notes.snapshot] else { return false }
        guard snapshot.policy.servesAlike(first.rule, decision.rule), first.isLimited == decision.isLimited else {
            return false
        }
        guard decision.isLimited, snapshot.policy.boundsByAddress else { return true }
        let query = ruleQuery(id, snapshot, address: choice.addresses[0])
        return kept.with(clients[id].kept) { method, host, path in
            snapshot.policy.boundsAlike(
                query,
                address,
                method: method,
                host: host,
                path: path,
                scratch: &ruleScratch
            )
        }
    }
}
