internal import CApusReactor

/// Deadlines in ticks of 100 ms: a hashed wheel with one lap of 1,024 ticks, linked through the slots.
///
/// It is lazy: moving a deadline later, or disarming it, only writes the slot. The node comes up where it was placed,
/// and is then placed anew. A deadline beyond one lap is placed at the lap's end, again and again.
struct Wheel: ~Copyable {
    /// Microseconds a tick.
    static let tick: UInt64 = 100_000
    static let size: UInt32 = 1024

    /// The last tick whose bucket was emptied.
    private(set) var position: UInt32
    private var linked = 0
    private let heads: UnsafeMutablePointer<UInt32>
    /// One bit a bucket that holds a node.
    private let occupied: UnsafeMutablePointer<UInt64>

    init(position: UInt32) {
        self.position = position
        heads = .allocate(capacity: Int(Wheel.size))
        heads.initialize(repeating: Slot.none, count: Int(Wheel.size))
        occupied = .allocate(capacity: Int(Wheel.size) / 64)
        occupied.initialize(repeating: 0, count: Int(Wheel.size) / 64)
    }

    deinit {
        heads.deallocate()
        occupied.deallocate()
    }

    /// Sets a slot's deadline to a tick after `position`.
    @inline(__always)
    mutating func arm(_ index: UInt32, at deadline: UInt32, _ slots: borrowing SlotTable) {
        let slot = slots[index]
        slot.pointee.deadline = deadline
        if slot.pointee.bucket != Slot.noBucket {
            let ahead = (UInt32(slot.pointee.bucket) &- position &- 1) & (Wheel.size - 1)
            if deadline > position &+ ahead { return }
            unlink(index, slots)
        }
        place(index, slots)
    }

    /// Takes a slot out.
    mutating func unlink(_ index: UInt32, _ slots: borrowing SlotTable) {
        let slot = slots[index]
        guard slot.pointee.bucket != Slot.noBucket else { return }
        let bucket = Int(slot.pointee.bucket)
        let next = slot.pointee.wheelNext
        let previous = slot.pointee.wheelPrevious
        if next != Slot.none { slots[next].pointee.wheelPrevious = previous }
        if previous != Slot.none {
            slots[previous].pointee.wheelNext = next
        } else {
            heads[bucket] = next
            if next == Slot.none { occupied[bucket >> 6] &= ~(1 << UInt64(bucket & 63)) }
        }
        slot.pointee.bucket = Slot.noBucket
        linked -= 1
    }

    /// Goes on to the next slot whose deadline is not after `now`, disarms it and answers it; nil when there is none,
    /// with `position` at `now`.
    mutating func next(until now: UInt32, _ slots: borrowing SlotTable) -> UInt32? {
        while true {
            let head = heads[Int(position & (Wheel.size - 1))]
            if head != Slot.none {
                unlink(head, slots)
                let deadline = slots[head].pointee.deadline
                if deadline == 0 { continue }
                if deadline <= now {
                    slots[head].pointee.deadline = 0
                    return head
                }
                place(head, slots)
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

    /// Links a slot at its deadline, or at the end of the lap when that is sooner.
    private mutating func place(_ index: UInt32, _ slots: borrowing SlotTable) {
        let slot = slots[index]
        let tick = min(max(slot.pointee.deadline, position &+ 1), position &+ Wheel.size - 1)
        let bucket = Int(tick & (Wheel.size - 1))
        let head = heads[bucket]
        slot.pointee.bucket = UInt16(bucket)
        slot.pointee.wheelPrevious = Slot.none
        slot.pointee.wheelNext = head
        if head != Slot.none { slots[head].pointee.wheelPrevious = index }
        heads[bucket] = index
        occupied[bucket >> 6] |= 1 << UInt64(bucket & 63)
        linked += 1
    }
}
