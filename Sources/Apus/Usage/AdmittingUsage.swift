internal import ApusFlow
internal import ApusPolicy
internal import ApusReactor
internal import ApusWire

/// Stage 3, decide, by the limits of the policy: what runs is counted from here to its record.
extension ProxyThread {
    /// Counts a request by the limit rules that match it.
    ///
    /// - Parameter address: that is to be dialled, where it is known.
    /// - Returns: why one of them refuses it; nil when it is admitted.
    mutating func admitUsage(
        _ id: UInt32,
        _ method: Span<UInt8>,
        _ host: Span<UInt8>,
        _ path: Span<UInt8>,
        _ address: IPAddress?,
        now: UInt64
    ) -> Refusal? {
        guard clients[id].permission.usage == UsageHolds.none, let snapshot = snapshots[clients[id].notes.snapshot]
        else {
            return nil
        }
        let query = ruleQuery(id, snapshot, address: address)
        let moment = UsageMoment(now: now, unix: query.time)
        let user = users.digest(clients[id].permission.user)
        var hold = usage.begin(isTunnel: query.method == .connect)
        var claimed = 0
        while true {
            // As many at a time as need no memory; hardly any request meets more.
            var matching = InlineArray<32, UInt16>(repeating: 0)
            var (count, seen) = (0, 0)
            snapshot.policy.limits(query, method: method, host: host, path: path, scratch: &ruleScratch) { rule in
                if seen >= claimed, count < 32 {
                    matching[count] = UInt16(truncatingIfNeeded: rule)
                    count += 1
                }
                seen += 1
            }
            for place in 0..<count {
                let rule = matching[place]
                usage.claim(hold, rule: rule, of: snapshot.usage, client: query.client, user: user, at: moment)
            }
            claimed += count
            if claimed >= seen || count == 0 { break }
        }
        if let against = usage.settle(hold) {
            clients[id].permission.retryAfter = against.excess.retryAfter ?? 0
            clients[id].permission.limitRule = against.rule
            return against.excess.refusal
        }
        clients[id].permission.retryAfter = 0
        clients[id].permission.limitRule = Decision.noRule
        if usage.isEmpty(hold) { usage.release(&hold) } else { clients[id].permission.usage = hold }
        return nil
    }

    /// The request counts in no limit after all.
    mutating func giveBackUsage(_ id: UInt32) {
        guard clients[id].permission.usage != UsageHolds.none else { return }
        usage.giveBack(&clients[id].permission.usage)
    }

    /// Why a request that runs may not become a tunnel; nil if it may, and is one from now on.
    mutating func refusesTunnel(_ id: UInt32) -> Refusal? {
        guard holdTunnel(id) else { return .tunnelLimit }
        guard clients[id].permission.usage != UsageHolds.none, let excess = usage.promote(clients[id].permission.usage)
        else { return nil }
        clients[id].permission.retryAfter = 0
        return excess.refusal
    }

    /// The request is over: its bytes are counted, and it counts no more.
    mutating func releaseUsage(_ id: UInt32, _ io: borrowing ReactorIO) {
        let hold = clients[id].permission.usage
        let total = usageTotal(id, io)
        if usage[hold].countsBytes { _ = usage.spend(hold, total: total, at: UsageMoment(io)) }
        usage.release(&clients[id].permission.usage)
    }

    /// The same for a tunnel.
    ///
    /// - Returns: the rule whose volume is used up; nil if none is.
    mutating func releaseTunnelUsage(_ index: UInt32, _ io: borrowing ReactorIO) -> UInt16? {
        let hold = tunnels[index].holds.usage
        let total = tunnels.notes(of: index, io).passed
        if usage[hold].countsBytes { _ = usage.spend(hold, total: total, at: UsageMoment(io)) }
        let rule = usage[hold].rule
        // It may linger behind its record.
        usage.release(&tunnels[holds: index].usage)
        return rule == Decision.noRule ? nil : rule
    }

    /// What has passed to and from the client so far.
    func usageTotal(_ id: UInt32, _ io: borrowing ReactorIO) -> UInt64 {
        let notes = clients[id].notes
        return notes.fromClient &+ notes.toClient &+ io.relayMoved(from: clients[id].token)
            &+ io.relayMoved(from: clients[id].upstream)
    }
}

extension UsageMoment {
    /// Now.
    init(_ io: borrowing ReactorIO) {
        self.init(now: io.now, unix: SystemFacts.unixMicroseconds() / 1_000_000)
    }
}
