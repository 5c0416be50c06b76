internal import ApusFlow
internal import ApusPolicy
internal import ApusReactor
internal import ApusReport
internal import ApusWire

/// What a thread notes of its traffic: counts, what decided, the flight recorder, the lines of this turn. It is told, and asks nobody.
struct Journal: ~Copyable {
    private let shared: SharedState
    private var counters = TrafficCounters()
    /// What decided, and for whom and whereto.
    private var matches = RuleMatches()
    private var top: TopTally
    private var recorder: Recorder
    private var ids = DecisionIDs()
    private var clock = WallClock()
    /// The log lines of this turn; none while nobody reads them in this form.
    private var lines: LogLines?

    init(_ shared: SharedState, _ snapshot: PolicySnapshot) {
        self.shared = shared
        recorder = Recorder(shared.recorder, threads: shared.mail.count, names: shared.settingNames)
        top = TopTally(seed: ids.next())
        recorder.adopt(snapshot)
        matches.adopt(snapshot, hits: [])
        if shared.takesQuickLines { lines = LogLines(redactQueries: shared.access?.redactQueries ?? .known) }
    }

    /// The first byte of a request has come.
    mutating func begin(_ now: UInt64) -> StreamInfo {
        var notes = StreamInfo()
        notes.id = ids.next()
        notes.startedAt = now
        return notes
    }

    /// Counts what is no end of a request.
    @inline(__always)
    mutating func count(_ event: TrafficEvent) {
        switch event {
        case .clientAccepted: counters.clientsAccepted &+= 1
        case .tunnelOpened: counters.tunnelsOpened &+= 1
        case .upstreamDialed: counters.upstreamsDialed &+= 1
        case .nameCached: counters.cachedNames &+= 1
        case .nameLookedUp: counters.lookUps &+= 1
        case .lookUpFailed: counters.failedLookUps &+= 1
        case .ownFault(let place): counters.met(place)
        }
    }

    /// Counts what came of a request that went by a parent.
    mutating func count(parent: String, _ result: StaticString) { counters.went(by: parent, result) }

    /// A moment of the reactor's clock in microseconds since 1970.
    mutating func timeOfDay(_ moment: UInt64, now: UInt64) -> Int64 { clock.microseconds(at: moment, now: now) }

    /// Another policy decides from now on.
    ///
    /// - Parameter hits: what was counted of the lists of the one before.
    mutating func adopt(_ snapshot: PolicySnapshot, hits: [UInt64]) {
        matches.adopt(snapshot, hits: hits)
        recorder.adopt(snapshot)
    }

    // MARK: The end of a request

    /// A request or tunnel is over: it is counted and recorded, and its line is written if that takes no record.
    ///
    /// - Parameters:
    ///   - words: what it is told with.
    /// - Returns: whether somebody is to have the record itself, by ``observe(_:)``.
    mutating func record(
        _ finished: CompletedTransaction,
        _ request: BufferedRequest?,
        _ words: borrowing EndingWords,
        _ denial: Denial?
    ) -> Bool {
        count(finished, request, words)
        recorder.add(finished, request, user: words.user, denial: denial, bodies: words.bodies)
        guard shared.observes, !writeLine(finished, request, words) else { return false }
        // Lines keep their order.
        handOver()
        return true
    }

    /// Whether the words of the policy that decided are read at this end: by a record or its line, or where that policy is no more.
    func needsRules(_ finished: CompletedTransaction) -> Bool {
        shared.observes || finished.policy != matches.serial && finished.isRuled
    }

    /// Whether lines are written here.
    var writesLines: Bool { lines != nil }

    /// What of the heads of a request its record shows, as far as they are recorded still.
    func heads(of notes: StreamInfo) -> LoggedHeads { recorder.heads(of: notes) }

    /// Gives a record to those who read it.
    func observe(_ record: AccessRecord) { shared.observe(record) }

    /// Gives the lines of this turn to the writer.
    mutating func handOver() {
        guard lines != nil, let access = shared.access else { return }
        lines?.handOver(to: access)
    }

    private mutating func count(
        _ finished: CompletedTransaction,
        _ request: BufferedRequest?,
        _ words: borrowing EndingWords
    ) {
        let notes = finished.notes
        counters.ended(
            finished.method,
            status: finished.status,
            times: notes.times(total: finished.total),
            fault: finished.fault,
            isTunnel: finished.kind != .request
        )
        counters.bytes.add(notes.bytes)
        if notes.reused { counters.upstreamsReused &+= 1 }
        let isReported = finished.reported != nil && !finished.isUnjudged
        if notes.wouldDeny != Decision.noRule || isReported { counters.wouldDeny &+= 1 }
        let passed = notes.passed
        let isRefused = finished.outcome == .refused
        if finished.isRuled { countRules(finished, words.rules, passed) }
        let client = finished.client.ip
        let isV6 = client.family == .v6
        top.clients.add(high: client.high, low: client.low, isV6: isV6, bytes: passed, isRefused: isRefused)
        if let request, request.host > 0 {
            top.hosts.add(request.bytes.span.extracting(request.hostRange), bytes: passed, isRefused: isRefused)
        }
        if let user = words.user, !user.name.isEmpty {
            top.users.add(user.name.span, bytes: passed, isRefused: isRefused)
        }
        if top.isFull { handOverTop() }
    }

    private mutating func countRules(_ finished: CompletedTransaction, _ words: PolicyWords?, _ passed: UInt64) {
        let at = finished.startedAt &+ finished.total
        if finished.notes.rule != Decision.noRule {
            let act: RuleAct = finished.fault == .refused(.rule) ? .refused(bytes: passed) : .decided(bytes: passed)
            matches.add(finished.notes.rule, act, policy: finished.policy, words, at: at)
        }
        if finished.notes.wouldDeny != Decision.noRule {
            matches.add(finished.notes.wouldDeny, .wouldRefuse, policy: finished.policy, words, at: at)
        }
        if finished.limit != Decision.noRule, finished.fault != nil {
            matches.add(finished.limit, .limited, policy: finished.policy, words, at: at)
        }
    }

    /// Gives what is counted of clients, users and hosts to those who look, and begins anew.
    mutating func handOverTop() {
        guard !top.isEmpty else { return }
        shared.top.post(top)
        top = TopTally(seed: ids.next())
    }

    /// Writes the line of a request that went well without building its record; `false` when it takes the long way.
    private mutating func writeLine(
        _ finished: CompletedTransaction,
        _ request: BufferedRequest?,
        _ words: borrowing EndingWords
    ) -> Bool {
        guard lines != nil, finished.fault == nil, finished.ending.isComplete, finished.kind == .request,
            finished.unread == nil, finished.notes.parent == 0, !finished.notes.fallsBack
        else { return false }
        guard let request, request.host > 0, words.user?.isPlain ?? true else { return false }
        return lines?.append(
            finished,
            request,
            listener: words.listener ?? [],
            user: words.user?.name ?? [],
            rules: words.rules,
            heads: recorder
        ) ?? false
    }

    // MARK: Recording

    /// Whether anybody reads of a request when it is over.
    var isRead: Bool { shared.observes || recorder.isOn }

    /// Records a head, or the beginning of what was to be one.
    mutating func keep(_ bytes: Span<UInt8>, _ range: Range<Int>) -> RecordedRun { recorder.keep(bytes, range) }

    /// Whether bodies are recorded.
    @inline(__always)
    var keepsBodies: Bool { recorder.bodyLimit > 0 }

    /// A body begins: whatever was recorded this way before is forgotten.
    ///
    /// - Parameters:
    ///   - index: the request's place among those whose bodies are recorded; it gets one where it has none.
    ///   - decoder: for its framing, if it is chunked.
    ///   - base: what has been counted of its side by now; nil where all of the body will be shown.
    mutating func beginBody(_ index: inout UInt32, _ way: Way, decoder: ChunkedDecoder?, base: UInt64?) {
        recorder.beginBody(&index, way, decoder: decoder, base: base)
    }

    /// Whether a body is not recorded as far as it is to be.
    func wantsBody(_ index: UInt32, _ way: Way) -> Bool { recorder.wantsBody(index, way) }

    /// Records content.
    mutating func keepBody(_ index: UInt32, _ way: Way, _ bytes: Span<UInt8>, _ range: Range<Int>) {
        recorder.keepBody(index, way, bytes, range)
    }

    /// Records the content of a read, whose framing the body's decoder follows.
    mutating func keepChunks(_ index: UInt32, _ way: Way, _ bytes: Span<UInt8>, _ range: Range<Int>) {
        recorder.keepChunks(index, way, bytes, range)
    }

    /// The request is over: its bodies are given back.
    mutating func finishBodies(_ index: UInt32, _ notes: StreamInfo) -> CompletedBodies? {
        recorder.finishBodies(index, notes)
    }

    /// Bodies are not recorded after all.
    mutating func dropBodies(_ index: UInt32) { recorder.dropBodies(index) }

    // MARK: Answers to those who look

    /// What has ended so far.
    var totals: TrafficCounters { counters }

    /// Answers what is asked of the past.
    ///
    /// - Parameters:
    ///   - hits: what was counted of the lists of the policy.
    ///   - listeners: by index, for their names.
    mutating func answer(
        _ question: WorkerQuery,
        hits: [UInt64],
        listeners: [ListenerInfo],
        _ answer: inout WorkerReport
    ) {
        if question.counters {
            counted(hits: hits, &answer)
            handOverTop()
        }
        if let past = question.past {
            let since = past.since[answer.thread] ?? 0
            let before = past.before[answer.thread]
            let run = recorder.since(since, before: before, notable: past.notable, limit: past.limit)
            answer.added = run.added
            answer.first = run.first
            answer.past = run.entries.compactMap {
                recorder.transaction($0, notable: past.notable, listeners, heads: past.heads)
            }
        }
        if let id = question.find, let found = recorder.find(id, listeners) { answer.past = [found] }
    }

    /// What is counted of rules and lists.
    func counted(hits: [UInt64], _ answer: inout WorkerReport) {
        answer.rules = matches.rules
        answer.lists = matches.lists(hits)
    }
}

/// What is counted when it happens; requests and tunnels are counted at their end.
enum TrafficEvent {
    case clientAccepted
    case tunnelOpened
    case upstreamDialed
    /// A name was known.
    case nameCached
    case nameLookedUp
    case lookUpFailed
    case ownFault(OwnFault)
}

/// The words that belong to an end, whoever has them.
struct EndingWords: ~Copyable {
    /// Who asked; nil for nobody.
    let user: UserText?
    /// The bytes of the listener's name, where lines are written.
    let listener: [UInt8]?
    /// Those of the policy that decided.
    let rules: PolicyWords?
    let bodies: CompletedBodies?
}
