/// The policies that a thread's requests were decided by: the current one, and older ones as long as a request refers to them.
struct PolicySnapshots: ~Copyable {
    private struct Slot {
        var snapshot: PolicySnapshot?
        var uses = 0
    }

    private var slots: [Slot]
    /// The index of the policy that new requests are decided by.
    private(set) var current: UInt16 = 0

    /// No policy.
    static let none = UInt16.max

    init(_ snapshot: PolicySnapshot) {
        slots = [Slot(snapshot: snapshot)]
    }

    /// How many policies are held.
    var count: Int { slots.count { $0.snapshot != nil } }

    /// Decides new requests by another policy.
    mutating func adopt(_ snapshot: PolicySnapshot) {
        let last = current
        if let free = slots.firstIndex(where: { $0.snapshot == nil }) {
            slots[free] = Slot(snapshot: snapshot)
            current = UInt16(free)
        } else if slots.count < Int(PolicySnapshots.none) {
            slots.append(Slot(snapshot: snapshot))
            current = UInt16(slots.count - 1)
        }
        if slots[Int(last)].uses == 0, last != current { slots[Int(last)].snapshot = nil }
    }

    /// Counts a request with the current policy.
    mutating func retain() -> UInt16 {
        slots[Int(current)].uses += 1
        return current
    }

    /// A request is over, or is decided anew.
    mutating func release(_ index: inout UInt16) {
        guard index != PolicySnapshots.none else { return }
        slots[Int(index)].uses -= 1
        if slots[Int(index)].uses == 0, index != current { slots[Int(index)].snapshot = nil }
        index = PolicySnapshots.none
    }

    /// The number of an index's policy; 0 for none.
    func serial(of index: UInt16) -> UInt32 { self[index]?.serial ?? 0 }

    /// The policy of an index; nil for none.
    subscript(index: UInt16) -> PolicySnapshot? { index == PolicySnapshots.none ? nil : slots[Int(index)].snapshot }
}
