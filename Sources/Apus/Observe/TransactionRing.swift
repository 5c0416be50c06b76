internal import ApusWire

/// The last requests and tunnels that ended, each with places in a ``ByteRing`` for its words and its heads.
///
/// An addition copies some 300 bytes and the words, and allocates nothing once the ring has its size.
struct TransactionRing {
    /// One of them.
    struct Entry {
        let finished: CompletedTransaction
        /// Method, path, host, server name, user, reason and groups, one behind the other, by these lengths; behind them where the bodies
        /// are, if any are recorded.
        let words: RecordedRun
        let lengths: InlineArray<7, UInt16>
        let denialStatus: UInt16
    }

    private let capacity: Int
    private var entries: [Entry] = []
    /// The heads, and the words.
    var bytes: ByteRing
    /// The bodies: by themselves, so that they wash away neither.
    var bodies: ByteRing
    /// How many were ever added.
    private(set) var added: UInt64 = 0

    /// - Parameters:
    ///   - capacity: how many it holds; at least one.
    ///   - memory: for words and heads, in bytes.
    ///   - recordsBodies: whether half of it is for bodies.
    init(capacity: Int, memory: Int, recordsBodies: Bool) {
        self.capacity = max(1, capacity)
        bytes = ByteRing(memory: recordsBodies ? memory / 2 : memory)
        bodies = ByteRing(memory: recordsBodies ? memory / 2 : 0)
    }

    /// How many it holds.
    var count: Int { entries.count }

    /// Adds what is over.
    mutating func add(
        _ finished: CompletedTransaction,
        _ request: BufferedRequest?,
        user: UserText,
        denial: Denial?,
        bodies: CompletedBodies?
    ) {
        let (words, lengths) = keepWords(finished, request, user: user, denial: denial, bodies: bodies)
        let entry = Entry(finished: finished, words: words, lengths: lengths, denialStatus: denial?.status ?? 0)
        if entries.count < capacity {
            entries.append(entry)
        } else {
            entries[Int(added % UInt64(capacity))] = entry
        }
        added &+= 1
    }

    private mutating func keepWords(
        _ finished: CompletedTransaction,
        _ request: BufferedRequest?,
        user: UserText,
        denial: Denial?,
        bodies: CompletedBodies?
    ) -> (RecordedRun, InlineArray<7, UInt16>) {
        var runs = InlineArray<7, Range<Int>>(repeating: 0..<0)
        if let request {
            runs[0] = request.methodRange
            runs[1] = request.pathRange
            runs[2] = request.hostRange
            if finished.kind == .tunnel, request.dial > 0 { runs[3] = request.dialRange }
        }
        let reason = denial.map { Array($0.reason.utf8) } ?? []
        runs[4] = user.name.indices
        runs[5] = reason.indices
        runs[6] = user.groups.indices
        var lengths = InlineArray<7, UInt16>(repeating: 0)
        var count = 0
        for part in 0..<7 {
            let most = part == 1 ? TransactionRing.longestPath : TransactionRing.longestWord
            runs[part] = runs[part].prefix(most)
            lengths[part] = UInt16(runs[part].count)
            count += runs[part].count
        }
        let places = bodies?.places ?? []
        let kept = bytes.reserve(count + places.count)
        if let request {
            for part in 0..<4 { bytes.append(request.bytes.span, runs[part]) }
        }
        bytes.append(user.name.span, runs[4])
        bytes.append(reason.span, runs[5])
        bytes.append(user.groups.span, runs[6])
        bytes.append(places.span, places.indices)
        return (kept, lengths)
    }

    /// What was added behind the first so many, the oldest first; at most `limit`, the newest of them.
    ///
    /// - Parameter end: leaves out what was added behind this many; nil for nothing.
    /// - Returns: the entries, and how many were added before the first of them.
    func since(_ mark: UInt64, before end: UInt64? = nil, limit: Int) -> (entries: [Entry], first: UInt64) {
        let held = UInt64(entries.count)
        let last = min(end ?? added, added)
        let first = max(mark, added - held, last - min(last, UInt64(max(0, limit))))
        guard first < last else { return ([], last) }
        return ((first..<last).map { entries[Int($0 % UInt64(capacity))] }, first)
    }

    /// The newest one with this decision id.
    func find(_ id: UInt64) -> Entry? { entries.last { $0.finished.notes.id == id } }

    /// The words of an entry; nil when they were overwritten.
    func words(of entry: Entry) -> TransactionText? {
        var rest = bytes.bytes(of: entry.words) ?? []
        guard rest.count == entry.words.count else { return nil }
        var parts: [String] = []
        for part in 0..<7 {
            let count = Int(entry.lengths[part])
            let run = rest.prefix(count)
            parts.append(part == 1 ? PathText.text(of: run) : String(decoding: run, as: UTF8.self))
            rest = rest.dropFirst(count)
        }
        var words = TransactionText(method: parts[0], host: parts[2], path: parts[1])
        if !parts[3].isEmpty { words.serverName = parts[3] }
        if !parts[4].isEmpty { words.user = parts[4] }
        words.groups = parts[6].split(separator: ",").map { String($0) }
        if entry.denialStatus > 0 { words.denial = Denial(reason: parts[5], status: entry.denialStatus) }
        return words
    }

    /// The most of a word that is recorded.
    private static let longestWord = 1024
    private static let longestPath = 8192
}

extension TransactionRing {
    /// No body takes more, so that its end does not overwrite its beginning.
    var longestBody: Int { bodies.capacity / 2 }

    /// The bodies of an entry, each as far as it is recorded; nil where there was none. Of one that was overwritten only the length
    /// is known.
    func bodies(of entry: Entry) -> (request: RecordedBody?, response: RecordedBody?) {
        let words = bytes.bytes(of: entry.words) ?? []
        let count = entry.lengths.indices.reduce(0) { $0 + Int(entry.lengths[$1]) }
        guard let found = CompletedBodies(places: words.dropFirst(count)) else { return (nil, nil) }
        return (body(found.request), body(found.response))
    }

    private func body(_ run: BodyRun) -> RecordedBody? {
        guard run.total > 0 else { return nil }
        let bytes = bodies.chained(to: run.last, count: Int(run.recorded)) ?? []
        return RecordedBody(bytes: bytes, total: run.total)
    }
}
