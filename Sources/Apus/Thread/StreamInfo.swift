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
    /// What is a bit or two.
    var marks = Marks()
    /// The parent by which it goes, by its number in the thread; 0 for none.
    var parent: UInt8 = 0
    /// The policy that decided: the index of its snapshot.
    var snapshot = PolicySnapshots.none
    /// Its rule that decided, and the first report-only one that would have refused.
    var rule = Decision.noRule
    var wouldDeny = Decision.noRule
    /// What the rule that decided gives.
    var facts: RuleFlags = []
    /// By which way it goes: a plan of the policy that decided.
    var way = RouteIndex.direct
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
        self.facts = facts
        route = decision.route
    }

    /// The rules have decided for the address that serves the request, or is told to be refused. They are asked again with any other.
    mutating func adopted(_ decision: Decision, _ facts: RuleFlags) {
        decided(decision, facts)
        asksAddresses = true
    }

    /// Whether the rule that decided changes fields.
    var changesFields: Bool { facts.contains(.editsFields) }
    /// Whether it opens what is private to the guard.
    var liftsPrivate: Bool { facts.contains(.allowsPrivate) }
    /// Whether it opens blocks that the guard refuses.
    var opensBlocks: Bool { facts.contains(.hasExceptions) }

    /// Microseconds since the start, at least 1 so that 0 means "not reached"; it stands still after 71 minutes.
    @inline(__always)
    func since(_ now: UInt64) -> UInt32 {
        UInt32(clamping: max(1, now &- startedAt))
    }

    /// The address that is or was last dialled; behind a parent the one that was judged, if there was one.
    var upstream: IPAddress? {
        get {
            guard marks[.isDialed] else { return nil }
            return marks[.isV6]
                ? IPAddress(v6High: upstreamHigh, low: upstreamLow)
                : IPAddress(v4: UInt32(truncatingIfNeeded: upstreamLow))
        }
        set {
            marks[.isDialed] = newValue != nil
            marks[.isV6] = newValue?.family == .v6
            upstreamHigh = newValue?.high ?? 0
            upstreamLow = newValue?.low ?? 0
        }
    }

    /// Whether the connection to the upstream came from the pool.
    var reused: Bool {
        get { marks[.reused] }
        set { marks[.reused] = newValue }
    }

    /// The rules are asked with each address: what is noted of a rule is that of the address in use.
    var asksAddresses: Bool {
        get { marks[.asksAddresses] }
        set { marks[.asksAddresses] = newValue }
    }

    /// A way of its route that comes before the one that it goes has failed, or is out of service.
    var fallsBack: Bool {
        get { marks[.fallsBack] }
        set { marks[.fallsBack] = newValue }
    }

    /// The guard has judged the name alone, for nobody here knows an address of it.
    var isJudgedByName: Bool {
        get { marks[.judgedByName] }
        set { marks[.judgedByName] = newValue }
    }

    /// By which way it goes, and why.
    var route: RouteChoice {
        get { RouteChoice(way, marks.reason) }
        set { (way, marks.reason) = (newValue.index, newValue.reason) }
    }
}

/// Of what is noted of a request, what takes a bit or two: there is one for each tunnel.
struct Marks: BitwiseCopyable {
    /// A bit.
    enum Bit: UInt8 {
        case reused, asksAddresses, isDialed, isV6, fallsBack, judgedByName
    }

    var bits: UInt8 = 0

    @inline(__always)
    subscript(bit: Bit) -> Bool {
        get { bits & 1 << bit.rawValue != 0 }
        set { bits = newValue ? bits | 1 << bit.rawValue : bits & ~(1 << bit.rawValue) }
    }

    /// The two bits that are left.
    var reason: RouteReason {
        get { RouteReason(rawValue: bits >> 6) ?? .nobody }
        set { bits = bits & 0x3f | newValue.rawValue << 6 }
    }
}
