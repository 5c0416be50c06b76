internal import CApusReactor

/// Deadlines in ticks of 100 ms: a hashed wheel with one lap of 1,024 ticks, linked through the nodes of its table.
///
/// It is lazy: moving a deadline later, or disarming it, only writes its node. The node comes up where it was placed,
/// and is then placed anew. A deadline beyond one lap is placed at the lap's end, again and again.
struct Wheel: ~Copyable {
    /// Microseconds a tick.
    static let tick: UInt64 = 100_000
    static let size: UInt32 = 1024

    /// The last tick whose bucket was emptied.
    private(set) var position: UInt32
    private var linked = 0
    private var nodes = TimerTable()
    private let heads: UnsafeMutablePointer<UInt32>
    /// One bit a bucket that holds a node.
    private let occupied: UnsafeMutablePointer<UInt64>

    init(position: UInt32) {
        self.position = position
        heads = .allocate(capacity: Int(Wheel.size))
        heads.initialize(repeating: TimerNode.none, count: Int(Wheel.size))
        occupied = .allocate(capacity: Int(Wheel.size) / 64)
        occupied.initialize(repeating: 0, count: Int(Wheel.size) / 64)
    }

    deinit {
        heads.deallocate()
        occupied.deallocate()
    }

    /// Sets a deadline to a tick after `position`; one of the same place that had another serial is there no more.
    @inline(__always)
    mutating func arm(_ timer: Timer, at deadline: UInt32) {
        guard let node = nodes.find(timer) ?? nodes.make(timer) else { return }
        node.pointee.deadline = deadline
        node.pointee.serial = timer.serial
        if node.pointee.isPlaced {
            let ahead = (node.pointee.bucket &- position &- 1) & (Wheel.size - 1)
            if deadline > position &+ ahead { return }
            unlink(TimerTable.id(timer))
        }
        place(TimerTable.id(timer))
    }

    /// Takes a deadline back, unless another serial has its place.
    @inline(__always)
    mutating func disarm(_ timer: Timer) {
        guard let node = nodes.find(timer), node.pointee.serial == timer.serial else { return }
        node.pointee.deadline = 0
    }

    /// Goes on to the next deadline that is not after `now`, disarms it and answers it; nil when there is none,
    /// with `position` at `now`.
    mutating func next(until now: UInt32) -> Timer? {
        while true {
            let head = heads[Int(position & (Wheel.size - 1))]
            if head != TimerNode.none {
                unlink(head)
                let deadline = nodes[head].pointee.deadline
                if deadline == 0 { continue }
                if deadline <= now {
                    nodes[head].pointee.deadline = 0
                    return nodes.timer(head)
                }
                place(head)
                continue
            }
            guard let due = nextOccupied(), due <= now else {
                position = max(position, now)
                return nil
            }
            position = due
        }
    }

    /// The next tick after `position` at which a node comes up; nil when the wheel is empty.
    func nextOccupied() -> UInt32? {
        guard linked > 0 else { return nil }
        let first = (position &+ 1) & (Wheel.size - 1)
        var word = Int(first >> 6)
        var bits = occupied[word] & (~0 << UInt64(first & 63))
        for _ in 0...Int(Wheel.size) / 64 {
            if bits != 0 {
                let bucket = UInt32(word * 64 + bits.trailingZeroBitCount)
                return position &+ 1 &+ ((bucket &- first) & (Wheel.size - 1))
            }
            word = (word + 1) & (Int(Wheel.size) / 64 - 1)
            bits = occupied[word]
        }
        return nil
    }

    /// Links a node at its deadline, or at the end of the lap when that is sooner.
    private mutating func place(_ id: UInt32) {
        let node = nodes[id]
        let tick = min(max(node.pointee.deadline, position &+ 1), position &+ Wheel.size - 1)
        let bucket = tick & (Wheel.size - 1)
        let head = heads[Int(bucket)]
        node.pointee.place(in: bucket, before: head)
        if head != TimerNode.none { nodes[head].pointee.previous = id }
        heads[Int(bucket)] = id
        occupied[Int(bucket) >> 6] |= 1 << UInt64(bucket & 63)
        linked += 1
    }

    /// Takes a node out of its bucket.
    private mutating func unlink(_ id: UInt32) {
        let node = nodes[id]
        let (bucket, next, previous) = (Int(node.pointee.bucket), node.pointee.next, node.pointee.previous)
        if next != TimerNode.none { nodes[next].pointee.previous = previous }
        if previous != TimerNode.none {
            nodes[previous].pointee.next = next
        } else {
            heads[bucket] = next
            if next == TimerNode.none { occupied[bucket >> 6] &= ~(1 << UInt64(bucket & 63)) }
        }
        node.pointee.lift()
        linked -= 1
    }
}
