/// The names a thread knows, and those it waits for: one look-up a name at a time, however many ask for it.
///
/// The key is the normalised name (lower case, no trailing dot). Times are microseconds, given as arguments. A waiter
/// is an opaque number of the shell's, and waits for one name at most.
package struct NameCache: ~Copyable, Sendable {
    private struct Entry: Sendable, BitwiseCopyable {
        /// Nil while the name is looked up.
        var answer: NameAnswer?
        var expiresAt: UInt64 = 0
        /// While the name is looked up: until when nobody else waits for it, because its name servers are silent.
        var silentUntil: UInt64 = 0
        /// Tells this use of the slot from those before.
        var serial: UInt32
        var waiters = IndexList()
    }

    private struct Waiter: Sendable, BitwiseCopyable {
        let id: UInt64
        let entry: UInt32
    }

    private let settings: NameCacheSettings
    private var keys = ByteKeyTable()
    private var entries = Slab<Entry>()
    /// The entries that have an answer, the oldest first.
    private var settled = IndexList()
    private var ages = LinkTable()
    private var waiters = Slab<Waiter>()
    private var waiterLinks = LinkTable()
    /// Where a waiter is; touched only when somebody has to wait for a look-up.
    private var places: [UInt64: UInt32] = [:]
    private var serial: UInt32 = 0

    /// Makes an empty cache.
    package init(_ settings: NameCacheSettings = NameCacheSettings()) {
        self.settings = settings
    }

    /// How many names it holds, known or looked up.
    package var count: Int { entries.count }

    /// How many waiters wait.
    package var waiting: Int { waiters.count }
}

// MARK: - Asking

extension NameCache {
    /// What is known of a name.
    package func lookUp(_ name: Span<UInt8>, now: UInt64) -> NameLookUp {
        guard let index = keys.find(name, 0, hash: ByteKeyTable.hash(name, 0)) else { return .absent }
        let entry = entries[index]
        guard let answer = entry.answer else {
            return now < entry.silentUntil ? .failed(.timedOut) : .pending(ticket(index))
        }
        guard now < entry.expiresAt else { return .absent }
        switch answer {
        case .addresses(let list): return .fresh(list)
        case .failed(let failure): return .failed(failure)
        }
    }

    /// Waits for a look-up of the name: the one under way, or a new one, even where an answer is still fresh.
    ///
    /// A waiter that waits already leaves what it waited for.
    package mutating func join(_ name: Span<UInt8>, waiter: UInt64, now: UInt64) -> NameJoin {
        forget(waiter)
        let hash = ByteKeyTable.hash(name, 0)
        if let index = keys.find(name, 0, hash: hash) {
            if entries[index].answer == nil {
                wait(waiter, for: index)
                return .joined(ticket(index))
            }
            drop(index)
        }
        dropExpired(now: now)
        // Look-ups under way are none of the names that are kept; the resolver bounds them too.
        guard entries.count - Int(settled.count) < settings.maxUnderWay else {
            return .full
        }
        if entries.count >= settings.maxEntries, settled.count > 0 { drop(settled.head) }
        serial &+= 1
        let index = entries.insert(Entry(serial: serial))
        keys.insert(name, 0, hash: hash, index: index)
        wait(waiter, for: index)
        return .startLookUp(ticket(index))
    }

    /// The waiter is gone; a look-up it started goes on, for the cache and for who else asks.
    package mutating func forget(_ waiter: UInt64) {
        guard !places.isEmpty, let place = places.removeValue(forKey: waiter) else { return }
        let index = waiters[place].entry
        waiterLinks.remove(place, &entries[index].waiters)
        waiters.remove(place)
    }
}

// MARK: - Answers

extension NameCache {
    /// The resolver has answered. An unknown ticket is one whose entry is gone: no waiter.
    ///
    /// - Returns: Who waited, in the order they came; all are told the same answer, which is kept if it may be.
    package mutating func answered(_ ticket: UInt64, _ answer: NameAnswer, now: UInt64) -> [UInt64] {
        guard let index = pending(ticket) else { return [] }
        let freed = release(index)
        let lifetime =
            switch answer {
            case .addresses(let list): list.isEmpty ? 0 : settings.positive
            case .failed(let failure): failure.isAboutName ? settings.negative : 0
            }
        while settled.count > 0, Int(settled.count) >= settings.maxEntries { drop(settled.head) }
        guard lifetime > 0, settings.maxEntries > 0 else {
            keys.remove(index)
            entries.remove(index)
            return freed
        }
        entries[index].answer = answer
        entries[index].expiresAt = now + lifetime
        ages.pushBack(index, &settled)
        return freed
    }

    /// The look-up that a waiter waits for; nil when it waits for none.
    package func ticket(of waiter: UInt64) -> UInt64? {
        guard let place = places[waiter] else { return nil }
        return ticket(waiters[place].entry)
    }

    /// A waiter's deadline has passed. As the call cannot be cancelled, the name stays pending, and `answered` still stores what comes.
    ///
    /// - Parameter isSilent: whether the call itself has been running so long, and not waited for its turn. The name is then remembered as
    ///   one that times out for as long as a failure is; who asks after that joins the call, instead of taking up another thread.
    package mutating func gaveUp(_ waiter: UInt64, isSilent: Bool, now: UInt64) {
        if isSilent, let place = places[waiter] { entries[waiters[place].entry].silentUntil = now + settings.negative }
        forget(waiter)
    }

    /// Forgets every answer, as after a change of the resolver's settings; look-ups under way go on.
    package mutating func removeAll() {
        while settled.count > 0 { drop(settled.head) }
    }
}

// MARK: - Within

extension NameCache {
    private func ticket(_ index: UInt32) -> UInt64 { UInt64(entries[index].serial) << 32 | UInt64(index) }

    private func pending(_ ticket: UInt64) -> UInt32? {
        let index = UInt32(truncatingIfNeeded: ticket)
        guard entries.contains(index), entries[index].answer == nil, self.ticket(index) == ticket else { return nil }
        return index
    }

    private mutating func wait(_ waiter: UInt64, for index: UInt32) {
        let place = waiters.insert(Waiter(id: waiter, entry: index))
        places[waiter] = place
        waiterLinks.pushBack(place, &entries[index].waiters)
    }

    private mutating func release(_ index: UInt32) -> [UInt64] {
        var freed: [UInt64] = []
        freed.reserveCapacity(Int(entries[index].waiters.count))
        while entries[index].waiters.count > 0 {
            let place = entries[index].waiters.head
            let id = waiters[place].id
            freed.append(id)
            places[id] = nil
            waiterLinks.remove(place, &entries[index].waiters)
            waiters.remove(place)
        }
        return freed
    }

    private mutating func drop(_ index: UInt32) {
        ages.remove(index, &settled)
        keys.remove(index)
        entries.remove(index)
    }

    private mutating func dropExpired(now: UInt64) {
        while settled.count > 0, entries[settled.head].expiresAt <= now { drop(settled.head) }
    }
}
