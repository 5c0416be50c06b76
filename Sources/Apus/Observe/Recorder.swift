internal import ApusFlow
internal import ApusWire

/// A thread's flight recorder: the last transactions, and beside them the last that were refused or failed, so that busy
/// traffic does not wash those away. Its memory is fixed by the settings, and taken as it is needed.
struct Recorder: ~Copyable {
    var all: TransactionRing
    private(set) var notable: TransactionRing
    /// Whether it records at all.
    let isOn: Bool
    /// How much is recorded of a body, in bytes; 0: nothing.
    let bodyLimit: Int
    /// The bodies of what runs.
    var openBodies = Slab<OpenBodies>()
    /// The words of the last policies, by number, for what they decided.
    private var policies: [(serial: UInt32, words: PolicyWords)] = []

    /// How many policies are remembered.
    private static let rememberedPolicies = 8

    init(_ settings: ProxyConfiguration.RecorderSettings, threads: Int) {
        isOn = settings.transactions > 0
        let share = max(1, settings.transactions / max(1, threads))
        let memory = settings.memory / max(1, threads)
        let bodies = settings.bodies > 0
        all = TransactionRing(capacity: share, memory: memory - memory / 4, recordsBodies: bodies)
        notable = TransactionRing(capacity: max(1, share / 4), memory: memory / 4, recordsBodies: bodies)
        bodyLimit = isOn ? min(settings.bodies, all.longestBody) : 0
    }

    /// From now on a policy decides.
    mutating func adopt(_ snapshot: PolicySnapshot) {
        policies.append((snapshot.serial, snapshot.words))
        if policies.count > Recorder.rememberedPolicies { policies.removeFirst() }
    }

    /// The words of a policy, while it is remembered.
    func words(ofPolicy serial: UInt32) -> PolicyWords? { policies.last { $0.serial == serial }?.words }

    /// Records a head, or the beginning of what was to be one.
    mutating func keep(_ bytes: Span<UInt8>, _ range: Range<Int>) -> RecordedRun {
        isOn ? all.bytes.keep(bytes, range) : .none
    }

    /// Records what is over.
    mutating func add(
        _ finished: Finished,
        _ request: KeptRequest?,
        user: UserWords,
        denial: Denial?,
        bodies: FinishedBodies?
    ) {
        guard isOn else { return }
        all.add(finished, request, user: user, denial: denial, bodies: bodies)
        guard finished.isNotable else { return }
        var copy = finished
        copy.notes.requestHead = move(finished.notes.requestHead)
        copy.notes.responseHead = move(finished.notes.responseHead)
        var moved = bodies
        if let bodies { moved = FinishedBodies(request: move(bodies.request), response: move(bodies.response)) }
        notable.add(copy, request, user: user, denial: denial, bodies: moved)
    }

    private mutating func move(_ run: RecordedRun) -> RecordedRun {
        guard let bytes = all.bytes.bytes(of: run) else { return .none }
        return notable.bytes.keep(bytes.span, 0..<bytes.count)
    }

    private mutating func move(_ body: BodyRun) -> BodyRun {
        let bytes = all.bodies.chained(to: body.last, count: Int(body.recorded)) ?? []
        let kept = bytes.indices.prefix(notable.longestBody)
        let last = notable.bodies.chain(bytes.span, kept, behind: .none)
        return BodyRun(last: last, recorded: UInt32(kept.count), total: body.total)
    }
}
