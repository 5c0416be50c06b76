internal import ApusFlow
internal import ApusPolicy
internal import ApusWire

/// A thread's flight recorder: the last transactions, and beside them the last that were refused or failed, so that busy
/// traffic does not wash those away. Its memory is fixed by the settings, and taken as it is needed.
struct Recorder: ~Copyable {
    private var all: TransactionRing
    private var notable: TransactionRing
    /// Whether it records at all.
    let isOn: Bool
    /// How much is recorded of a body, in bytes; 0: nothing.
    let bodyLimit: Int
    /// The bodies of what runs.
    private var openBodies = Slab<OpenBodies>()
    /// What settings are called in records.
    private let names: SettingNames
    /// The words of the last policies, by number, for what they decided.
    private var policies: [(serial: UInt32, words: PolicyWords)] = []

    /// How many policies are remembered.
    private static let rememberedPolicies = 8

    init(_ settings: ProxyConfiguration.RecorderSettings, threads: Int, names: SettingNames) {
        self.names = names
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

    /// Records a head, or the beginning of what was to be one.
    mutating func keep(_ bytes: Span<UInt8>, _ range: Range<Int>) -> RecordedRun {
        isOn ? all.bytes.keep(bytes, range) : .none
    }

    /// Shows a head that was recorded, in place; nil when it is recorded no more.
    @inline(__always) @discardableResult
    borrowing func withHead<R>(_ run: RecordedRun, _ body: (Span<UInt8>) -> R) -> R? { all.bytes.with(run, body) }

    /// Records what is over.
    mutating func add(
        _ finished: CompletedTransaction,
        _ request: BufferedRequest?,
        user: UserText?,
        denial: Denial?,
        bodies: CompletedBodies?
    ) {
        guard isOn else { return }
        let user = user ?? UserText()
        all.add(finished, request, user: user, denial: denial, bodies: bodies)
        guard finished.isNotable else { return }
        var copy = finished
        copy.notes.requestHead = move(finished.notes.requestHead)
        copy.notes.responseHead = move(finished.notes.responseHead)
        var moved = bodies
        if let bodies { moved = CompletedBodies(request: move(bodies.request), response: move(bodies.response)) }
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

    /// What of the heads of a request its record shows.
    func heads(of notes: StreamInfo) -> LoggedHeads {
        var heads = LoggedHeads()
        heads.read(notes, all.bytes)
        return heads
    }

    // MARK: Bodies that pass

    /// A body begins: whatever was recorded this way before is forgotten.
    ///
    /// - Parameters:
    ///   - index: the request's place among those whose bodies are recorded; it gets one where it has none.
    ///   - decoder: for its framing, if it is chunked.
    ///   - base: what has been counted of its side by now; nil where all of the body will be shown.
    mutating func beginBody(_ index: inout UInt32, _ way: Way, decoder: ChunkedDecoder?, base: UInt64?) {
        if index == OpenBodies.none { index = openBodies.insert(OpenBodies()) }
        openBodies[index][way] = OpenBody(decoder: decoder, base: base)
    }

    /// Whether a body is not recorded as far as it is to be.
    func wantsBody(_ index: UInt32, _ way: Way) -> Bool { Int(openBodies[index][way].run.recorded) < bodyLimit }

    /// Records content.
    mutating func keepBody(_ index: UInt32, _ way: Way, _ bytes: Span<UInt8>, _ range: Range<Int>) {
        var run = openBodies[index][way].run
        run.total &+= UInt64(range.count)
        let kept = range.prefix(max(0, bodyLimit - Int(run.recorded)))
        run.last = all.bodies.chain(bytes, kept, behind: run.last)
        run.recorded += UInt32(kept.count)
        openBodies[index][way].run = run
    }

    /// Records the content of a read, whose framing the body's decoder follows.
    mutating func keepChunks(_ index: UInt32, _ way: Way, _ bytes: Span<UInt8>, _ range: Range<Int>) {
        guard var decoder = openBodies[index][way].decoder else { return }
        let read = bytes.extracting(0..<range.upperBound)
        var at = range.lowerBound
        while true {
            let progress = decoder.decode(read, from: at, mode: .stripFraming)
            keepBody(index, way, read, progress.pass.range)
            at = progress.consumed
            guard progress.outcome == .again else { break }
        }
        openBodies[index][way].decoder = decoder
    }

    /// The request is over.
    mutating func finishBodies(_ index: UInt32, _ notes: StreamInfo) -> CompletedBodies? {
        guard index != OpenBodies.none else { return nil }
        let open = openBodies[index]
        openBodies.remove(index)
        return CompletedBodies(
            request: open.up.finished(notes.fromClient),
            response: open.down.finished(notes.fromUpstream)
        )
    }

    /// They are not recorded after all.
    mutating func dropBodies(_ index: UInt32) {
        if index != OpenBodies.none { openBodies.remove(index) }
    }

    // MARK: Who looks

    /// What was added behind the first so many, the oldest first, as ``TransactionRing/since(_:before:limit:)`` has it.
    ///
    /// - Returns: with the entries how many were ever added, and how many before the first of them.
    func since(_ mark: UInt64, before end: UInt64?, notable: Bool, limit: Int) -> (
        entries: [TransactionRing.Entry], first: UInt64, added: UInt64
    ) {
        let ring = notable ? self.notable : all
        let run = ring.since(mark, before: end, limit: limit)
        return (run.entries, run.first, ring.added)
    }

    /// The newest one with this decision id, with its heads.
    func find(_ id: UInt64, _ listeners: [ListenerInfo]) -> RawTransaction? {
        for ring in [all, notable] {
            if let entry = ring.find(id), let found = transaction(entry, ring, listeners, heads: true) { return found }
        }
        return nil
    }

    /// An entry with its words; nil when they were overwritten.
    func transaction(
        _ entry: TransactionRing.Entry,
        notable: Bool,
        _ listeners: [ListenerInfo],
        heads: Bool
    ) -> RawTransaction? {
        transaction(entry, notable ? self.notable : all, listeners, heads: heads)
    }

    private func transaction(
        _ entry: TransactionRing.Entry,
        _ ring: TransactionRing,
        _ listeners: [ListenerInfo],
        heads: Bool
    ) -> RawTransaction? {
        guard var words = ring.words(of: entry) else { return nil }
        let finished = entry.finished
        words.heads.read(finished.notes, ring.bytes)
        let record = AccessRecord(
            finished,
            words,
            listener: listeners[Int(finished.listener)].name,
            rules: policies.last { $0.serial == finished.policy }?.words,
            names: names
        )
        var raw = RawTransaction(record: record, endedAt: finished.endedAt)
        guard heads else { return raw }
        raw.request = ring.bytes.bytes(of: finished.notes.requestHead).map { bytes in
            finished.method == .connect ? Array("\(record.connectLine)\r\n".utf8) + bytes : Array(bytes)
        }
        raw.response = ring.bytes.bytes(of: finished.notes.responseHead).map(Array.init)
        (raw.requestBody, raw.responseBody) = ring.bodies(of: entry)
        return raw
    }
}

extension AccessRecord {
    /// The request line of a CONNECT, which is not recorded (RFC 9112 §3.2.3).
    fileprivate var connectLine: String {
        let version = httpVersion.isEmpty ? "HTTP/1.1" : httpVersion
        guard !host.isEmpty else { return "CONNECT \(path) \(version)" }
        let name = host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host
        return "CONNECT \(name):\(port) \(version)"
    }
}
