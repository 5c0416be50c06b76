internal import ApusWire

/// The name inside a tunnel, held against the rules that allowed the tunnel by its outside. It can only take away: whatever it is,
/// a tunnel that was not allowed does not come so far.
extension CompiledPolicy {
    /// Whether a name inside a tunnel may matter at all, whoever the client is: asked before a query is made for ``measure(_:host:allowedBy:scratch:)``.
    ///
    /// - Parameter rule: the one that allowed the tunnel.
    public func mayLookInside(_ rule: UInt16) -> Bool {
        let facts = facts(of: rule)
        return index.takesInside || index.readsRequests || facts.contains(.isByName)
            || facts.contains(.allows) && !facts.contains(.takesAnyProtocol)
    }

    /// What the name inside a tunnel is held against.
    ///
    /// - Parameters:
    ///   - query: the one by which the tunnel was decided.
    ///   - host: of CONNECT.
    ///   - rule: the one that allowed it.
    ///   - holdsPlain: whether what is not TLS is to be kept out where its rule does not say, and where rules read requests.
    ///   - namesAll: whether every tunnel to a name must have that name inside.
    ///   - scratch: this thread's.
    public func measure(
        _ query: PolicyQuery,
        host: Span<UInt8>,
        allowedBy rule: UInt16,
        holdsPlain: Bool,
        namesAll: Bool = false,
        scratch: inout PolicyScratch
    ) -> ServerNameCheck.Measure {
        // An address has no name to be compared (RFC 6066 §3).
        let isNamed =
            (namesAll || facts(of: rule).contains(.isByName)) && IPAddress.parse(host, 0..<host.count) == nil
        guard isNamed || query.method == .connect else { return .nothing }
        var measure = ServerNameCheck.Measure.nothing
        if isNamed {
            measure = .host
        } else if index.takesInside {
            measure = PolicyQuestionState.measure(index, query, &scratch)
        }
        // What only reports keeps nothing out; what it names, it still compares.
        if index.rules.isReportOnly, !isNamed { return measure }
        return needsTLS(query, host, rule, holdsPlain, isNamed, &scratch) ? measure.inTLS : measure.orPlain
    }

    /// Whether a tunnel has to be TLS: its rule says so, or does not say; or one that reads requests stands in front.
    private func needsTLS(
        _ query: PolicyQuery,
        _ host: Span<UInt8>,
        _ rule: UInt16,
        _ holdsPlain: Bool,
        _ isNamed: Bool,
        _ scratch: inout PolicyScratch
    ) -> Bool {
        let facts = facts(of: rule)
        if facts.contains(.requiresTLS) { return true }
        guard holdsPlain else { return false }
        // No rule has allowed it, which takes no rules, or such as only report.
        guard facts.contains(.allows) else { return isNamed }
        guard facts.contains(.takesAnyProtocol) else { return true }
        return index.readsRequests && PolicyQuestionState.reads(index, query, host, upTo: rule, &scratch)
    }

    /// Asks the rules again, with the name inside a tunnel in the host's place and all else as it was.
    ///
    /// - Parameters:
    ///   - query: the one by which the tunnel was decided; its address is the one that was connected.
    ///   - name: in lower case without a trailing dot.
    ///   - host: of CONNECT.
    ///   - rule: the one that allowed the tunnel.
    ///   - scratch: this thread's.
    /// - Returns: `deny`, with the rule that denies, or `authenticate`, with the one that asks for credentials: nobody inside a tunnel
    ///   could be asked, so that it is refused as well. Else `allow` with the rule that was given: the first decision stands. A rule
    ///   that only reports is told either way.
    public func decideInside(
        _ query: PolicyQuery,
        name: Span<UInt8>,
        host: Span<UInt8>,
        allowedBy rule: UInt16,
        scratch: inout PolicyScratch
    ) -> Decision {
        var query = query
        query.hostIsAddress = false
        // A tunnel shows no path, and its method is known.
        let none: [UInt8] = []
        let inner = decide(query, method: none.span, host: name, path: none.span, scratch: &scratch)
        let isRefused = inner.outcome == .deny || inner.outcome == .authenticate
        var decision = isRefused ? inner : Decision(.allow, rule: rule, wouldDeny: inner.wouldDeny)
        guard isByAddressInList(rule, host) else { return decision }
        // The rule allowed an address, which is what it still is.
        if isRefused, isBehind(inner.rule, rule) { decision = Decision(.allow, rule: rule, wouldDeny: inner.wouldDeny) }
        if isBehind(decision.wouldDeny, rule) { decision.wouldDeny = Decision.noRule }
        return decision
    }

    /// Whether a rule that names hosts, and has no exception by name, allowed an address: one of a list of hosts, or of the networks
    /// beside the names.
    private func isByAddressInList(_ rule: UInt16, _ host: Span<UInt8>) -> Bool {
        guard facts(of: rule).contains(.isByName), !index.rules.rules[Int(rule)].mayTakeInside else { return false }
        return IPAddress.parse(host, 0..<host.count) != nil
    }

    /// Whether a rule, or that there is none, is only come to where another one does not match.
    private func isBehind(_ rule: UInt16, _ other: UInt16) -> Bool { rule > other }
}

extension PolicyQuestionState {
    /// Whether a rule that a name inside a tunnel could make refuse takes this client, port and listener.
    fileprivate static func measure(
        _ index: PolicyIndex,
        _ query: PolicyQuery,
        _ scratch: inout PolicyScratch
    ) -> ServerNameCheck.Measure {
        scratch.prepare(index)
        let width = index.width
        let clients = 2 &* width
        let users = 3 &* width
        let userBase = index.users.base(query.who)
        for word in 0..<width {
            scratch.words[clients &+ word] = index.bits.words[index.anyClient &+ word]
            scratch.words[users &+ word] = index.bits.words[userBase &+ word]
        }
        index.clients.lay(query.client.unmapped, sets: index.postings, into: &scratch.words, at: clients)
        index.postings.lay(index.users.set(query.who), into: &scratch.words, at: users)
        if query.who != .unknown, !query.groups.isEmpty {
            index.users.lay(query.groups, index.postings, &scratch.words, users)
        }
        let none: [UInt8] = []
        let ports = index.ports.set(query.port)
        let methods = index.methods.set(query.method, query.scheme, none.span)
        let listeners = index.listeners[min(Int(query.listener), index.listeners.count &- 1)]
        var measure = ServerNameCheck.Measure.nothing
        for word in 0..<width {
            let who = scratch.words[clients &+ word] & scratch.words[users &+ word]
            let what = index.bits.words[methods &+ word] & index.bits.words[ports &+ word]
            let all = who & what & index.bits.words[listeners &+ word]
            let asking = query.who == .unknown ? index.bits.words[index.askingInside &+ word] : 0
            if all & (index.bits.words[index.refusingInside &+ word] | asking) != 0 { return .rules }
            if all & index.bits.words[index.takingInside &+ word] != 0 { measure = .reportingRules }
        }
        return measure
    }
}

extension PolicyQuestionState {
    /// Whether a rule that reads requests, and is not behind the one that allowed a tunnel, takes plain ones to its host and port.
    fileprivate static func reads(
        _ index: PolicyIndex,
        _ query: PolicyQuery,
        _ host: Span<UInt8>,
        upTo rule: UInt16,
        _ scratch: inout PolicyScratch
    ) -> Bool {
        let none: [UInt8] = []
        return PolicyQuestionState(index, query, method: none.span, host: host, scratch: &scratch)
            .takesPlain(index, among: index.reading, upTo: rule, host, &scratch)
    }
}

extension Rule {
    /// Whether it says of a plain request what a tunnel does not show: it takes none but such and denies them, changes their fields, or
    /// has an exception that only such are.
    var readsRequests: Bool {
        guard mayDecide, !isReportOnly else { return false }
        if condition.exceptions.contains(where: \.hasOnlyRequests) { return true }
        switch action {
        case .deny: return condition.takesOnlyRequests
        case .allow(let permission): return !permission.requestFields.isEmpty || !permission.responseFields.isEmpty
        case .limit: return false
        }
    }

    /// Whether it could refuse a tunnel that it did not take, or allow no more one that it did, if the host were another name: it denies
    /// by name, or has an exception by name. A path is none of a tunnel's.
    var mayTakeInside: Bool {
        guard mayDecide, condition.paths.isEmpty else { return false }
        if case .deny = action, condition.hosts.contains(where: \.isName) { return true }
        return condition.exceptions.contains(where: \.isByName)
    }
}

extension Rule {
    /// Whether it asks who is unknown for credentials by the name of the host.
    var mayAskInside: Bool {
        mayDecide && asksForCredentials && !condition.users.isEmpty && condition.paths.isEmpty
            && condition.hosts.contains(where: \.isName)
    }
}

extension Condition {
    /// Whether no tunnel is ever part of it.
    fileprivate var takesOnlyRequests: Bool {
        !paths.isEmpty || schemes == [.http] || !methods.isEmpty && !methods.contains { $0.uppercased() == "CONNECT" }
    }

    fileprivate var hasOnlyRequests: Bool { takesOnlyRequests || exceptions.contains(where: \.hasOnlyRequests) }

    /// Whether the name of a tunnel's host is part of it.
    fileprivate var isByName: Bool {
        paths.isEmpty && (hosts.contains(where: \.isName) || exceptions.contains(where: \.isByName))
    }
}
