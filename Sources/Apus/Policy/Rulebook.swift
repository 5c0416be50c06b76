internal import ApusFlow
internal import ApusPolicy
internal import ApusReactor
internal import ApusWire

/// The rules of a thread: the current policy, those that requests were decided by, the ports of CONNECT and the guard of addresses; and what is
/// needed to ask them without an allocation.
struct Rulebook: ~Copyable {
    private var snapshots: PolicySnapshots
    private var scratch: PolicyScratch
    private var access: AccessRules
    private var check: ServerNameCheck
    /// Whether the current policy has rules.
    private(set) var hasRules: Bool
    /// Whether it is asked about requests: it has rules, or says by which way they go.
    private(set) var isAsked: Bool

    init(_ settings: WorkerSettings) {
        snapshots = PolicySnapshots(settings.snapshot)
        scratch = PolicyScratch(settings.snapshot.policy)
        access = settings.rules
        check = settings.serverNames.asked
        hasRules = !settings.snapshot.policy.isEmpty
        isAsked = hasRules || settings.snapshot.policy.hasRoutes
    }

    /// Decides new requests by other settings.
    mutating func adopt(_ settings: WorkerSettings) {
        let new = settings.snapshot
        if new.serial != serial { scratch = PolicyScratch(new.policy) }
        snapshots.adopt(new)
        access = settings.rules
        check = settings.serverNames.asked
        hasRules = !new.policy.isEmpty
        isAsked = hasRules || new.policy.hasRoutes
    }

    // MARK: Asking

    /// What the rules of a policy are asked about a request now.
    mutating func query(
        _ context: RequestContext,
        _ snapshot: PolicySnapshot,
        _ users: inout KnownUsers,
        _ permission: inout RequestPermission
    ) -> PolicyQuery {
        var query = PolicyQuery(
            client: context.client,
            listener: context.listener,
            method: context.method,
            port: context.port,
            address: context.address,
            time: SystemInfo.unixMicroseconds() / 1_000_000
        )
        permission.askedAt = UInt32(truncatingIfNeeded: query.time)
        users.identify(permission.user, to: snapshot, &query)
        return query
    }

    /// Asks the rules of a policy.
    ///
    /// Not inlined: what a parameter holds is held by the caller, so that the policy in it is not counted again for each of its uses.
    @inline(never)
    mutating func ask(
        _ snapshot: PolicySnapshot,
        _ query: PolicyQuery,
        _ method: Span<UInt8>,
        _ host: Span<UInt8>,
        _ path: Span<UInt8>
    ) -> Ruling {
        let decision = snapshot.policy.decide(query, method: method, host: host, path: path, scratch: &scratch)
        let times = decision.outcome == .lookUp ? RuleTicks() : snapshot.times(of: decision.rule)
        return Ruling(decision, snapshot.policy.facts(of: decision.rule), times)
    }

    /// Which limits match, each by its rule's number.
    @inline(__always)
    mutating func limits(
        _ snapshot: PolicySnapshot,
        _ query: PolicyQuery,
        _ method: Span<UInt8>,
        _ host: Span<UInt8>,
        _ path: Span<UInt8>,
        _ body: (Int) -> Void
    ) {
        snapshot.policy.limits(query, method: method, host: host, path: path, scratch: &scratch, body)
    }

    /// Whether a request is bound by the same limits with the address that is asked about and with another one.
    mutating func boundsAlike(
        _ snapshot: PolicySnapshot,
        _ query: PolicyQuery,
        _ other: IPAddress,
        _ text: BufferedRequest
    ) -> Bool {
        text.with { method, host, path in
            snapshot.policy.boundsAlike(query, other, method: method, host: host, path: path, scratch: &scratch)
        }
    }

    // MARK: What speaks against it

    /// Why it may not be, before anything of its addresses is known; nil if it may.
    func refusal(_ context: RequestContext, _ ruling: Ruling) -> Refusal? {
        let decision = ruling.decision
        switch decision.outcome {
        case .allow: return refusesPort(context, ruling.facts) ?? refusesPlain(decision)
        case .deny: return .rule
        case .authenticate: return .credentialsMissing
        // What needs no address is judged before the name is told to anybody.
        case .lookUp:
            return (decision.needsOpenPort ? refusesPort(context, []) : nil) ?? refusesPlain(decision)
        }
    }

    /// Why CONNECT may not open a tunnel for plain requests; nil if it may.
    private func refusesPlain(_ decision: Decision) -> Refusal? {
        decision.hidesRequests ? check.refusal(of: decision) : nil
    }

    /// Why CONNECT may not reach its port; nil if it may, or if the rule that decided names ports itself.
    func refusesPort(_ context: RequestContext, _ facts: RuleFlags) -> Refusal? {
        guard context.method == .connect, !facts.contains(.namesPorts) else { return nil }
        return access.decideConnect(context.port)
    }

    /// Why the guard is against an address, where the rules do not depend on it; nil if it is not.
    func refuses(_ address: IPAddress, _ notes: StreamInfo) -> Refusal? {
        guard notes.opensBlocks, let snapshot = snapshots[notes.snapshot] else {
            return access.destinations.judge(address, port: notes.dialPort, lifting: notes.liftsPrivate)
        }
        return access.destinations.judge(
            address,
            port: notes.dialPort,
            lifting: notes.liftsPrivate,
            snapshot.policy.exceptions(of: notes.rule)
        )
    }

    /// What is said of the address that is asked about: by the rules, where they depend on addresses, and then by the guard.
    mutating func judge(
        _ context: RequestContext,
        _ text: BufferedRequest,
        _ notes: StreamInfo,
        _ users: inout KnownUsers,
        _ permission: inout RequestPermission
    ) -> AddressVerdict {
        guard let address = context.address else { return AddressVerdict(Decision(.deny), .rule) }
        guard notes.asksAddresses, let snapshot = snapshots[notes.snapshot] else {
            let decision = Decision(.allow, rule: notes.rule, wouldDeny: notes.wouldDeny)
            return AddressVerdict(decision, refuses(address, notes))
        }
        let query = query(context, snapshot, &users, &permission)
        let ruling = text.with { ask(snapshot, query, $0, $1, $2) }
        let decision = ruling.decision
        switch decision.outcome {
        case .allow: break
        case .authenticate: return AddressVerdict(decision, .credentialsMissing)
        case .deny, .lookUp: return AddressVerdict(decision, .rule)
        }
        if let refusal = refusesPort(context, ruling.facts) ?? refusesPlain(decision) {
            return AddressVerdict(decision, refusal)
        }
        let refusal = access.destinations.judge(
            address,
            port: context.dialPort,
            lifting: ruling.facts.contains(.allowsPrivate),
            snapshot.policy.exceptions(of: decision.rule)
        )
        return AddressVerdict(decision, refusal)
    }

    // MARK: What is noted

    /// Notes what the rules say of an address, where they depend on addresses.
    func adopt(_ decision: Decision?, _ notes: inout StreamInfo, _ permission: inout RequestPermission) {
        guard notes.asksAddresses, let decision, let snapshot = snapshots[notes.snapshot] else { return }
        notes.adopted(decision, snapshot.policy.facts(of: decision.rule))
        permission.times = snapshot.times(of: notes.rule)
    }

    /// What the current rules say of a request or tunnel that runs.
    mutating func decideAnew(
        _ context: RequestContext,
        _ words: BufferedRequest,
        user: UInt32,
        _ users: inout KnownUsers
    ) -> Decision {
        guard let snapshot = snapshots[snapshots.current] else { return Decision(.deny) }
        var permission = RequestPermission()
        permission.user = user
        let query = query(context, snapshot, &users, &permission)
        return words.with { ask(snapshot, query, $0, $1, $2).decision }
    }

    /// Notes what they say in place of what others have said.
    mutating func adoptAnew(_ decision: Decision, _ notes: inout StreamInfo) {
        snapshots.release(&notes.snapshot)
        notes.snapshot = snapshots.retain()
        notes.decided(decision, snapshots[notes.snapshot]?.policy.facts(of: decision.rule) ?? [])
    }

    // MARK: Inside a tunnel

    /// What the name inside a tunnel is to be held against, by the policy that allowed it.
    mutating func measure(
        _ snapshot: PolicySnapshot,
        _ outside: Outside,
        _ words: BufferedRequest,
        holdsPlain: Bool,
        namesAll: Bool,
        _ users: inout KnownUsers
    ) -> ServerNameCheck.Measure {
        var query = outside.query(words)
        users.identify(outside.user, to: snapshot, &query)
        return snapshot.policy.measure(
            query,
            host: words.bytes.span.extracting(words.hostRange),
            allowedBy: outside.rule,
            holdsPlain: holdsPlain,
            namesAll: namesAll,
            scratch: &scratch
        )
    }

    /// What the rules of the policy that allowed a tunnel say of the name inside it.
    mutating func decideInside(
        _ snapshot: PolicySnapshot,
        _ outside: Outside,
        _ words: BufferedRequest,
        _ name: Span<UInt8>,
        _ users: inout KnownUsers
    ) -> Decision {
        var query = outside.query(words)
        users.identify(outside.user, to: snapshot, &query)
        return snapshot.policy.decideInside(
            query,
            name: name,
            host: words.bytes.span.extracting(words.hostRange),
            allowedBy: outside.rule,
            scratch: &scratch
        )
    }

    // MARK: Policies

    /// The policy of an index; nil for none, and where it is only to be named.
    subscript(index: UInt16) -> PolicySnapshot? {
        @inline(__always) get { snapshots[index] }
    }

    /// How many policies are held, or the words of them.
    var count: Int { snapshots.counts.whole + snapshots.counts.named }

    /// The index of the policy that new requests are decided by.
    var current: UInt16 { snapshots.current }

    /// The number of the current policy.
    var serial: UInt32 { snapshots.serial(of: snapshots.current) }

    /// Counts a request with the current policy.
    mutating func retain() -> UInt16 { snapshots.retain() }

    /// What was decided is not asked about any more: the policy is only to be named.
    mutating func settle(_ index: inout UInt16) { snapshots.settle(&index) }

    /// A request is over, or is decided anew.
    mutating func release(_ index: inout UInt16) { snapshots.release(&index) }

    /// The number of an index's policy; 0 for none.
    func serial(of index: UInt16) -> UInt32 { snapshots.serial(of: index) }

    /// What the rules of an index's policy are called; nil for none.
    func words(of index: UInt16) -> PolicyWords? { snapshots.words(of: index) }

    /// How often each list has decided.
    var listHits: [UInt64] { scratch.listHits }
}
