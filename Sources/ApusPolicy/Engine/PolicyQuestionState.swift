internal import ApusWire

/// Whether a condition is true of a request, as far as can be told; in the order in which the worse counts in an "and".
enum Truth: UInt8 {
    case no, needsAddress, needsUser, yes
}

/// One question to a policy, whose rows in question are in the scratch.
///
/// The index goes beside it: kept in here, it would be retained by every thread for every question.
struct PolicyQuestionState: BitwiseCopyable {
    private let query: PolicyQuery
    /// Whether the host is a name whose address is not known.
    private let lacksAddress: Bool
    /// Whether no credentials were shown.
    let lacksUser: Bool

    /// Narrows the rows to those that every index names.
    init(
        _ index: PolicyIndex,
        _ query: PolicyQuery,
        method: Span<UInt8>,
        host: Span<UInt8>,
        scratch: inout PolicyScratch
    ) {
        self.query = query
        let literal = query.hostIsAddress ? query.address : PolicyQuestionState.literal(host)
        let address = (query.address ?? literal)?.unmapped
        lacksAddress = address == nil
        lacksUser = query.who == .unknown
        scratch.prepare(index)
        let width = index.width
        let clients = 2 &* width
        let users = 3 &* width
        let userBase = index.users.base(query.who)
        for word in 0..<width {
            scratch.words[width &+ word] = index.bits.words[index.anyHost &+ word]
            scratch.words[clients &+ word] = index.bits.words[index.anyClient &+ word]
            scratch.words[users &+ word] = index.bits.words[userBase &+ word]
        }
        if literal == nil {
            index.hosts.lay(host, sets: index.postings, into: &scratch.words, at: width)
        }
        if let address { index.addresses.lay(address, sets: index.postings, into: &scratch.words, at: width) }
        index.clients.lay(query.client.unmapped, sets: index.postings, into: &scratch.words, at: clients)
        index.postings.lay(index.users.set(query.who), into: &scratch.words, at: users)
        if !lacksUser && !query.groups.isEmpty { index.users.lay(query.groups, index.postings, &scratch.words, users) }
        let maybe = address == nil ? index.byListOrAddress : index.byList
        let methods = index.methods.set(query.method, query.scheme, method)
        let ports = index.ports.set(query.port)
        let listeners = index.listeners[min(Int(query.listener), index.listeners.count &- 1)]
        for word in 0..<width {
            let hosts = scratch.words[width &+ word] | index.bits.words[maybe &+ word]
            let who = scratch.words[clients &+ word] & scratch.words[users &+ word]
            let what = index.bits.words[methods &+ word] & index.bits.words[ports &+ word]
            scratch.words[word] = hosts & who & what & index.bits.words[listeners &+ word]
        }
    }

    /// Whether CONNECT asks.
    var isTunnel: Bool { query.method == .connect }

    /// Whether it asks for the port of plain HTTP.
    var isPlainTunnel: Bool { query.method == .connect && query.port == 80 }

    /// The address that a host is: only a host with a colon near its start, or with a digit at its end, can be one.
    static func literal(_ host: Span<UInt8>) -> IPAddress? {
        guard host.count > 1 else { return nil }
        var isCandidate = ByteClass.isDigit(host[host.count &- 1])
        for index in 0..<min(host.count, 5) where host[index] == Ascii.colon { isCandidate = true }
        return isCandidate ? IPAddress.parse(host, 0..<host.count) : nil
    }

    /// What the first rule that matches, or that cannot be judged yet, says.
    func first(_ index: PolicyIndex, _ host: Span<UInt8>, _ path: Span<UInt8>, _ scratch: inout PolicyScratch)
        -> Decision
    {
        var wouldDeny = Decision.noRule
        for word in 0..<index.width {
            var left = scratch.words[word] & index.bits.words[index.deciding &+ word]
            while left != 0 {
                let row = word &<< 6 | left.trailingZeroBitCount
                left &= left &- 1
                let isReport = index.facts[row].contains(.isReportOnly)
                if isReport && wouldDeny != Decision.noRule { continue }
                scratch.list = -1
                let rule = UInt16(truncatingIfNeeded: row)
                switch truth(index, row, host, path, &scratch) {
                case .no: continue
                case .needsAddress: return Decision(.lookUp, rule: rule, wouldDeny: wouldDeny)
                case .needsUser: return Decision(.authenticate, rule: rule, wouldDeny: wouldDeny)
                case .yes:
                    if scratch.list >= 0 { scratch.listHits[scratch.list] &+= 1 }
                    if isReport {
                        wouldDeny = rule
                    } else {
                        let outcome: Decision.Outcome = index.allows(row) ? .allow : .deny
                        return Decision(outcome, rule: rule, wouldDeny: wouldDeny)
                    }
                }
            }
        }
        return Decision(.deny, wouldDeny: wouldDeny)
    }

    /// Adds to a request that may be served that it is bounded, or that this depends on its address.
    func bound(
        _ index: PolicyIndex,
        _ host: Span<UInt8>,
        _ path: Span<UInt8>,
        _ scratch: inout PolicyScratch,
        _ decision: inout Decision
    ) {
        for word in 0..<index.width {
            var left = scratch.words[word] & index.bits.words[index.limiting &+ word]
            while left != 0 {
                let row = word &<< 6 | left.trailingZeroBitCount
                left &= left &- 1
                switch truth(index, row, host, path, &scratch) {
                case .no, .needsUser: continue
                case .needsAddress:
                    guard decision.outcome == .allow else { continue }
                    decision.outcome = .lookUp
                    decision.needsOpenPort = isTunnel && !index.facts(decision.rule).contains(.namesPorts)
                    decision.rule = UInt16(truncatingIfNeeded: row)
                case .yes: decision.isLimited = true
                }
            }
        }
    }

    /// Whether a row is true of the request.
    func truth(
        _ index: PolicyIndex,
        _ row: Int,
        _ host: Span<UInt8>,
        _ path: Span<UInt8>,
        _ scratch: inout PolicyScratch
    ) -> Truth {
        let bit: UInt64 = 1 &<< UInt64(row & 63)
        guard scratch.words[row &>> 6] & bit != 0 else { return .no }
        let parts = index.rests.rows[row].parts
        var truth = Truth.yes
        if !isNamed(index, row, host, &scratch) {
            guard lacksAddress && parts.contains(.networks) else { return .no }
            truth = .needsAddress
        }
        // Where no user is needed, the index has left no row that names one.
        if lacksUser && parts.contains(.users) { truth = PolicyQuestionState.worse(truth, .needsUser) }
        guard !parts.isDisjoint(with: [.paths, .times, .exceptions]) else { return truth }
        if parts.contains(.paths) && !begins(index, row, path, &scratch) { return .no }
        if parts.contains(.times) && !isOpen(index, row, &scratch) { return .no }
        let list = scratch.list
        for exception in index.rests.rows[row].exceptions {
            switch self.truth(index, exception, host, path, &scratch) {
            case .no: break
            case .needsAddress: truth = .needsAddress
            case .needsUser: truth = PolicyQuestionState.worse(truth, .needsUser)
            case .yes: return .no
            }
        }
        scratch.list = list
        return truth
    }

    /// Whether one of some rules, none of them behind the one that allowed a tunnel, could take plain requests to its host and port,
    /// whatever their method and path, and whenever they come.
    func takesPlain(
        _ index: PolicyIndex,
        among rules: Int,
        upTo rule: UInt16,
        _ host: Span<UInt8>,
        _ scratch: inout PolicyScratch
    ) -> Bool {
        guard rule != Decision.noRule else { return false }
        let width = index.width
        let ports = index.ports.set(query.port)
        let listeners = index.listeners[min(Int(query.listener), index.listeners.count &- 1)]
        let maybe = lacksAddress ? index.byListOrAddress : index.byList
        for word in 0..<width {
            let who = scratch.words[2 &* width &+ word] & scratch.words[3 &* width &+ word]
            let hosts = scratch.words[width &+ word] | index.bits.words[maybe &+ word]
            let what = index.bits.words[ports &+ word] & index.bits.words[listeners &+ word]
            var left = hosts & who & what & index.bits.words[rules &+ word]
            while left != 0 {
                let row = word &<< 6 | left.trailingZeroBitCount
                left &= left &- 1
                guard row <= Int(rule) else { return false }
                if lacksAddress && index.rests.rows[row].parts.contains(.networks) { return true }
                if isNamed(index, row, host, &scratch) { return true }
            }
        }
        return false
    }

    /// Whether a row takes the host, whatever address it may have: by its name or by one of the row's lists.
    @inline(__always)
    func isNamed(_ index: PolicyIndex, _ row: Int, _ host: Span<UInt8>, _ scratch: inout PolicyScratch) -> Bool {
        let bit: UInt64 = 1 &<< UInt64(row & 63)
        return scratch.words[index.width &+ row &>> 6] & bit != 0 || isListed(index, row, host, &scratch)
    }

    @inline(__always)
    private static func worse(_ a: Truth, _ b: Truth) -> Truth { a.rawValue < b.rawValue ? a : b }

    /// Whether one of a row's lists holds the host; each list is looked up once a question.
    func isListed(_ index: PolicyIndex, _ row: Int, _ host: Span<UInt8>, _ scratch: inout PolicyScratch) -> Bool {
        for place in index.rests.rows[row].lists {
            let number = index.rests.listNumbers[place]
            if scratch.known[number] == .nothing {
                scratch.known[number] = index.lists[number].contains(host) ? .yes : .no
            }
            guard scratch.known[number] == .yes else { continue }
            scratch.list = number
            return true
        }
        return false
    }

    /// Whether the time lies in one of a row's windows; each window is judged once a question.
    private func isOpen(_ index: PolicyIndex, _ row: Int, _ scratch: inout PolicyScratch) -> Bool {
        for place in index.rests.rows[row].times {
            let number = index.rests.windowNumbers[place]
            let known = index.lists.count &+ number
            if scratch.known[known] == .nothing {
                scratch.known[known] = index.rests.windows[number].contains(query.time) ? .yes : .no
            }
            if scratch.known[known] == .yes { return true }
        }
        return false
    }

    /// Whether the path begins with one of a row's prefixes, in either form where the row takes away, in both where it gives; a
    /// tunnel shows none.
    private func begins(_ index: PolicyIndex, _ row: Int, _ path: Span<UInt8>, _ scratch: inout PolicyScratch) -> Bool {
        guard query.method != .connect else { return false }
        if scratch.pathKind == .unread { scratch.read(path: path) }
        let takesAway = index.rests.rows[row].takesAway
        if scratch.pathKind == .climbing { return takesAway }
        for place in index.rests.rows[row].paths {
            let prefix = index.rests.prefixes[place]
            let isSent =
                scratch.pathKind == .usual
                ? starts(index, prefix.sent, path, scratch.pathEnd, asSent: true)
                : starts(index, prefix.sent, scratch.sentPath.span, scratch.sentPath.count, asSent: true)
            if isSent && takesAway { return true }
            guard isSent || takesAway else { continue }
            let isUnified =
                scratch.pathKind == .written
                ? starts(index, prefix.unified, scratch.unifiedPath.span, scratch.unifiedPath.count, asSent: false)
                : prefix.sent == prefix.unified
                    ? isSent : starts(index, prefix.unified, path, scratch.pathEnd, asSent: false)
            if isUnified { return true }
        }
        return false
    }

    /// Whether a path begins with a prefix, which may say in the form as sent that either spelling of a slash will do.
    @inline(__always)
    private func starts(
        _ index: PolicyIndex,
        _ prefix: Range<Int>,
        _ path: Span<UInt8>,
        _ end: Int,
        asSent: Bool
    ) -> Bool {
        guard prefix.count <= end else { return false }
        for place in 0..<prefix.count {
            let wanted = index.rests.text[prefix.lowerBound &+ place]
            let isSame = asSent ? PathForm.isSame(path[place], as: wanted) : path[place] == wanted
            guard isSame else { return false }
        }
        return true
    }
}

extension PolicyIndex {
    /// Whether a rule allows.
    @inline(__always)
    func allows(_ row: Int) -> Bool { facts[row].contains(.allows) }

    /// What the rule of a decision says; nothing for none.
    @inline(__always)
    func facts(_ rule: UInt16) -> RuleFlags { Int(rule) < facts.count ? facts[Int(rule)] : [] }
}
