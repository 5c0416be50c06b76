/// The seals of one reactor's sockets, by the index of the slot, in chunks that exist only where a sealed slot is; and the queue of those
/// whose handshake has something to do.
struct SealTable: ~Copyable {
    /// Slots a chunk: 8 KiB.
    private static let chunk = 256

    private struct Entry {
        var seal: (any Seal)?
        /// What was sent during the handshake, in clear.
        var pending: UnsafeMutablePointer<Block>?
        /// In the queue of steps.
        var isQueued = false
        /// The first step was taken.
        var hasBegun = false
    }

    private struct Chunk {
        var entries: UnsafeMutablePointer<Entry>
        var used = 0
    }

    private var chunks: [Chunk?] = []
    /// Whose step is due, in order; those before `next` have had theirs.
    private var steps: [Token] = []
    private var next = 0
    /// How many steps of handshakes one turn of the loop may take: they cost a hundred times what a read does.
    private(set) var stepsPerTurn = 16

    mutating func limit(toStepsPerTurn steps: Int) { stepsPerTurn = max(1, steps) }

    deinit {
        for case let chunk? in chunks { SealTable.free(chunk) }
    }

    private static func free(_ chunk: Chunk) {
        for place in 0..<SealTable.chunk { Block.clear(&chunk.entries[place].pending) }
        chunk.entries.deinitialize(count: SealTable.chunk)
        chunk.entries.deallocate()
    }

    /// Puts a seal at a slot that has none.
    mutating func put(_ seal: any Seal, at index: UInt32) {
        let place = Int(index) / SealTable.chunk
        while chunks.count <= place { chunks.append(nil) }
        var chunk = chunks[place] ?? SealTable.make()
        chunk.entries[Int(index) % SealTable.chunk] = Entry(seal: seal)
        chunk.used += 1
        chunks[place] = chunk
    }

    private static func make() -> Chunk {
        let entries = UnsafeMutablePointer<Entry>.allocate(capacity: chunk)
        entries.initialize(repeating: Entry(), count: chunk)
        return Chunk(entries: entries)
    }

    /// Takes the seal away, and with it what was not sealed yet.
    mutating func remove(_ index: UInt32) {
        let place = Int(index) / SealTable.chunk
        guard chunks.indices.contains(place), var chunk = chunks[place] else { return }
        let entry = chunk.entries + Int(index) % SealTable.chunk
        guard entry.pointee.seal != nil else { return }
        Block.clear(&entry.pointee.pending)
        entry.pointee = Entry()
        chunk.used -= 1
        if chunk.used == 0 { SealTable.free(chunk) }
        chunks[place] = chunk.used == 0 ? nil : chunk
    }

    /// How many chunks there are.
    var chunkCount: Int { chunks.count { $0 != nil } }

    private func entry(_ index: UInt32) -> UnsafeMutablePointer<Entry>? {
        let place = Int(index) / SealTable.chunk
        guard place < chunks.count, let chunk = chunks[place] else { return nil }
        return chunk.entries + Int(index) % SealTable.chunk
    }
}

/// The calls of a seal, whose answers are held to the room that they had.
extension SealTable {
    func open(
        _ index: UInt32,
        _ sealed: UnsafeBufferPointer<UInt8>,
        into clear: UnsafeMutableBufferPointer<UInt8>,
        reply: UnsafeMutableBufferPointer<UInt8>
    ) -> SealProgress {
        guard let entry = entry(index), let seal = entry.pointee.seal else {
            return SealProgress(clear: 0, reply: 0, state: .broken)
        }
        entry.pointee.hasBegun = true
        var clearSpan = clear.mutableSpan
        var replySpan = reply.mutableSpan
        var progress = seal.open(sealed.span, into: &clearSpan, reply: &replySpan)
        progress.clear = min(max(progress.clear, 0), clear.count)
        progress.reply = min(max(progress.reply, 0), reply.count)
        return progress
    }

    /// How much was written; 0 where nothing could be sealed.
    func seal(
        _ index: UInt32,
        _ first: UnsafeBufferPointer<UInt8>,
        _ second: UnsafeBufferPointer<UInt8>,
        into sealed: UnsafeMutableBufferPointer<UInt8>
    ) -> Int {
        guard let seal = entry(index)?.pointee.seal else { return 0 }
        var span = sealed.mutableSpan
        return min(max(seal.seal(first.span, second.span, into: &span), 0), sealed.count)
    }

    func finish(_ index: UInt32, into sealed: UnsafeMutableBufferPointer<UInt8>) -> Int {
        guard let seal = entry(index)?.pointee.seal else { return 0 }
        var span = sealed.mutableSpan
        return min(max(seal.finish(into: &span), 0), sealed.count)
    }

    /// Whether the first step was taken.
    func hasBegun(_ index: UInt32) -> Bool { entry(index)?.pointee.hasBegun ?? true }
}

/// What waits for the end of a handshake.
extension SealTable {
    /// Lets bytes wait in clear; false without memory.
    func appendPending(_ bytes: UnsafeRawPointer, _ count: Int, at index: UInt32) -> Bool {
        guard let entry = entry(index) else { return false }
        return count == 0 || Block.append(bytes, count, to: &entry.pointee.pending)
    }

    /// The bytes that wait in clear, which are the caller's from now on.
    func takePending(_ index: UInt32) -> UnsafeMutablePointer<Block>? {
        guard let entry = entry(index) else { return nil }
        defer { entry.pointee.pending = nil }
        return entry.pointee.pending
    }

    /// How many bytes wait in clear.
    func pendingBytes(_ index: UInt32) -> Int { Block.count(entry(index)?.pointee.pending) }

    /// Has a handshake take its next step when it is its turn.
    mutating func queueStep(_ token: Token) {
        guard let entry = entry(token.index), !entry.pointee.isQueued else { return }
        entry.pointee.isQueued = true
        steps.append(token)
    }

    /// How many steps are queued.
    var queuedSteps: Int { steps.count - next }

    /// Whose step it is.
    mutating func nextStep() -> Token? {
        guard next < steps.count else { return nil }
        let token = steps[next]
        next += 1
        if next == steps.count {
            steps.removeAll(keepingCapacity: true)
            next = 0
        } else if next == SlotTable.chunk {
            steps.removeFirst(next)
            next = 0
        }
        // A stale token's entry is another socket's, or nobody's: at worst that one is queued twice, and its step finds nothing to do.
        entry(token.index)?.pointee.isQueued = false
        return token
    }
}
