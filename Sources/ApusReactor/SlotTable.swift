/// The slots of one reactor, in chunks that never move, so that a pointer to a slot stays good. What was never used of a chunk is
/// not written either, and takes no memory.
struct SlotTable: ~Copyable {
    /// Slots a chunk: 72 KiB.
    static let chunk = 1024
    /// Chunks at most: 4 million sockets a thread.
    static let limit = 4096

    private let chunks: UnsafeMutablePointer<UnsafeMutablePointer<Slot>>
    private var chunkCount = 0
    private var firstFree = Slot.none
    /// How many slots were ever used: those that there are, free ones included.
    private(set) var capacity = 0
    /// How many are in use.
    private(set) var used = 0

    init() {
        chunks = .allocate(capacity: SlotTable.limit)
    }

    deinit {
        for index in 0..<chunkCount { chunks[index].deallocate() }
        chunks.deallocate()
    }

    /// The slot at an index below `capacity`.
    @inline(__always)
    subscript(_ index: UInt32) -> UnsafeMutablePointer<Slot> {
        chunks[Int(index) >> 10] + (Int(index) & (SlotTable.chunk - 1))
    }

    /// The slot of a token, or nil when it is stale.
    @inline(__always)
    func find(_ token: Token) -> UnsafeMutablePointer<Slot>? {
        guard Int(token.index) < capacity else { return nil }
        let slot = self[token.index]
        return slot.pointee.generation == token.generation && slot.pointee.descriptor >= 0 ? slot : nil
    }

    /// Takes the slot that was freed last, whose state is still warm in the cache.
    mutating func take(_ descriptor: Int32) -> Token? {
        guard firstFree != Slot.none || makeOne() else { return nil }
        let index = firstFree
        let slot = self[index]
        let generation = slot.pointee.generation
        firstFree = slot.pointee.partner
        slot.pointee = Slot()
        slot.pointee.generation = generation
        slot.pointee.descriptor = descriptor
        used += 1
        return Token(index: index, generation: generation)
    }

    /// Frees a slot; its tokens are stale from now on.
    mutating func give(_ index: UInt32) {
        let slot = self[index]
        slot.pointee.descriptor = -1
        slot.pointee.generation &+= 1
        slot.pointee.partner = firstFree
        firstFree = index
        used -= 1
    }

    /// A slot that was never used, free.
    private mutating func makeOne() -> Bool {
        if capacity == chunkCount * SlotTable.chunk {
            guard chunkCount < SlotTable.limit else { return false }
            chunks[chunkCount] = .allocate(capacity: SlotTable.chunk)
            chunkCount += 1
        }
        let index = UInt32(capacity)
        self[index].initialize(to: Slot())
        firstFree = index
        capacity += 1
        return true
    }
}
