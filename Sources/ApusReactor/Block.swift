internal import Glibc

/// The head of a piece of memory with bytes that wait. Blocks are chained, in the order of the bytes.
///
/// Memory is held only while bytes wait: a block is freed with its last byte. Sizes are powers of two, so that the
/// allocator finds a freed one again.
struct Block {
    /// Bytes of memory, this head included.
    static let smallest = 512

    var next: UnsafeMutablePointer<Block>?
    /// In the first block of a chain, the last one.
    var last: UnsafeMutablePointer<Block>?
    var start: Int
    var end: Int
    var capacity: Int

    /// A block with room for `count` bytes, or nil without memory.
    static func make(room count: Int) -> UnsafeMutablePointer<Block>? {
        let head = MemoryLayout<Block>.size
        let needed = max(count + head, smallest)
        let size = 1 << (Int.bitWidth - (needed - 1).leadingZeroBitCount)
        guard let memory = malloc(size) else { return nil }
        let block = memory.assumingMemoryBound(to: Block.self)
        block.initialize(to: Block(next: nil, last: nil, start: 0, end: 0, capacity: size - head))
        return block
    }

    /// Appends to a chain, which may be nil.
    ///
    /// - Returns: false without memory; the chain is then as it was.
    static func append(_ bytes: UnsafeRawPointer, _ count: Int, to chain: inout UnsafeMutablePointer<Block>?) -> Bool {
        var taken = 0
        if let last = chain?.pointee.last ?? chain {
            taken = min(count, last.pointee.capacity - last.pointee.end)
        }
        var added: UnsafeMutablePointer<Block>?
        if taken < count {
            guard let block = make(room: count - taken) else { return false }
            added = block
        }
        if taken > 0, let last = chain?.pointee.last ?? chain {
            last.fill(bytes, taken)
        }
        if let added {
            added.fill(bytes + taken, count - taken)
            if let first = chain {
                (first.pointee.last ?? first).pointee.next = added
                first.pointee.last = added
            } else {
                chain = added
            }
        }
        return true
    }

    /// Takes `count` bytes off the front block of a chain, and frees it when it is empty.
    static func drop(_ count: Int, from chain: inout UnsafeMutablePointer<Block>?) {
        guard let first = chain else { return }
        first.pointee.start += count
        guard first.pointee.start >= first.pointee.end else { return }
        let next = first.pointee.next
        // The chain of one block has no last: it is that block itself.
        if let next, first.pointee.last != next { next.pointee.last = first.pointee.last }
        free(first)
        chain = next
    }

    /// Frees a chain.
    static func clear(_ chain: inout UnsafeMutablePointer<Block>?) {
        while let first = chain {
            chain = first.pointee.next
            free(first)
        }
    }

    /// How many bytes wait in a chain.
    static func count(_ chain: UnsafeMutablePointer<Block>?) -> Int {
        var total = 0
        var block = chain
        while let current = block {
            total += current.pointee.end - current.pointee.start
            block = current.pointee.next
        }
        return total
    }
}

extension UnsafeMutablePointer<Block> {
    /// Where the waiting bytes begin.
    var bytes: UnsafeMutableRawPointer { memory + pointee.start }
    /// How many wait in this block.
    var count: Int { pointee.end - pointee.start }

    private var memory: UnsafeMutableRawPointer { UnsafeMutableRawPointer(self + 1) }

    fileprivate func fill(_ source: UnsafeRawPointer, _ count: Int) {
        (memory + pointee.end).copyMemory(from: source, byteCount: count)
        pointee.end += count
    }
}
