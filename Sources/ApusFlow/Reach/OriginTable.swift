/// The origins of a thread, interned, with what is connected to each.
///
/// An origin without connections may be forgotten, the one that has been so for longest first.
struct OriginTable: ~Copyable, Sendable {
    struct Origin: Sendable, BitwiseCopyable {
        let serial: UInt32
        /// Connections in use.
        var active: UInt32 = 0
        /// Its idle connections, the newest first.
        var idle = IndexList()
        /// Whether it keeps them.
        var evidence = OriginEvidence()
    }

    private let bound: Int
    private var keys = ByteKeyTable()
    private var origins = Slab<Origin>()
    /// The origins without a connection, the longest vacant first.
    private var vacant = IndexList()
    private var links = LinkTable()
    private var serial: UInt32 = 0

    init(bound: Int) { self.bound = max(bound, 1) }

    var count: Int { origins.count }

    /// The index of an origin, new or known; nil when there is no room and none to forget.
    mutating func intern(_ host: Span<UInt8>, port: UInt16, way: UInt16) -> OriginIndex? {
        let number = UInt32(port) | UInt32(way) << 16
        let hash = ByteKeyTable.hash(host, number)
        if let slot = keys.find(host, number, hash: hash) {
            return OriginIndex(slot: slot, serial: origins[slot].serial)
        }
        if origins.count >= bound {
            guard vacant.count > 0 else { return nil }
            let oldest = vacant.head
            links.remove(oldest, &vacant)
            keys.remove(oldest)
            origins.remove(oldest)
        }
        serial &+= 1
        let slot = origins.insert(Origin(serial: serial))
        keys.insert(host, number, hash: hash, index: slot)
        links.pushBack(slot, &vacant)
        return OriginIndex(slot: slot, serial: serial)
    }

    /// The slot, unless the index is of an origin that was forgotten.
    func slot(_ index: OriginIndex) -> UInt32? {
        guard origins.contains(index.slot), origins[index.slot].serial == index.serial else { return nil }
        return index.slot
    }

    subscript(slot: UInt32) -> Origin { origins[slot] }

    /// Changes an origin's connections and keeps the list of vacant ones in step.
    mutating func add(active: Int32 = 0, _ slot: UInt32) {
        let wasVacant = isVacant(slot)
        let sum = Int64(origins[slot].active) + Int64(active)
        origins[slot].active = UInt32(clamping: sum)
        settle(slot, wasVacant)
    }

    mutating func pushIdle(_ connection: UInt32, _ links: inout LinkTable, _ slot: UInt32) {
        let wasVacant = isVacant(slot)
        links.pushFront(connection, &origins[slot].idle)
        settle(slot, wasVacant)
    }

    mutating func removeIdle(_ connection: UInt32, _ links: inout LinkTable, _ slot: UInt32) {
        links.remove(connection, &origins[slot].idle)
        settle(slot, false)
    }

    /// It has answered another request on a connection.
    mutating func answeredAgain(_ slot: UInt32) { origins[slot].evidence.answeredAgain() }

    /// It has ended a connection that had been idle for so long.
    mutating func ended(_ slot: UInt32, idle: UInt64, now: UInt64) {
        origins[slot].evidence.ended(idle: idle, now: now)
    }

    private func isVacant(_ slot: UInt32) -> Bool { origins[slot].active == 0 && origins[slot].idle.count == 0 }

    private mutating func settle(_ slot: UInt32, _ wasVacant: Bool) {
        let isVacant = isVacant(slot)
        if isVacant == wasVacant { return }
        if isVacant { links.pushBack(slot, &vacant) } else { links.remove(slot, &vacant) }
    }
}
