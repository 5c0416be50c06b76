/// Open addressing from a 32-bit hash to slab indices; who owns the keys compares them.
///
/// Linear probing, at most half full, no tombstones: a removal shifts the run behind it back.
struct ProbeTable: ~Copyable, Sendable {
    /// The hash in the upper half, the index plus one in the lower; 0 is an empty slot.
    private var slots: [UInt64] = [UInt64](repeating: 0, count: 64)
    /// How many indices it holds.
    private(set) var count = 0

    private var mask: Int { slots.count - 1 }

    /// Where the candidates of a hash begin, for ``next(_:_:)``.
    func first(_ hash: UInt32) -> Int { Int(hash) & mask }

    /// The next index kept under this hash; nil when there is none left.
    func next(_ hash: UInt32, _ position: inout Int) -> UInt32? {
        while true {
            let slot = slots[position]
            if slot == 0 { return nil }
            position = (position + 1) & mask
            if UInt32(truncatingIfNeeded: slot >> 32) == hash { return UInt32(truncatingIfNeeded: slot) - 1 }
        }
    }

    /// Keeps an index under a hash.
    mutating func insert(_ hash: UInt32, _ index: UInt32) {
        if (count + 1) * 2 > slots.count { grow() }
        place(UInt64(hash) << 32 | UInt64(index + 1))
        count += 1
    }

    /// Forgets an index that was kept under this hash; an unknown one is left alone.
    mutating func remove(_ hash: UInt32, _ index: UInt32) {
        let wanted = UInt64(hash) << 32 | UInt64(index + 1)
        var hole = first(hash)
        while slots[hole] != wanted {
            if slots[hole] == 0 { return }
            hole = (hole + 1) & mask
        }
        var scan = (hole + 1) & mask
        while slots[scan] != 0 {
            let home = Int(slots[scan] >> 32) & mask
            // It may move to the hole unless its home lies between the hole and here.
            if (scan &- home) & mask >= (scan &- hole) & mask {
                slots[hole] = slots[scan]
                hole = scan
            }
            scan = (scan + 1) & mask
        }
        slots[hole] = 0
        count -= 1
    }

    private mutating func place(_ entry: UInt64) {
        var position = Int(entry >> 32) & mask
        while slots[position] != 0 { position = (position + 1) & mask }
        slots[position] = entry
    }

    private mutating func grow() {
        let old = slots
        slots = [UInt64](repeating: 0, count: old.count * 2)
        for entry in old where entry != 0 { place(entry) }
    }
}
