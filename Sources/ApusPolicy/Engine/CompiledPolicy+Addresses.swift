public import ApusWire

/// Where a name has several addresses: which of them serve a request alike.
extension CompiledPolicy {
    /// Whether two rules give a request the same: what ``Permission`` says, and whether the name inside a tunnel is compared.
    ///
    /// - Parameters:
    ///   - one: the rule of a ``Decision`` to allow; ``Decision/noRule`` gives nothing.
    ///   - other: of another one.
    public func servesAlike(_ one: UInt16, _ other: UInt16) -> Bool {
        one == other || index.kind(one) == index.kind(other)
    }

    /// Whether limits may depend on the address of a name.
    public var boundsByAddress: Bool { index.boundsByAddress }

    /// Whether the same limits bound a request by its address and by another one; the other arguments are those of the decision.
    public func boundsAlike(
        _ query: PolicyQuery,
        _ other: IPAddress,
        method: Span<UInt8>,
        host: Span<UInt8>,
        path: Span<UInt8>,
        scratch: inout PolicyScratch
    ) -> Bool {
        guard index.boundsByAddress else { return true }
        var query = query
        query.hostIsAddress = false
        PolicyQuestionState(index, query, method: method, host: host, scratch: &scratch)
            .keepBounds(index, host, path, &scratch)
        query.address = other
        return PolicyQuestionState(index, query, method: method, host: host, scratch: &scratch)
            .hasKeptBounds(index, host, path, &scratch)
    }
}

extension PolicyQuestionState {
    /// Keeps which limits match.
    fileprivate func keepBounds(
        _ index: PolicyIndex,
        _ host: Span<UInt8>,
        _ path: Span<UInt8>,
        _ scratch: inout PolicyScratch
    ) {
        scratch.bounds.removeAll(keepingCapacity: true)
        for word in 0..<index.width { scratch.bounds.append(bounds(index, word, host, path, &scratch)) }
    }

    /// Whether those that match are the ones that were kept.
    fileprivate func hasKeptBounds(
        _ index: PolicyIndex,
        _ host: Span<UInt8>,
        _ path: Span<UInt8>,
        _ scratch: inout PolicyScratch
    ) -> Bool {
        for word in 0..<index.width where scratch.bounds[word] != bounds(index, word, host, path, &scratch) {
            return false
        }
        return true
    }

    /// A word of the limits that match.
    private func bounds(
        _ index: PolicyIndex,
        _ word: Int,
        _ host: Span<UInt8>,
        _ path: Span<UInt8>,
        _ scratch: inout PolicyScratch
    ) -> UInt64 {
        var matching: UInt64 = 0
        var left = scratch.words[word] & index.bits.words[index.limiting &+ word]
        while left != 0 {
            let bit = left & (0 &- left)
            left &= left &- 1
            let row = word &<< 6 | bit.trailingZeroBitCount
            if truth(index, row, host, path, &scratch) == .yes { matching |= bit }
        }
        return matching
    }
}
