/// Sockets with something to do that no event will tell of, and the one that is being served.
struct RunQueue: ~Copyable {
    private var tokens: [Token] = []
    /// The memory of the batch before, so that none is allocated.
    private var spare: [Token] = []
    /// It need not be queued: its service goes on.
    private var serving = Slot.none

    /// Nothing is queued: the loop may sleep.
    var isEmpty: Bool {
        @inline(__always) get { tokens.isEmpty }
    }

    @inline(__always)
    func isServing(_ index: UInt32) -> Bool { serving == index }

    @inline(__always)
    mutating func begin(_ index: UInt32) { serving = index }

    @inline(__always)
    mutating func end() { serving = Slot.none }

    /// A slot is free, and may be taken again in this very step.
    @inline(__always)
    mutating func forget(_ index: UInt32) {
        if serving == index { serving = Slot.none }
    }

    /// Has a socket served again in this turn or the next.
    mutating func add(_ index: UInt32, _ slot: UnsafeMutablePointer<Slot>) {
        if slot.pointee.flags.contains(.queued) { return }
        slot.pointee.flags.insert(.queued)
        tokens.append(Token(index: index, generation: slot.pointee.generation))
    }

    /// Keeps the loop from sleeping, for what waits elsewhere: it is as if a socket were queued that is no more.
    mutating func keepAwake() {
        if tokens.isEmpty { tokens.append(.none) }
    }

    /// What is queued by now, which is to be given back; what is queued meanwhile is the next batch.
    mutating func takeBatch() -> [Token] {
        var batch: [Token] = []
        swap(&batch, &spare)
        swap(&batch, &tokens)
        return batch
    }

    mutating func giveBack(_ batch: inout [Token]) {
        batch.removeAll(keepingCapacity: true)
        swap(&batch, &spare)
    }
}
