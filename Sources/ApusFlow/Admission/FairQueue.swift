package import ApusPolicy
package import ApusWire

/// Who waits for a few places: rounds over the clients, so that one that sends much lets each other one pass.
///
/// At any time one client, and one user whom clients claim to be, have a handful of the places. What cannot come to its end in
/// time is not taken in, by what those before it took. Times are microseconds, given as arguments.
package struct FairQueue<Item: Sendable>: Sendable {
    /// What has a place, or waits for one.
    package struct Entry: Sendable {
        /// What is to be done.
        package let item: Item
        fileprivate let number: UInt64
        fileprivate let client: IPAddress
        fileprivate let user: UserDigest?
        fileprivate let since: UInt64
        /// How long it may take from ``since`` on.
        fileprivate let patience: UInt64

        fileprivate func isLate(_ now: UInt64) -> Bool { now &- since >= patience }
    }

    /// What came of one that asked for a place.
    package enum Admission: Sendable {
        /// It has one; its end is to be told by ``finished(_:took:)``.
        case begins(Entry)
        /// It waits; it took the place of another one, which waits no more, where as many wait as may.
        case waits(instead: Item?)
        /// It is not taken in: too many wait, or it could not come to its end in time.
        case refused
    }

    /// What ``next(now:)`` found.
    package enum Next: Sendable {
        /// It has a place now.
        case begins(Entry)
        /// It has waited for too long.
        case late(Item)
    }

    /// One that has a place.
    private struct Running: Sendable {
        let entry: Entry
        let since: UInt64
        /// Whether it counts for its client and its user.
        var counts = true
    }

    private let settings: FairQueueSettings
    /// What waits, by client, the oldest first. A client of whom nothing waits is not in it.
    private var lines: [IPAddress: [Entry]] = [:]
    /// The clients of the lines, whose turn is next first.
    private var round: [IPAddress] = []
    private var claimed: [UserDigest: Int] = [:]
    private var running: [UInt64: Running] = [:]
    private var clientsAtWork: [IPAddress: Int] = [:]
    private var usersAtWork: [UserDigest: Int] = [:]
    /// How long one takes, as the latest took.
    private var usual: UInt64 = 0
    private var numbers: UInt64 = 0
    /// How many have a place.
    package var atWork: Int { running.count }
    /// How many wait.
    package private(set) var waiting = 0

    /// Whether nothing is left of whoever it served.
    var isForgotten: Bool {
        lines.isEmpty && round.isEmpty && claimed.isEmpty && clientsAtWork.isEmpty && usersAtWork.isEmpty
    }

    /// Makes an empty queue.
    package init(_ settings: FairQueueSettings) { self.settings = settings }

    /// Asks for a place.
    ///
    /// - Parameters:
    ///   - client: who is counted: an address, or a network of many.
    ///   - user: who the client claims to be; nil where it does not say.
    ///   - patience: in what time it must have come to its end.
    package mutating func admit(
        _ item: Item,
        client: IPAddress,
        user: UserDigest?,
        now: UInt64,
        patience: UInt64
    ) -> Admission {
        numbers &+= 1
        let entry = Entry(
            item: item,
            number: numbers,
            client: client,
            user: user,
            since: now,
            patience: patience
        )
        if !hasRoom(entry) { giveUp(now) }
        if atWork < settings.places, hasRoom(entry) {
            begin(entry, now)
            return .begins(entry)
        }
        guard expected(entry) < patience else { return .refused }
        var dropped: Item?
        if waiting >= settings.waiting {
            // Of the longest line the newest makes room for one of a shorter line.
            let own = lines[client]?.count ?? 0
            guard let longest = lines.max(by: { $0.value.count < $1.value.count }), longest.value.count > own + 1,
                let last = longest.value.last
            else { return .refused }
            dropped = last.item
            take(longest.key, at: longest.value.count - 1)
        }
        if lines[client] == nil { round.append(client) }
        lines[client, default: []].append(entry)
        if let user { claimed[user, default: 0] += 1 }
        waiting += 1
        return .waits(instead: dropped)
    }

    /// One that had a place has come to its end.
    ///
    /// - Parameter took: how long that took; nil where it was not done at all.
    package mutating func finished(_ entry: Entry, took: UInt64?) {
        guard let ended = running.removeValue(forKey: entry.number) else { return }
        if ended.counts { uncount(entry) }
        if let took { usual = usual == 0 ? took : usual - usual / 8 + took / 8 }
    }

    /// The next that has waited too long, or whose turn it is and for whom there is a place; nil where there is none.
    package mutating func next(now: UInt64) -> Next? {
        for (turn, client) in round.enumerated() {
            guard let line = lines[client] else { continue }
            if let at = line.firstIndex(where: { $0.isLate(now) }) {
                take(client, at: at)
                return .late(line[at].item)
            }
            guard atWork < settings.places, let at = line.firstIndex(where: { hasRoom($0) }) else { continue }
            let entry = line[at]
            take(client, at: at)
            // Those before it, who cannot go on yet, keep their turn; this client is the last of the round now.
            if lines[client] != nil {
                round.remove(at: turn)
                round.append(client)
            }
            begin(entry, now)
            return .begins(entry)
        }
        return nil
    }

    private func hasRoom(_ entry: Entry) -> Bool {
        guard clientsAtWork[entry.client, default: 0] < settings.perClient else { return false }
        return entry.user.map { usersAtWork[$0, default: 0] < settings.perUser } ?? true
    }

    private mutating func begin(_ entry: Entry, _ now: UInt64) {
        running[entry.number] = Running(entry: entry, since: now)
        clientsAtWork[entry.client, default: 0] += 1
        if let user = entry.user { usersAtWork[user, default: 0] += 1 }
    }

    private mutating func uncount(_ entry: Entry) {
        Self.lower(&clientsAtWork, entry.client)
        if let user = entry.user { Self.lower(&usersAtWork, user) }
    }

    /// One that does not come to its end in twice its time keeps its place, but none from its client and its user: they would be
    /// shut out for as long as it hangs.
    private mutating func giveUp(_ now: UInt64) {
        for (number, work) in running where work.counts && now &- work.since >= work.entry.patience &* 2 {
            running[number]?.counts = false
            uncount(work.entry)
        }
    }

    /// When one that begins to wait now would come to its end, by what stands before it in its client's line, in its user's,
    /// and in the rounds of all.
    private func expected(_ entry: Entry) -> UInt64 {
        let own = lines[entry.client]?.count ?? 0
        let others = lines.reduce(0) { $0 + ($1.key == entry.client ? 0 : min($1.value.count, own + 1)) }
        let rounds = Self.turns(own + others, settings.places)
        let client = Self.turns(own, settings.perClient)
        let user = Self.turns(entry.user.map { claimed[$0, default: 0] } ?? 0, settings.perUser)
        return usual * UInt64(max(rounds, client, user) + 1)
    }

    /// After how many ends it is the turn of one with so many before it.
    private static func turns(_ before: Int, _ places: Int) -> Int { before / places + 1 }

    private mutating func take(_ client: IPAddress, at index: Int) {
        guard let entry = lines[client]?.remove(at: index) else { return }
        waiting -= 1
        if let user = entry.user { Self.lower(&claimed, user) }
        if lines[client]?.isEmpty == true {
            lines[client] = nil
            round.removeAll { $0 == client }
        }
    }

    private static func lower<Key: Hashable>(_ counts: inout [Key: Int], _ key: Key) {
        let left = (counts[key] ?? 1) - 1
        counts[key] = left > 0 ? left : nil
    }
}

/// How many have a place, and how many wait for one.
package struct FairQueueSettings: Sendable {
    /// The most places, at least 1.
    package var places: Int
    /// How many of them one client has.
    package var perClient: Int
    /// How many one claimed user has, whichever clients claim to be that user.
    package var perUser: Int
    /// The most that wait.
    package var waiting: Int

    /// Makes settings.
    package init(places: Int, perClient: Int, perUser: Int, waiting: Int) {
        self.places = max(1, places)
        self.perClient = max(1, perClient)
        self.perUser = max(1, perUser)
        self.waiting = max(0, waiting)
    }
}
