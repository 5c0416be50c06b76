extension CompiledPolicy {
    /// Decides about a request.
    /// - Parameters:
    ///   - query: what it is, and who asks.
    ///   - method: the method as it was sent; looked at where ``PolicyQuery/method`` is `other`.
    ///   - host: in lower case without a trailing dot; an IPv6 literal without brackets.
    ///   - path: the path as it was sent, with or without the query; empty for a tunnel.
    ///   - scratch: this thread's.
    public func decide(
        _ query: PolicyQuery,
        method: Span<UInt8>,
        host: Span<UInt8>,
        path: Span<UInt8>,
        scratch: inout PolicyScratch
    ) -> Decision {
        guard !isEmpty else {
            var decision = Decision(.allow)
            if hasRoutes { decision.route = route(query, host, Decision.noRule) }
            return decision
        }
        let question = PolicyQuestionState(index, query, method: method, host: host, scratch: &scratch)
        var decision = question.first(index, host, path, &scratch)
        if decision.outcome == .lookUp { question.settle(index, host, path, &scratch, &decision) }
        if index.rules.isReportOnly && (decision.outcome == .deny || decision.outcome == .authenticate) {
            if decision.wouldDeny == Decision.noRule {
                decision.wouldDeny = decision.rule == Decision.noRule ? Decision.unmatched : decision.rule
            }
            decision.outcome = .allow
            decision.rule = Decision.noRule
        }
        if question.isPlainTunnel { question.hide(index, host, path, &scratch, &decision) }
        if decision.outcome == .allow || decision.outcome == .lookUp {
            question.bound(index, host, path, &scratch, &decision)
        }
        if hasRoutes, decision.outcome == .allow { decision.route = route(query, host, decision.rule) }
        return decision
    }

    /// By which way a request goes that a rule, or none, has allowed.
    private func route(_ query: PolicyQuery, _ host: Span<UInt8>, _ rule: UInt16) -> RouteChoice {
        index.routes.choice(rule, host, query.hostIsAddress ? query.address : PolicyQuestionState.literal(host))
    }

    /// Tells the indices of all limit rules that match a request, in order; the arguments are those of the decision.
    ///
    /// A limit that names users counts for those who have shown who they are, and asks nobody; one that depends on the address of
    /// a name does not match while that is not known.
    public func limits(
        _ query: PolicyQuery,
        method: Span<UInt8>,
        host: Span<UInt8>,
        path: Span<UInt8>,
        scratch: inout PolicyScratch,
        _ body: (Int) -> Void
    ) {
        guard !isEmpty else { return }
        let question = PolicyQuestionState(index, query, method: method, host: host, scratch: &scratch)
        for word in 0..<index.width {
            var left = scratch.words[word] & index.bits.words[index.limiting &+ word]
            while left != 0 {
                let row = word &<< 6 | left.trailingZeroBitCount
                left &= left &- 1
                if question.truth(index, row, host, path, &scratch) == .yes { body(row) }
            }
        }
    }
}
