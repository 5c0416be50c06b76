internal import ApusWire

/// Where bytes lie in a ``ByteRing``: the number of the chunk since the beginning, the place in it, how many.
struct RecordedRun: BitwiseCopyable {
    /// All of it as one number.
    let raw: UInt64

    init(chunk: UInt32, offset: Int, count: Int) {
        raw = UInt64(chunk) << 32 | UInt64(UInt16(truncatingIfNeeded: offset)) << 16 | UInt64(UInt16(clamping: count))
    }

    init(raw: UInt64) { self.raw = raw }

    /// Nothing was recorded.
    static let none = RecordedRun(raw: 0)

    var isEmpty: Bool { count == 0 }
    var chunk: UInt32 { UInt32(truncatingIfNeeded: raw >> 32) }
    var offset: Int { Int(UInt16(truncatingIfNeeded: raw >> 16)) }
    var count: Int { Int(UInt16(truncatingIfNeeded: raw)) }
}

/// The newest bytes that were written, in chunks of 64 KiB that are overwritten in turn. A chunk is made when it is first
/// needed; a run lies in one chunk. What was overwritten is known by its number.
struct ByteRing {
    private static let chunkSize = 1 << 16
    /// No run is longer: a head of more is recorded in part.
    static let longest = (1 << 15) - 1

    /// How many bytes of a run in a chain say where the run before it lies.
    private static let link = 8

    private let limit: Int
    private var chunks: [[UInt8]] = []
    /// The number of the chunk that is written to, from 1; 0 before the first.
    private var newest: UInt32 = 0
    private var used = ByteRing.chunkSize

    /// - Parameter memory: in bytes; at least two chunks are held.
    init(memory: Int) { limit = max(2, memory / ByteRing.chunkSize) }

    /// How much it holds, in bytes.
    var capacity: Int { limit * ByteRing.chunkSize }

    /// Keeps as many bytes of the run as may be, and answers where.
    mutating func keep(_ bytes: Span<UInt8>, _ range: Range<Int>) -> RecordedRun {
        let count = min(range.count, ByteRing.longest)
        let run = reserve(count)
        append(bytes, range.lowerBound..<range.lowerBound + count)
        return run
    }

    /// Makes room for so many bytes in one run, at most ``longest``: they are what is appended next.
    mutating func reserve(_ count: Int) -> RecordedRun {
        guard count > 0 else { return .none }
        if used &+ count > ByteRing.chunkSize { turn() }
        return RecordedRun(chunk: newest, offset: used, count: count)
    }

    /// Appends bytes that were reserved.
    mutating func append(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        guard !range.isEmpty else { return }
        var target = chunks[Int(newest &- 1) % limit].mutableSpan
        used = copy(bytes, range, to: &target, at: used) ?? used
    }

    /// The bytes of a run; nil when they were overwritten.
    func bytes(of run: RecordedRun) -> ArraySlice<UInt8>? {
        guard !run.isEmpty, run.chunk <= newest, newest &- run.chunk < UInt32(limit) else { return nil }
        return chunks[Int(run.chunk &- 1) % limit][run.offset..<run.offset + run.count]
    }

    /// Shows the bytes of a run in place; nil when they were overwritten.
    @inline(__always)
    borrowing func with<R>(_ run: RecordedRun, _ body: (Span<UInt8>) -> R) -> R? {
        guard !run.isEmpty, run.chunk <= newest, newest &- run.chunk < UInt32(limit) else { return nil }
        // A chunk that is reached by a span is not copied, and no reference counted.
        let chunks = chunks.span
        return body(chunks[Int(run.chunk &- 1) % limit].span.extracting(run.offset..<run.offset + run.count))
    }

    private mutating func turn() {
        newest &+= 1
        used = 0
        if chunks.count < limit { chunks.append([UInt8](repeating: 0, count: ByteRing.chunkSize)) }
    }
}

/// Chains: what comes bit by bit, or is longer than a run. Each run begins with the place of the one before it, so that the last one
/// is all that is to be remembered; who writes alone extends one run.
extension ByteRing {
    /// Appends to a chain.
    ///
    /// - Parameter last: its last run; none where it begins.
    /// - Returns: the new last one.
    mutating func chain(_ bytes: Span<UInt8>, _ range: Range<Int>, behind last: RecordedRun) -> RecordedRun {
        var last = last
        var at = range.lowerBound
        while at < range.upperBound {
            var count = min(range.upperBound - at, room(behind: last))
            if count > 0 {
                last = RecordedRun(chunk: last.chunk, offset: last.offset, count: last.count + count)
            } else {
                count = min(range.upperBound - at, ByteRing.longest - ByteRing.link)
                let run = reserve(count + ByteRing.link)
                var link = InlineArray<8, UInt8>(repeating: 0)
                for place in 0..<ByteRing.link {
                    link[place] = UInt8(truncatingIfNeeded: last.raw >> UInt64(8 * place))
                }
                append(link.span, 0..<ByteRing.link)
                last = run
            }
            append(bytes, at..<at + count)
            at += count
        }
        return last
    }

    /// The bytes of a chain; nil when some were overwritten.
    ///
    /// - Parameters:
    ///   - last: its last run.
    ///   - count: how many bytes were appended to it.
    func chained(to last: RecordedRun, count: Int) -> [UInt8]? {
        var parts: [ArraySlice<UInt8>] = []
        var (run, left) = (last, count)
        while left > 0 {
            guard let bytes = bytes(of: run), bytes.count > ByteRing.link else { return nil }
            parts.append(bytes.dropFirst(ByteRing.link))
            left -= bytes.count - ByteRing.link
            run = RecordedRun(raw: bytes.prefix(ByteRing.link).reversed().reduce(0) { $0 << 8 | UInt64($1) })
        }
        guard left == 0 else { return nil }
        // By whole runs: byte by byte a mebibyte would hold the thread up.
        var whole: [UInt8] = []
        whole.reserveCapacity(count)
        for part in parts.reversed() { whole.append(contentsOf: part) }
        return whole
    }

    /// How much a run can be extended: only while it is what was written last.
    private func room(behind run: RecordedRun) -> Int {
        guard !run.isEmpty, run.chunk == newest, run.offset + run.count == used else { return 0 }
        return min(ByteRing.longest - run.count, ByteRing.chunkSize - used)
    }
}
