public import ApusPolicy
public import ApusWire

/// How far a request has come on the ways of its route: which of them it tries, and what of its host has been judged.
///
/// A value without references. It names the next way when it is asked; whether that leads to a connection others find out.
public struct RouteTrip: Sendable, BitwiseCopyable {
    /// What is under way.
    public enum Stage: UInt8, Sendable, BitwiseCopyable {
        /// The host is being judged.
        case judging
        /// A way is being tried.
        case going
    }

    /// What the guard has judged of the host.
    public enum Judged: UInt8, Sendable, BitwiseCopyable {
        /// Nothing yet.
        case nothing
        /// Its name alone: nobody here knows an address of it.
        case name
        /// Its addresses.
        case address
    }

    private var plan: RoutePlan?
    /// Where it begins among the parents in front, where requests are spread over them.
    private var offset: UInt8 = 0
    private var steps: UInt8 = 0
    private var parents: UInt8 = 0
    /// What is under way.
    public private(set) var stage = Stage.judging
    /// What has been judged.
    public private(set) var judged = Judged.nothing
    /// Whether what only a name leads to was judged as well: none of its addresses is forbidden.
    private var isByName = false
    /// The address that was judged first; nil where it was the name.
    public private(set) var address: IPAddress?
    /// What is being said to the parent.
    private var handshake = ParentHandshake(.http, provesItself: false)

    /// A request whose route is not known yet.
    public init() {}

    /// Whether a way in front of the one that is tried has failed, or is out of service.
    public var fallsBack: Bool { steps > 1 }

    /// Whether its route is known.
    public var hasPlan: Bool { plan != nil }

    /// Its route is known.
    ///
    /// - Parameter host: by which requests are spread over the parents in front.
    public mutating func take(_ plan: RoutePlan, for host: Span<UInt8>) {
        self.plan = plan
        steps = 0
        parents = 0
        while Int(parents) < plan.count, case .parent = plan[Int(parents)] { parents += 1 }
        offset =
            plan.balance == .hash && parents > 1
            ? UInt8(truncatingIfNeeded: ByteKeyTable.hash(host, 0) % UInt32(parents)) : 0
    }

    /// The next way that may be tried; nil where none is left.
    public mutating func next(_ health: borrowing ParentHealthTable, now: UInt64) -> RouteHop? {
        guard let plan else { return nil }
        while Int(steps) < plan.count {
            let place = steps < parents ? (steps + offset) % parents : steps
            steps += 1
            guard case .parent(let parent) = plan[Int(place)] else { return plan[Int(place)] }
            if health.mayTry(Int(parent), now: now) { return plan[Int(place)] }
        }
        return nil
    }

    /// The host is to be judged before the way goes on.
    public mutating func judges() { stage = .judging }

    /// A way is tried.
    public mutating func goes() { stage = .going }

    /// The guard has let the name pass, or this address of it.
    ///
    /// - Parameter byName: whether it may be told as a name, which asks for more than one address that may be.
    public mutating func wasJudged(_ address: IPAddress?, byName: Bool) {
        self.address = address
        judged = address == nil ? .name : .address
        isByName = byName
    }

    /// Whether a way needs no other judgement.
    ///
    /// - Parameter byName: whether it is told the name.
    public func isJudged(byName: Bool) -> Bool { byName ? judged != .nothing && isByName : judged == .address }

    /// A connection to a parent stands.
    ///
    /// - Returns: the first message to it.
    public mutating func opens(_ language: ParentHandshake.Language, provesItself: Bool) -> ParentMessage.Kind {
        handshake = ParentHandshake(language, provesItself: provesItself)
        return handshake.opening
    }

    /// Bytes of the parent: see ``ParentHandshake/received(_:limits:fields:)``.
    public mutating func heard(
        _ bytes: Span<UInt8>,
        limits: HeadLimits,
        fields: inout FieldTable
    ) -> HandshakeStep {
        handshake.received(bytes, limits: limits, fields: &fields)
    }
}
