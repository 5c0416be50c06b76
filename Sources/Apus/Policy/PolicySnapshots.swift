/// The policies that a thread's requests were decided by: the current one, and older ones as long as a request may ask them. Of a policy
/// that is only to be named any more, by the record of a tunnel that outlives it, the words are kept.
struct PolicySnapshots: ~Copyable {
    private struct Slot {
        /// While it is the current one, or somebody may still ask it.
        var snapshot: PolicySnapshot?
        /// Nil in a slot that is free.
        var words: PolicyWords?
        var serial: UInt32 = 0
        /// How many may still ask it, and how many only name it.
        var asking = 0
        var naming = 0

        init(_ snapshot: PolicySnapshot) {
            self.snapshot = snapshot
            words = snapshot.words
            serial = snapshot.serial
        }

        /// Lets go of what nobody needs.
        mutating func trim(isCurrent: Bool) {
            guard !isCurrent, asking == 0 else { return }
            snapshot = nil
            if naming == 0 { words = nil }
        }
    }

    private var slots: [Slot]
    /// The index of the policy that new requests are decided by.
    private(set) var current: UInt16 = 0

    /// No policy.
    static let none = UInt16.max
    /// In an index: it is only to be named.
    private static let named: UInt16 = 0x8000

    init(_ snapshot: PolicySnapshot) {
        slots = [Slot(snapshot)]
    }

    /// How many policies are held whole, and of how many there are words alone.
    var counts: (whole: Int, named: Int) {
        let whole = slots.count { $0.snapshot != nil }
        return (whole, slots.count { $0.words != nil } - whole)
    }

    /// Decides new requests by another policy.
    mutating func adopt(_ snapshot: PolicySnapshot) {
        let last = current
        if let free = slots.firstIndex(where: { $0.words == nil }) {
            slots[free] = Slot(snapshot)
            current = UInt16(free)
        } else if slots.count < Int(PolicySnapshots.named - 1) {
            slots.append(Slot(snapshot))
            current = UInt16(slots.count - 1)
        }
        if last != current { slots[Int(last)].trim(isCurrent: false) }
    }

    /// Counts a request with the current policy.
    mutating func retain() -> UInt16 {
        slots[Int(current)].asking += 1
        return current
    }

    /// What was decided is not asked about any more: the policy is only to be named.
    mutating func settle(_ index: inout UInt16) {
        guard index & PolicySnapshots.named == 0 else { return }
        slots[Int(index)].naming += 1
        slots[Int(index)].asking -= 1
        slots[Int(index)].trim(isCurrent: index == current)
        index |= PolicySnapshots.named
    }

    /// A request is over, or is decided anew.
    mutating func release(_ index: inout UInt16) {
        guard index != PolicySnapshots.none else { return }
        let slot = index & ~PolicySnapshots.named
        if slot == index { slots[Int(slot)].asking -= 1 } else { slots[Int(slot)].naming -= 1 }
        slots[Int(slot)].trim(isCurrent: slot == current)
        index = PolicySnapshots.none
    }

    /// The number of an index's policy; 0 for none.
    func serial(of index: UInt16) -> UInt32 {
        index == PolicySnapshots.none ? 0 : slots[Int(index & ~PolicySnapshots.named)].serial
    }

    /// What the rules of an index's policy are called; nil for none.
    func words(of index: UInt16) -> PolicyWords? {
        index == PolicySnapshots.none ? nil : slots[Int(index & ~PolicySnapshots.named)].words
    }

    /// The policy of an index; nil for none, and where it is only to be named.
    subscript(index: UInt16) -> PolicySnapshot? {
        index & PolicySnapshots.named == 0 ? slots[Int(index)].snapshot : nil
    }
}
