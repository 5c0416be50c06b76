/// Plain requests inside a tunnel, which no rule sees.
extension PolicyQuestionState {
    /// Says of a tunnel to port 80 that may be served whether it hides requests: see ``Decision/hidesRequests``.
    ///
    /// The rows of the question are those of a CONNECT. A rule that takes all requests alike was judged with it, so that only those
    /// which tell requests apart are looked at once more.
    func hide(
        _ index: PolicyIndex,
        _ host: Span<UInt8>,
        _ path: Span<UInt8>,
        _ scratch: inout PolicyScratch,
        _ decision: inout Decision
    ) {
        guard !index.rules.isReportOnly else { return }
        switch decision.outcome {
        case .deny, .authenticate: return
        case .allow:
            let isOpen = index.facts(decision.rule).isSuperset(of: [.takesAnyProtocol, .isWhole])
            decision.hidesRequests =
                !isOpen || takesPlain(index, among: index.tellingApart, upTo: decision.rule, host, &scratch)
        case .lookUp: decision.hidesRequests = !mayBeOpen(index, host, path, &scratch)
        }
    }

    /// Whether a rule that takes any protocol, and all requests alike, could allow the tunnel, whatever the address is.
    private func mayBeOpen(
        _ index: PolicyIndex,
        _ host: Span<UInt8>,
        _ path: Span<UInt8>,
        _ scratch: inout PolicyScratch
    ) -> Bool {
        for word in 0..<index.width {
            var left = scratch.words[word] & index.bits.words[index.open &+ word]
            while left != 0 {
                let row = word &<< 6 | left.trailingZeroBitCount
                left &= left &- 1
                if truth(index, row, host, path, &scratch) != .no { return true }
            }
        }
        return false
    }
}
