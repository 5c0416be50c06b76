internal import ApusFlow
internal import ApusWire

/// Where bytes lie in a ``ByteRing``: the number of the chunk since the beginning, the place in it, how many.
struct RecordedRun: BitwiseCopyable {
    private let raw: UInt64

    init(chunk: UInt32, offset: Int, count: Int) {
        raw = UInt64(chunk) << 32 | UInt64(UInt16(truncatingIfNeeded: offset)) << 16 | UInt64(UInt16(clamping: count))
    }

    private init() { raw = 0 }

    /// Nothing was recorded.
    static let none = RecordedRun()

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

    private let limit: Int
    private var chunks: [[UInt8]] = []
    /// The number of the chunk that is written to, from 1; 0 before the first.
    private var newest: UInt32 = 0
    private var used = ByteRing.chunkSize

    /// - Parameter memory: in bytes; at least two chunks are held.
    init(memory: Int) { limit = max(2, memory / ByteRing.chunkSize) }

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

    private mutating func turn() {
        newest &+= 1
        used = 0
        if chunks.count < limit { chunks.append([UInt8](repeating: 0, count: ByteRing.chunkSize)) }
    }
}
