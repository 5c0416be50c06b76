internal import ApusFlow
internal import ApusPolicy
internal import ApusReactor
internal import ApusWire

/// Stage 3, decide: whether a request may be, now, later, or not; whose it is, by which rules, within which limits, at which addresses.
///
/// It knows requests by values: a context, the words as spans or as the text that is kept, and `inout` what is noted and what it holds for
/// them. What takes time (an authenticator, an embedder's policy) is a step that the thread performs, and an event when it is over.
struct Gate: ~Copyable {
    private var inside: InsideJudge
    /// Whether an embedder's policy is asked behind the rules.
    private var asksEmbedder: Bool
    private var users: KnownUsers
    private var book: Rulebook
    private var usage: QuotaLedger

    init(_ settings: WorkerSettings, users: consuming KnownUsers, usage: consuming QuotaLedger) {
        inside = InsideJudge(settings.serverNames)
        asksEmbedder = settings.policy != nil
        self.users = users
        book = Rulebook(settings)
        self.usage = usage
    }

    /// Decides new requests by other settings.
    mutating func adopt(_ settings: WorkerSettings) {
        inside = InsideJudge(settings.serverNames)
        asksEmbedder = settings.policy != nil
        users.adopt(settings)
        book.adopt(settings)
    }

    // MARK: May it be

    /// Whose a request is, as far as that is known at once; `allowed` where it is, or does not matter.
    mutating func identify(
        _ bytes: Span<UInt8>,
        _ fields: borrowing FieldTable,
        _ context: RequestContext,
        _ permission: inout RequestPermission
    ) -> GateStep {
        users.identify(bytes, fields, context, &permission)
    }

    /// The same of a user name and a password that stand in the bytes as they are.
    mutating func identify(
        _ bytes: Span<UInt8>,
        user: ByteRange,
        password: ByteRange,
        _ context: RequestContext,
        _ permission: inout RequestPermission
    ) -> GateStep {
        users.identify(bytes, user: user, password: password, context, &permission)
    }

    /// Whether a request may be whose user is known: asked once, wherever its words stand.
    mutating func decide(
        _ context: RequestContext,
        _ method: Span<UInt8>,
        _ host: Span<UInt8>,
        _ path: Span<UInt8>,
        _ notes: inout StreamInfo,
        _ permission: inout RequestPermission
    ) -> GateStep {
        guard book.isAsked else {
            if let refusal = book.refusesPort(context, []) { return .refused(.refused(refusal)) }
            return asksEmbedder ? .asksEmbedder : .allowed
        }
        notes.snapshot = book.retain()
        guard let snapshot = book[notes.snapshot] else { return .refused(.refused(.rule)) }
        var query = book.query(context, snapshot, &users, &permission)
        query.hostIsAddress = context.address != nil
        let ruling = book.ask(snapshot, query, method, host, path)
        notes.decided(ruling.decision, ruling.facts)
        permission.times = ruling.times
        if let refusal = book.refusal(context, ruling) { return .refused(.refused(refusal)) }
        if ruling.decision.isLimited,
            let refusal = admit(context, snapshot, method, host, path, &permission)
        {
            return .refused(.refused(refusal))
        }
        return asksEmbedder ? .asksEmbedder : GateStep(allowed: notes, snapshot.policy.hasRoutes)
    }

    // MARK: At which addresses

    /// Why the guard is against an address, where the rules do not depend on it; nil if it is not.
    func refuses(_ address: IPAddress, _ notes: StreamInfo) -> Refusal? { book.refuses(address, notes) }

    /// Whether a request whose rules depend on addresses may go to the one that is asked about, which is connected already; it adopts what they
    /// say of it.
    mutating func mayReach(
        _ context: RequestContext,
        _ text: BufferedRequest,
        _ notes: inout StreamInfo,
        _ permission: inout RequestPermission
    ) -> Bool {
        let verdict = book.judge(context, text, notes, &users, &permission)
        guard
            verdict.refusal ?? adopt(context, verdict.decision, text, &notes, &permission) != nil
        else { return true }
        permission.limitRule = Decision.noRule
        return false
    }

    /// Judges every address of a host, and chooses those that are dialled; the request adopts the decision of the first.
    mutating func choose(
        _ context: RequestContext,
        among addresses: AddressList,
        _ text: BufferedRequest,
        _ notes: inout StreamInfo,
        _ permission: inout RequestPermission
    ) -> AddressChoice {
        var choice = AddressChoice()
        for position in 0..<addresses.count {
            let address = addresses[position]
            let context = context.about(address)
            var verdict = book.judge(context, text, notes, &users, &permission)
            if verdict.refusal == nil {
                if choice.decision == nil {
                    let told = choice.refused == nil ? nil : permission.told
                    verdict = verdict.refused(for: adopt(context, verdict.decision, text, &notes, &permission))
                    // The first reason is the one that is told, and what belongs to it.
                    if verdict.refusal != nil, let told { permission.told = told }
                } else if notes.asksAddresses,
                    !servesAlike(context, verdict.decision, choice, text, notes.snapshot, &permission)
                {
                    continue
                }
            }
            if verdict.refusal == nil {
                choice.admit(address, verdict.decision)
            } else {
                choice.refuse(address, verdict)
            }
        }
        return choice
    }

    /// Makes what the rules say of an address the request's, where they depend on addresses, and counts it by the limits of that address; what it
    /// held for another one is given back.
    ///
    /// - Returns: why a limit is against it; nil if none is.
    private mutating func adopt(
        _ context: RequestContext,
        _ decision: Decision,
        _ text: BufferedRequest,
        _ notes: inout StreamInfo,
        _ permission: inout RequestPermission
    ) -> Refusal? {
        guard notes.asksAddresses else { return nil }
        if let snapshot = book[notes.snapshot],
            snapshot.policy.boundsByAddress || permission.usage == QuotaLedger.none
        {
            usage.giveBack(&permission.usage)
            if decision.isLimited,
                let refusal = text.with({ admit(context, snapshot, $0, $1, $2, &permission) })
            {
                return refusal
            }
        }
        permission.told = (Decision.noRule, 0)
        book.adopt(decision, &notes, &permission)
        return nil
    }

    /// The same for what is noted alone: of an address that serves the request as the adopted one would.
    func adopt(_ decision: Decision?, _ notes: inout StreamInfo, _ permission: inout RequestPermission) {
        book.adopt(decision, &notes, &permission)
    }

    /// Notes why none of a host's addresses serves the request.
    ///
    /// - Returns: what is told; nil if there was none to judge.
    mutating func adoptRefusal(
        _ choice: AddressChoice,
        _ notes: inout StreamInfo,
        _ permission: inout RequestPermission
    ) -> Refusal? {
        notes.upstream = choice.refusedAddress
        guard let verdict = choice.refused else { return nil }
        guard notes.asksAddresses else { return verdict.refusal }
        // What the rules refuse counts in no limit.
        if verdict.decision.outcome != .allow { usage.giveBack(&permission.usage) }
        book.adopt(verdict.decision, &notes, &permission)
        return verdict.refusal
    }

    /// Whether a request is served by an address as by the first that is dialled for it: with the same permission and limits.
    private mutating func servesAlike(
        _ context: RequestContext,
        _ decision: Decision,
        _ choice: AddressChoice,
        _ text: BufferedRequest,
        _ snapshot: UInt16,
        _ permission: inout RequestPermission
    ) -> Bool {
        guard let first = choice.decision else { return true }
        guard let snapshot = book[snapshot], let other = context.address else { return false }
        guard snapshot.policy.servesAlike(first.rule, decision.rule), first.isLimited == decision.isLimited else {
            return false
        }
        guard decision.isLimited, snapshot.policy.boundsByAddress else { return true }
        let query = book.query(context.about(choice.addresses[0]), snapshot, &users, &permission)
        return book.boundsAlike(snapshot, query, other, text)
    }

    // MARK: Within which limits

    /// Counts a request by the limit rules that match it.
    ///
    /// - Returns: why one of them refuses it; nil when it is admitted.
    private mutating func admit(
        _ context: RequestContext,
        _ snapshot: PolicySnapshot,
        _ method: Span<UInt8>,
        _ host: Span<UInt8>,
        _ path: Span<UInt8>,
        _ permission: inout RequestPermission
    ) -> Refusal? {
        guard permission.usage == QuotaLedger.none else { return nil }
        let query = book.query(context, snapshot, &users, &permission)
        let moment = UsageMoment(now: context.now, unix: query.time)
        let user = users.digest(permission.user)
        var hold = usage.begin(isTunnel: query.method == .connect)
        var claimed = 0
        while true {
            // As many at a time as need no memory; hardly any request meets more.
            var matching = InlineArray<32, UInt16>(repeating: 0)
            var (count, seen) = (0, 0)
            book.limits(snapshot, query, method, host, path) { rule in
                if seen >= claimed, count < 32 {
                    matching[count] = UInt16(truncatingIfNeeded: rule)
                    count += 1
                }
                seen += 1
            }
            for place in 0..<count {
                let rule = matching[place]
                usage.claim(hold, rule: rule, of: snapshot.usage, client: query.client, user: user, at: moment)
            }
            claimed += count
            if claimed >= seen || count == 0 { break }
        }
        if let against = usage.settle(hold) {
            permission.told = (against.rule, against.excess.retryAfter ?? 0)
            return against.excess.refusal
        }
        permission.told = (Decision.noRule, 0)
        if usage.isEmpty(hold) { usage.release(&hold) } else { permission.usage = hold }
        return nil
    }

    /// Why a request that runs may not become a tunnel; nil if it may, and is one from now on.
    mutating func promote(_ permission: inout RequestPermission) -> Refusal? {
        guard permission.usage != QuotaLedger.none, let excess = usage.promote(permission.usage) else { return nil }
        permission.retryAfter = 0
        return excess.refusal
    }

    /// A request or tunnel is over: its bytes, `total` both ways, are counted, and it counts no more; the rule whose volume is used up.
    mutating func release(usage hold: inout UInt32, total: UInt64, at moment: UsageMoment) -> UInt16? {
        guard hold != QuotaLedger.none else { return nil }
        if usage[hold].countsBytes { _ = usage.spend(hold, total: total, at: moment) }
        let rule = usage[hold].rule
        usage.release(&hold)
        return rule == Decision.noRule ? nil : rule
    }

    /// A client is forgotten: what a request of it that never ended still holds is given back.
    mutating func drop(usage hold: inout UInt32) { usage.release(&hold) }

    /// What a request or tunnel holds of the counts of limits.
    subscript(hold: UInt32) -> QuotaLedger.Hold { @inline(__always) get { usage[hold] } }

    /// Says how its bytes go on: see `QuotaLedger`. `total` is all that has passed of it so far.
    mutating func begin(
        _ hold: UInt32,
        _ way: Way,
        _ count: UInt64,
        total: UInt64,
        at moment: UsageMoment
    ) -> PaceStep {
        usage.begin(hold, way, count, total: total, at: moment)
    }
    mutating func next(_ hold: UInt32, _ way: Way, total: UInt64, at moment: UsageMoment) -> PaceStep {
        usage.next(hold, way, total: total, at: moment)
    }
    mutating func admit(_ hold: UInt32, _ way: Way, total: UInt64, at moment: UsageMoment) -> PaceStep {
        usage.admit(hold, way, total: total, at: moment)
    }
    mutating func ticked(_ hold: UInt32, total: UInt64, at moment: UsageMoment) -> PaceTick {
        usage.ticked(hold, total: total, at: moment)
    }
    mutating func moved(_ hold: UInt32, _ way: Way) -> UInt64 { usage.moved(hold, way) }
    mutating func stop(_ hold: UInt32, _ way: Way) { usage.stop(hold, way) }

    /// The volume that a request holds is used up: what it is told.
    func usedUp(_ permission: inout RequestPermission, at moment: UsageMoment) {
        let hold = permission.usage
        permission.told = (usage[hold].rule, usage.excess(hold, at: moment)?.retryAfter ?? 0)
    }

    // MARK: What is inside a tunnel

    /// What the name inside a tunnel is to be held against.
    mutating func measureInside(_ outside: Outside, _ words: BufferedRequest) -> ServerNameCheck.Measure {
        inside.measure(outside, words, &book, &users)
    }

    /// Holds what a client has said first against the rules by which its tunnel was allowed, and notes what they say.
    mutating func judgeInside(
        _ outside: Outside,
        _ reading: ClientHello.Reading,
        _ words: BufferedRequest,
        by measure: ServerNameCheck.Measure,
        _ notes: inout StreamInfo
    ) -> InsideJudge.Verdict {
        var decision: Decision?
        if case .hello(let hello) = reading, hello.hasName,
            !hello.asks(for: words.bytes.span.extracting(words.hostRange)), let snapshot = book[outside.snapshot]
        {
            let name = hello.nameBytes
            decision = book.decideInside(snapshot, outside, words, name.span, &users)
        }
        return inside.judge(reading, decision, by: measure, &notes)
    }

    // MARK: Rules that have come meanwhile

    /// What the current rules say of a request or tunnel that runs.
    mutating func decideAnew(_ context: RequestContext, _ words: BufferedRequest, user: UInt32) -> Decision {
        book.decideAnew(context, words, user: user, &users)
    }

    /// The decision about a name that was found inside a tunnel, if the current rules deny it.
    ///
    /// - Parameter rule: the one of them that allows the tunnel.
    mutating func deniesInside(_ outside: Outside, _ words: BufferedRequest, allowedBy rule: UInt16) -> Decision? {
        inside.denies(outside.by(rule, of: book.current), words, &book, &users)
    }

    /// The current rules have decided: nothing of the old ones is left, whose numbers mean others here.
    mutating func adoptAnew(_ decision: Decision, _ notes: inout StreamInfo) {
        book.adoptAnew(decision, &notes)
    }

    // MARK: Who asks

    /// Has a claim verified outside of the thread, within `patience` microseconds; false where there will be no answer, for too many wait.
    func verify(
        _ claim: Claim,
        _ context: RequestContext,
        by authenticator: any Authenticator,
        for wait: WaitID,
        patience: UInt64
    ) -> Bool {
        let client = context.client.unmapped
        return users.verify(claim, from: client, by: authenticator, for: wait, now: context.now, patience: patience)
    }

    /// Remembers whom an authenticator has found: the user, who is held; nobody where it has found none.
    mutating func remember(_ result: Verifications.Result, now: UInt64) -> UInt32 { users.remember(result, now: now) }

    /// All credentials are to be verified anew; what runs keeps its user.
    mutating func forgetUsers(_ generation: UInt64) { users.forgetAll(generation) }

    /// One request more has this user, or needs its user no longer, and has none from now on.
    mutating func hold(user: UInt32) { users.hold(user) }
    mutating func release(user: inout UInt32) { users.release(&user) }

    /// A user who is held, the bytes of the name, and the words for what is recorded; nil for nobody.
    func user(_ index: UInt32) -> VerifiedUser? { users.user(index) }
    func name(ofUser index: UInt32) -> [UInt8] { users.name(index) }
    func words(ofUser index: UInt32) -> UserText? { users.words(index) }

    // MARK: What is read of the rules

    /// How many requests and tunnels hold counts of limits, and how many policies are held.
    var counts: (usage: Int, policies: Int) { (usage.count, book.count) }

    /// Whether the current policy has rules.
    var hasRules: Bool { book.hasRules }

    /// The number of the current policy, and how often each of its lists has decided.
    var serial: UInt32 { book.serial }
    var listHits: [UInt64] { book.listHits }

    /// The policy of an index; nil for none, and where it is only to be named.
    subscript(policy index: UInt16) -> PolicySnapshot? { book[index] }

    /// The number of an index's policy, and what its rules are called.
    func serial(of index: UInt16) -> UInt32 { book.serial(of: index) }
    func words(of index: UInt16) -> PolicyWords? { book.words(of: index) }

    /// What was decided is not asked about any more, or not even named.
    mutating func settle(policy index: inout UInt16) { book.settle(&index) }
    mutating func release(policy index: inout UInt16) { book.release(&index) }
}
