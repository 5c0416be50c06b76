/// Counts by limit and key: in bounded memory, forgetting only what is idle.
///
/// A handle is the place of a count; it is good from ``admit(_:isTunnel:at:)`` to the ``release(_:isTunnel:)`` that belongs to it,
/// because a count with something that runs is never forgotten. What it says of another one is ignored.
public struct UsageTable: Sendable {
    private struct Entry: Sendable, BitwiseCopyable {
        var key: UsageKey
        var count: UsageCount
        var isUsed = true
    }

    /// How many counts there may be.
    public let capacity: Int
    /// By a limit's number.
    private var bounds: [UsageBounds] = []
    private var places: [UsageKey: UInt32] = [:]
    private var entries: [Entry] = []
    private var free: [UInt32] = []
    /// Where the search for an idle count goes on.
    private var hand = 0

    /// How many counts are looked at for an idle one when there is no room.
    private static let mostLooks = 64
    /// How many are looked at with each new count, so that a crowd that has left does not stay in memory.
    private static let looks = 2

    /// An empty table.
    public init(capacity: Int) {
        self.capacity = max(1, min(capacity, 1 << 24))
    }

    /// How many counts there are.
    public var count: Int { places.count }

    /// The bounds from now on, by the limits' numbers; what is counted stays.
    public mutating func setBounds(_ bounds: [UsageBounds]) { self.bounds = bounds }

    /// Counts a request or tunnel, or says what speaks against it and counts nothing.
    public mutating func admit(_ key: UsageKey, isTunnel: Bool, at moment: UsageMoment) -> Result<
        UInt32, LimitViolation
    > {
        let bounds = self.bounds(key)
        if let place = places[key] {
            let index = Int(place)
            if let excess = entries[index].count.excess(bounds, isTunnel: isTunnel, at: moment) {
                return .failure(excess)
            }
            entries[index].count.take(bounds, isTunnel: isTunnel, at: moment)
            return .success(place)
        }
        var count = UsageCount(bounds, at: moment)
        if let excess = count.excess(bounds, isTunnel: isTunnel, at: moment) { return .failure(excess) }
        forget(UsageTable.looks, at: moment)
        if places.count >= capacity { forget(UsageTable.mostLooks, at: moment) }
        guard places.count < capacity else { return .failure(LimitViolation(.usageTableFull)) }
        count.take(bounds, isTunnel: isTunnel, at: moment)
        return .success(insert(Entry(key: key, count: count)))
    }

    /// What speaks against a request or tunnel; counts nothing.
    public mutating func excess(_ key: UsageKey, isTunnel: Bool, at moment: UsageMoment) -> LimitViolation? {
        let bounds = self.bounds(key)
        guard let place = places[key] else {
            var count = UsageCount(bounds, at: moment)
            return count.excess(bounds, isTunnel: isTunnel, at: moment)
        }
        return entries[Int(place)].count.excess(bounds, isTunnel: isTunnel, at: moment)
    }

    /// What speaks against one more like a request that runs; counts nothing.
    public mutating func excess(handle: UInt32, isTunnel: Bool, at moment: UsageMoment) -> LimitViolation? {
        guard let index = index(handle) else { return nil }
        return entries[index].count.excess(bounds(entries[index].key), isTunnel: isTunnel, at: moment)
    }

    /// Undoes ``admit(_:isTunnel:at:)``: the request is not served after all.
    public mutating func giveBack(_ handle: UInt32, isTunnel: Bool) {
        guard let index = index(handle) else { return }
        entries[index].count.giveBack(bounds(entries[index].key), isTunnel: isTunnel)
    }

    /// A request or tunnel has ended.
    public mutating func release(_ handle: UInt32, isTunnel: Bool) {
        guard let index = index(handle) else { return }
        entries[index].count.release(isTunnel: isTunnel)
    }

    /// A request that runs is to become a tunnel: counts it as one, or says what speaks against it.
    public mutating func promote(_ handle: UInt32) -> LimitViolation? {
        guard let index = index(handle) else { return nil }
        return entries[index].count.promote(bounds(entries[index].key))
    }

    /// Undoes ``promote(_:)``.
    public mutating func demote(_ handle: UInt32) {
        guard let index = index(handle) else { return }
        entries[index].count.demote()
    }

    /// Counts bytes that have passed, to and from the client together, and says how it goes on.
    public mutating func spend(_ handle: UInt32, bytes: UInt64, at moment: UsageMoment) -> UsagePace {
        guard let index = index(handle) else { return UsagePace() }
        return entries[index].count.spend(bytes, bounds(entries[index].key), at: moment)
    }

    /// How much of a limit is used, as of a moment; looks at all counts.
    package func level(limit: UInt32, at moment: UsageMoment) -> UsageLevel {
        var level = UsageLevel()
        for entry in entries where entry.isUsed && entry.key.limit == limit {
            level.add(entry.count, bounds(entry.key), of: entry.key, at: moment)
        }
        return level
    }

    private func bounds(_ key: UsageKey) -> UsageBounds {
        Int(key.limit) < bounds.count ? bounds[Int(key.limit)] : .none
    }

    /// The place of a count of which something runs.
    private func index(_ handle: UInt32) -> Int? {
        let index = Int(handle)
        guard index < entries.count, entries[index].isUsed, entries[index].count.open > 0 else { return nil }
        return index
    }

    private mutating func insert(_ entry: Entry) -> UInt32 {
        if let place = free.popLast() {
            entries[Int(place)] = entry
            places[entry.key] = place
            return place
        }
        let place = UInt32(entries.count)
        entries.append(entry)
        places[entry.key] = place
        return place
    }

    /// Looks at so many counts and forgets those that are idle.
    private mutating func forget(_ most: Int, at moment: UsageMoment) {
        for _ in 0..<min(most, entries.count) {
            hand = hand + 1 < entries.count ? hand + 1 : 0
            let key = entries[hand].key
            guard entries[hand].isUsed, entries[hand].count.isIdle(bounds(key), at: moment) else { continue }
            entries[hand].isUsed = false
            places[key] = nil
            free.append(UInt32(hand))
        }
    }
}
