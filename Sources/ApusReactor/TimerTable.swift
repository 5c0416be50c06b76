/// The nodes of all deadlines, by kind and index, in chunks that never move. Where nothing was ever armed there is none.
struct TimerTable: ~Copyable {
    /// Nodes a chunk: 2 KiB.
    private static let chunk: UInt32 = 128
    private static let chunkBits: UInt32 = 7
    /// The first chunks of all kinds stand side by side in the directory, then the second ones, and so on.
    private static let kindBits: UInt32 = 4
    private static let indexBits: UInt32 = 22

    private var chunks: UnsafeMutablePointer<UnsafeMutablePointer<TimerNode>?>
    /// How many places the directory has.
    private var places = 64

    init() {
        chunks = .allocate(capacity: places)
        chunks.initialize(repeating: nil, count: places)
    }

    deinit {
        for place in 0..<places { chunks[place]?.deallocate() }
        chunks.deallocate()
    }

    /// The number by which the wheel's links name a deadline's node.
    @inline(__always)
    static func id(_ timer: Timer) -> UInt32 { UInt32(timer.kind) << indexBits | timer.index }

    /// The deadline of a node that there is.
    func timer(_ id: UInt32) -> Timer {
        let kind = UInt8(truncatingIfNeeded: id >> TimerTable.indexBits)
        return Timer(kind: kind, index: id & (Timer.limit - 1), serial: self[id].pointee.serial)
    }

    /// A node that there is.
    @inline(__always)
    subscript(_ id: UInt32) -> UnsafeMutablePointer<TimerNode> {
        chunks[TimerTable.place(id)].unsafelyUnwrapped + Int(id & (TimerTable.chunk - 1))
    }

    /// The node of a deadline; nil where it was never armed.
    @inline(__always)
    func find(_ timer: Timer) -> UnsafeMutablePointer<TimerNode>? {
        guard timer.kind < Timer.kinds, timer.index < Timer.limit else { return nil }
        let id = TimerTable.id(timer)
        let place = TimerTable.place(id)
        guard place < places, let chunk = chunks[place] else { return nil }
        return chunk + Int(id & (TimerTable.chunk - 1))
    }

    /// Makes the chunk of a deadline that has none.
    ///
    /// - Returns: its node; nil where it is none that there can be.
    @inline(never)
    mutating func make(_ timer: Timer) -> UnsafeMutablePointer<TimerNode>? {
        guard timer.kind < Timer.kinds, timer.index < Timer.limit else { return nil }
        let id = TimerTable.id(timer)
        let place = TimerTable.place(id)
        grow(beyond: place)
        let nodes = UnsafeMutablePointer<TimerNode>.allocate(capacity: Int(TimerTable.chunk))
        nodes.initialize(repeating: TimerNode(), count: Int(TimerTable.chunk))
        chunks[place] = nodes
        return nodes + Int(id & (TimerTable.chunk - 1))
    }

    /// Doubles the directory until it has this place. The chunks stay where they are.
    private mutating func grow(beyond place: Int) {
        let old = places
        while places <= place { places *= 2 }
        guard places > old else { return }
        let larger = UnsafeMutablePointer<UnsafeMutablePointer<TimerNode>?>.allocate(capacity: places)
        larger.moveInitialize(from: chunks, count: old)
        (larger + old).initialize(repeating: nil, count: places - old)
        chunks.deallocate()
        chunks = larger
    }

    /// Where the chunk of a node stands in the directory.
    @inline(__always)
    private static func place(_ id: UInt32) -> Int {
        let (kind, index) = (id >> indexBits, id & (Timer.limit - 1))
        return Int((index >> chunkBits) << kindBits | kind)
    }
}
