internal import ApusFlow
internal import ApusPolicy
internal import ApusReactor
internal import ApusWire

/// What is noted of a request while it runs: numbers only, so that a record costs nothing until somebody reads it.
struct StreamInfo: BitwiseCopyable {
    var id: UInt64 = 0
    /// When the first byte came; later times are microseconds after it, 0 when not reached.
    var startedAt: UInt64 = 0
    var decidedAt: UInt32 = 0
    var lookUpBegan: UInt32 = 0
    var lookUpEnded: UInt32 = 0
    var dialBegan: UInt32 = 0
    var connectedAt: UInt32 = 0
    var sentAt: UInt32 = 0
    var firstByteAt: UInt32 = 0
    var status: UInt16 = 0
    /// The port that was asked for.
    var port: UInt16 = 0
    /// The port of its route.
    var dialPort: UInt16 = 0
    /// By which protocol it was asked for.
    var spoken = ClientProtocol.unknown
    var reused = false
    var upstreamIsV6 = false
    var isDialed = false
    /// The policy that decided: the index of its snapshot.
    var snapshot = PolicySnapshots.none
    /// Its rule that decided, and the first report-only one that would have refused.
    var rule = Decision.noRule
    var wouldDeny = Decision.noRule
    /// The rule that decided changes fields; it opens what is private to the guard, and blocks that the guard refuses.
    var changesFields = false
    var liftsPrivate = false
    var opensBlocks = false
    /// By which way it goes, and why: a plan of the policy that decided.
    var route = RouteChoice.unsaid
    /// The rules are asked with each address: what is noted of a rule is that of the address in use.
    var asksAddresses = false
    /// Where the recorder has the heads.
    var requestHead = RecordedRun.none
    var responseHead = RecordedRun.none
    var upstreamHigh: UInt64 = 0
    var upstreamLow: UInt64 = 0
    var fromClient: UInt64 = 0
    var toClient: UInt64 = 0
    var fromUpstream: UInt64 = 0
    var toUpstream: UInt64 = 0

    init() {}

    /// The rules have decided; what the deciding one says is looked up once, so that the data path asks flags.
    ///
    /// Where they want to see an address first, none of them has: a rule that only asks gives nothing, not even its name.
    mutating func decided(_ decision: Decision, _ facts: RuleFlags) {
        asksAddresses = decision.outcome == .lookUp
        let facts = asksAddresses ? [] : facts
        rule = asksAddresses ? Decision.noRule : decision.rule
        wouldDeny = decision.wouldDeny
        route = decision.route
        changesFields = facts.contains(.editsFields)
        liftsPrivate = facts.contains(.allowsPrivate)
        opensBlocks = facts.contains(.hasExceptions)
    }

    /// The rules have decided for the address that serves the request, or is told to be refused. They are asked again with any other.
    mutating func adopted(_ decision: Decision, _ facts: RuleFlags) {
        decided(decision, facts)
        asksAddresses = true
    }

    /// Microseconds since the start, at least 1 so that 0 means "not reached"; it stands still after 71 minutes.
    @inline(__always)
    func since(_ now: UInt64) -> UInt32 {
        UInt32(clamping: max(1, now &- startedAt))
    }

    /// The address that is or was last dialled.
    var upstream: IPAddress? {
        get {
            guard isDialed else { return nil }
            return upstreamIsV6
                ? IPAddress(v6High: upstreamHigh, low: upstreamLow)
                : IPAddress(v4: UInt32(truncatingIfNeeded: upstreamLow))
        }
        set {
            isDialed = newValue != nil
            upstreamHigh = newValue?.high ?? 0
            upstreamLow = newValue?.low ?? 0
            upstreamIsV6 = newValue?.family == .v6
        }
    }
}
