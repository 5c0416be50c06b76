internal import ApusFlow
internal import ApusPolicy
internal import ApusWire

/// What the requests and tunnels of one thread hold of the shared counts: each as many as limit rules match it.
struct QuotaLedger: ~Copyable {
    /// What stands for "not limited".
    static let none = UInt32.max

    /// One request or tunnel.
    struct Hold: Sendable, BitwiseCopyable {
        /// The first of its counts.
        fileprivate var first = QuotaLedger.none
        /// What speaks against it so far.
        fileprivate var excess: LimitViolation?
        /// The rule that speaks against it, or whose volume is used up.
        fileprivate(set) var rule = Decision.noRule
        /// Whether it counts as a tunnel.
        fileprivate(set) var isTunnel: Bool
        /// Whether any limit counts its bytes.
        fileprivate(set) var countsBytes = false
        /// How many of its bytes are counted already.
        fileprivate var counted: UInt64 = 0
        /// How its bytes go on.
        fileprivate(set) var pacer = Pacer()
    }

    private struct Link: Sendable, BitwiseCopyable {
        var handle: UInt32
        var next: UInt32
        var rule: UInt16
    }

    private let shared: SharedUsage
    private let bits: UInt8
    private var holds = Slab<Hold>()
    private var links = Slab<Link>()

    /// Holds nothing.
    ///
    /// - Parameter bits: how many bits of an IPv6 address name one client.
    init(_ shared: SharedUsage, bits: UInt8 = 64) {
        self.shared = shared
        self.bits = bits
    }

    /// Whether it holds nothing, because no rule that was claimed is a limit.
    func isEmpty(_ hold: UInt32) -> Bool { holds[hold].first == Self.none }

    /// How many requests and tunnels hold something.
    var count: Int { holds.count }

    /// What a request or tunnel holds.
    subscript(hold: UInt32) -> Hold { holds[hold] }

    /// A request that a limit rule matches: its claims follow, then ``settle(_:)``.
    mutating func begin(isTunnel: Bool) -> UInt32 { holds.insert(Hold(isTunnel: isTunnel)) }

    /// Counts the request by one more rule. After the first that is against it, the others are only asked.
    mutating func claim(
        _ hold: UInt32,
        rule: UInt16,
        of rules: UsageRules,
        client: IPAddress,
        user: UserDigest?,
        at moment: UsageMoment
    ) {
        guard let entry = rules.entry(rule) else { return }
        let key = UsageKey(limit: entry.number, shares: entry.key, client: client, bits: bits, user: user)
        let isTunnel = holds[hold].isTunnel
        if let before = holds[hold].excess {
            guard let excess = shared.excess(key, isTunnel: isTunnel, at: moment) else { return }
            let longest = before.longer(excess)
            if longest != before { holds[hold].rule = rule }
            holds[hold].excess = longest
            return
        }
        switch shared.admit(key, isTunnel: isTunnel, at: moment) {
        case .success(let handle):
            holds[hold].first = links.insert(Link(handle: handle, next: holds[hold].first, rule: rule))
            if entry.countsBytes { holds[hold].countsBytes = true }
        case .failure(let excess):
            holds[hold].excess = excess
            holds[hold].rule = rule
        }
    }

    /// All or nothing: where a rule was against the request, none has counted it, and the hold is gone.
    ///
    /// - Returns: what was against it for the longest time, and by which rule; nil where it is admitted.
    mutating func settle(_ hold: UInt32) -> (excess: LimitViolation, rule: UInt16)? {
        guard let excess = holds[hold].excess else { return nil }
        let rule = holds[hold].rule
        forget(hold) { shared, handle, isTunnel in shared.giveBack(handle, isTunnel: isTunnel) }
        return (excess, rule)
    }

    /// The request is not served after all, or counts by other limits: no rule has counted it, and it holds none from now on.
    mutating func giveBack(_ hold: inout UInt32) {
        forget(hold) { shared, handle, isTunnel in shared.giveBack(handle, isTunnel: isTunnel) }
        hold = Self.none
    }

    /// The request or tunnel has ended, and holds none from now on; its bytes were counted before.
    mutating func release(_ hold: inout UInt32) {
        forget(hold) { shared, handle, isTunnel in shared.release(handle, isTunnel: isTunnel) }
        hold = Self.none
    }

    /// A request that runs becomes a tunnel, unless a limit is against it.
    mutating func promote(_ hold: UInt32) -> LimitViolation? {
        guard !holds[hold].isTunnel else { return nil }
        var link = holds[hold].first
        while link != Self.none {
            if let excess = shared.promote(links[link].handle) {
                var done = holds[hold].first
                while done != link {
                    shared.demote(links[done].handle)
                    done = links[done].next
                }
                return excess
            }
            link = links[link].next
        }
        holds[hold].isTunnel = true
        return nil
    }

    /// Counts what has passed since the last time.
    ///
    /// - Parameter total: all bytes of the request or tunnel so far, to and from the client together.
    mutating func spend(_ hold: UInt32, total: UInt64, at moment: UsageMoment) -> UsagePace {
        let bytes = total > holds[hold].counted ? total - holds[hold].counted : 0
        holds[hold].counted = max(total, holds[hold].counted)
        var pace = UsagePace()
        var link = holds[hold].first
        while link != Self.none {
            let one = shared.spend(links[link].handle, bytes: bytes, at: moment)
            if one.isUsedUp { holds[hold].rule = links[link].rule }
            pace = pace.slower(one)
            link = links[link].next
        }
        return pace
    }

    /// What speaks against another request like it.
    func excess(_ hold: UInt32, at moment: UsageMoment) -> LimitViolation? {
        var excess: LimitViolation?
        var link = holds[hold].first
        while link != Self.none {
            if let one = shared.excess(links[link].handle, isTunnel: holds[hold].isTunnel, at: moment) {
                excess = one.longer(excess)
            }
            link = links[link].next
        }
        return excess
    }

    private mutating func forget(_ hold: UInt32, _ each: (SharedUsage, UInt32, Bool) -> Void) {
        guard holds.contains(hold) else { return }
        var link = holds[hold].first
        while link != Self.none {
            let (handle, next) = (links[link].handle, links[link].next)
            each(shared, handle, holds[hold].isTunnel)
            links.remove(link)
            link = next
        }
        holds.remove(hold)
    }
}

// MARK: - Pacing

/// Each counts first what has passed: `total` is all bytes of the request or tunnel so far, to and from the client together.
extension QuotaLedger {
    /// So many bytes are to be moved this way; `.max`: all that come.
    ///
    /// - Returns: the first slice of them, or the pause before it.
    mutating func begin(
        _ hold: UInt32,
        _ way: Way,
        _ count: UInt64,
        total: UInt64,
        at moment: UsageMoment
    ) -> PaceStep {
        holds[hold].pacer.begin(way, count)
        return next(hold, way, total: total, at: moment)
    }

    /// The next slice, or the pause before it.
    mutating func next(_ hold: UInt32, _ way: Way, total: UInt64, at moment: UsageMoment) -> PaceStep {
        let pace = spend(hold, total: total, at: moment)
        return holds[hold].pacer.next(way, pace)
    }

    /// Whether bytes that have been read may go on, or are to be shown again after a pause.
    mutating func admit(_ hold: UInt32, _ way: Way, total: UInt64, at moment: UsageMoment) -> PaceStep {
        let pace = spend(hold, total: total, at: moment)
        return holds[hold].pacer.admit(way, pace)
    }

    /// The slice that ran this way has been moved: how many bytes it had.
    mutating func moved(_ hold: UInt32, _ way: Way) -> UInt64 { holds[hold].pacer.moved(way) }

    /// A pause may be over, or it is time to count what is under way.
    mutating func ticked(_ hold: UInt32, total: UInt64, at moment: UsageMoment) -> PaceTick {
        let before = holds[hold].counted
        let pace = spend(hold, total: total, at: moment)
        return holds[hold].pacer.ticked(pace, isIdle: holds[hold].counted == before)
    }

    /// Nothing more is moved this way.
    mutating func stop(_ hold: UInt32, _ way: Way) { holds[hold].pacer.stop(way) }
}
