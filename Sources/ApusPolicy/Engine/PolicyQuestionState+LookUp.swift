/// Whether a name is worth a look-up: what could come of it, over all the addresses that it may have.
///
/// A look-up tells the name to others. It is made only where some address could end in an answer that serves the request, and never
/// ahead of a question for credentials.
extension PolicyQuestionState {
    /// Settles a decision to look a name up.
    ///
    /// Where some address depends on a user who has shown no credentials, they are asked for first. Where every address is denied,
    /// so is the name, by the last of the rules that deny one of them. Else the name is looked up.
    func settle(
        _ index: PolicyIndex,
        _ host: Span<UInt8>,
        _ path: Span<UInt8>,
        _ scratch: inout PolicyScratch,
        _ decision: inout Decision
    ) {
        // A policy that only reports serves all addresses; what it would do is told by the one that is dialled.
        let reports = index.rules.isReportOnly
        if reports && !isTunnel { return }
        let outlook = outlook(index, host, path, &scratch, from: Int(decision.rule))
        if reports {
            decision.needsOpenPort = !outlook.namesPorts
        } else if outlook.asking != Decision.noRule {
            decision.outcome = .authenticate
            decision.rule = outlook.asking
        } else if !outlook.allows {
            decision.outcome = .deny
            decision.rule = outlook.denying
            if outlook.list >= 0 { scratch.listHits[outlook.list] &+= 1 }
        } else {
            decision.needsOpenPort = isTunnel && !outlook.namesPorts
        }
    }

    /// What the addresses of a name could come to.
    private struct Outlook {
        /// The first rule that asks for credentials at one of them; ``Decision/noRule`` if none does.
        var asking = Decision.noRule
        /// Whether one is allowed, and whether one is by a rule that names ports.
        var allows = false
        var namesPorts = false
        /// The last rule that denies one, ``Decision/noRule`` where that is because none matches, and its list.
        var denying = Decision.noRule
        var list = -1
    }

    /// Goes through the rules with all parts of the addresses at once: each takes those that it decides about.
    private func outlook(
        _ index: PolicyIndex,
        _ host: Span<UInt8>,
        _ path: Span<UInt8>,
        _ scratch: inout PolicyScratch,
        from first: Int
    ) -> Outlook {
        var outlook = Outlook()
        scratch.parts.begin(index.parts.count)
        for word in first &>> 6..<index.width {
            var rows = scratch.words[word] & index.bits.words[index.deciding &+ word]
            if word == first &>> 6 { rows &= UInt64.max &<< UInt64(first & 63) }
            while rows != 0 {
                let row = word &<< 6 | rows.trailingZeroBitCount
                rows &= rows &- 1
                if index.facts[row].contains(.isReportOnly) { continue }
                scratch.list = -1
                take(index, row, host, path, &scratch)
                if scratch.parts.tookAsking, outlook.asking == Decision.noRule {
                    outlook.asking = UInt16(truncatingIfNeeded: row)
                }
                if scratch.parts.took {
                    if index.allows(row) {
                        outlook.allows = true
                        if index.facts[row].contains(.namesPorts) { outlook.namesPorts = true }
                    } else {
                        outlook.denying = UInt16(truncatingIfNeeded: row)
                        outlook.list = scratch.list
                    }
                }
                if scratch.parts.isOver || isKnown(outlook, index) { return outlook }
            }
        }
        outlook.denying = Decision.noRule
        outlook.list = -1
        return outlook
    }

    /// Whether nothing that follows could change what is done.
    private func isKnown(_ outlook: Outlook, _ index: PolicyIndex) -> Bool {
        guard outlook.allows, outlook.namesPorts || !isTunnel else { return false }
        return !lacksUser || !index.users.isAsked
    }

    /// Has a row take the parts of the addresses that it matches.
    private func take(
        _ index: PolicyIndex,
        _ row: Int,
        _ host: Span<UInt8>,
        _ path: Span<UInt8>,
        _ scratch: inout PolicyScratch
    ) {
        switch truth(index, row, host, path, &scratch) {
        case .no: scratch.parts.takeNone()
        case .yes: scratch.parts.takeAll(asking: false)
        case .needsUser: scratch.parts.takeAll(asking: true)
        case .needsAddress:
            let list = scratch.list
            lay(index, row, host, path, &scratch, level: 0)
            scratch.list = list
            scratch.parts.takeLaid()
        }
    }

    /// Lays out the parts that a row matches, and those where it depends on the user: those of its networks less those of its
    /// exceptions.
    private func lay(
        _ index: PolicyIndex,
        _ row: Int,
        _ host: Span<UInt8>,
        _ path: Span<UInt8>,
        _ scratch: inout PolicyScratch,
        level: Int
    ) {
        let rest = index.rests.rows[row]
        let asks = lacksUser && rest.parts.contains(.users)
        scratch.parts.clear(level)
        if isNamed(index, row, host, &scratch) {
            scratch.parts.addAll(level, asking: asks)
        } else {
            for place in index.parts.places(of: row) { scratch.parts.add(index.parts[place], level, asking: asks) }
        }
        for exception in rest.exceptions {
            switch truth(index, exception, host, path, &scratch) {
            case .no: break
            case .yes: scratch.parts.clear(level)
            case .needsUser: scratch.parts.ask(level)
            case .needsAddress:
                lay(index, exception, host, path, &scratch, level: level &+ 1)
                scratch.parts.except(level)
            }
        }
    }
}
