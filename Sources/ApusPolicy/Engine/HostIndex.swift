internal import ApusWire

/// Which rows speak of a name: all names of a policy in one table, asked once for the host and once for each of its suffixes.
///
/// One pass from the right hashes every suffix on its way. The table never changes, and is made anew until no run of taken
/// places is long: whatever name a client chooses, a look-up is bounded. A hash only finds the place; the bytes decide.
///
/// Not copyable, so that nothing of it is retained for a question.
struct HostIndex: ~Copyable, Sendable {
    private let entries: [HostEntry]
    private let text: [UInt8]
    private let tags: [UInt32]
    private let places: [UInt32]
    private let shift: UInt64
    private let seed: UInt64
    private let deepest: Int

    /// Takes down the names and suffixes of all rows, by number.
    init(_ rows: [Condition], pool: inout RowPool) {
        let table = HostTable(rows, pool: &pool)
        entries = table.entries
        text = table.text
        tags = table.tags
        places = table.places
        shift = table.shift
        seed = table.seed
        deepest = table.deepest
    }

    /// Sets the bits of all rows that speak of the name, in lower case without a trailing dot.
    func lay(_ host: Span<UInt8>, sets: borrowing RowSets, into words: inout [UInt64], at start: Int) {
        guard !entries.isEmpty else { return }
        var hash = seed
        var labels = 0
        var index = host.count
        while index > 0 {
            index &-= 1
            let byte = host[index]
            if byte == Ascii.dot {
                labels &+= 1
                if labels <= deepest, let entry = find(hash, host, from: index &+ 1) {
                    sets.lay(entries[entry].under, into: &words, at: start)
                }
            }
            hash = HostHash.fold(hash, byte)
        }
        if let entry = find(hash, host, from: 0) { sets.lay(entries[entry].exact, into: &words, at: start) }
    }

    /// The entry whose bytes are the host's from an offset on.
    @inline(__always)
    private func find(_ hash: UInt64, _ host: Span<UInt8>, from: Int) -> Int? {
        let mixed = HostHash.mix(hash)
        let tag = HostHash.tag(mixed)
        var place = Int(truncatingIfNeeded: mixed &>> shift)
        while tags[place] != 0 {
            if tags[place] == tag {
                let number = Int(places[place])
                if spells(entries[number], host, from: from) { return number }
            }
            place = (place &+ 1) & (tags.count &- 1)
        }
        return nil
    }

    private func spells(_ entry: HostEntry, _ host: Span<UInt8>, from: Int) -> Bool {
        guard Int(entry.count) == host.count &- from else { return false }
        let first = Int(entry.start)
        for index in 0..<Int(entry.count) where text[first &+ index] != host[from &+ index] { return false }
        return true
    }
}

/// A text with the rows that name it, and those that name all under it.
private struct HostEntry: Sendable {
    var start: UInt32
    var count: UInt32
    /// The rows that name it, and those that name all under it.
    var exact: Int32
    var under: Int32
}

/// How names are hashed, from the last byte to the first.
private enum HostHash {
    @inline(__always)
    static func fold(_ hash: UInt64, _ byte: UInt8) -> UInt64 { (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }

    @inline(__always)
    static func mix(_ hash: UInt64) -> UInt64 { (hash ^ hash &>> 32) &* 0x9e37_79b9_7f4a_7c15 }

    @inline(__always)
    static func tag(_ mixed: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: mixed) | 1 }
}

/// The index while it is made.
private struct HostTable {
    /// The longest run of taken places that is accepted, as long as growing helps.
    private static let longestRun = 64

    private(set) var entries: [HostEntry] = []
    private(set) var text: [UInt8] = []
    /// The hash's low half with the lowest bit set; 0 for a free place.
    private(set) var tags: [UInt32] = []
    private(set) var places: [UInt32] = []
    private(set) var shift: UInt64 = 63
    private(set) var seed: UInt64 = 0xcbf2_9ce4_8422_2325
    /// The most labels of a name under which names are meant.
    private(set) var deepest = 0

    /// Takes down the names and suffixes of all rows, by number.
    init(_ rows: [Condition], pool: inout RowPool) {
        var exact: [String: Set<UInt16>] = [:]
        var under: [String: Set<UInt16>] = [:]
        for (number, row) in rows.enumerated() {
            for pattern in row.hosts {
                switch pattern {
                case .name(let name): exact[name, default: []].insert(UInt16(number))
                case .under(let name): under[name, default: []].insert(UInt16(number))
                case .any, .network, .list: break
                }
            }
        }
        for (name, rows) in exact { append(name, exact: pool.add(rows), under: pool.add(under[name] ?? [])) }
        for (name, rows) in under where exact[name] == nil { append(name, exact: RowPool.none, under: pool.add(rows)) }
        for name in under.keys { deepest = max(deepest, name.utf8.count { $0 == Ascii.dot } + 1) }
        place()
    }

    private mutating func append(_ name: String, exact: Int32, under: Int32) {
        let start = UInt32(text.count)
        text.append(contentsOf: name.utf8)
        entries.append(HostEntry(start: start, count: UInt32(text.count) - start, exact: exact, under: under))
    }

    /// Finds every entry a place: at least half of the places stay free.
    private mutating func place() {
        guard !entries.isEmpty else { return }
        var bits = UInt64(Int.bitWidth - (entries.count * 2 - 1).leadingZeroBitCount)
        for attempt in 0..<8 {
            bits = max(bits, 2)
            shift = 64 - bits
            tags = [UInt32](repeating: 0, count: 1 << Int(bits))
            places = [UInt32](repeating: 0, count: 1 << Int(bits))
            for number in entries.indices { insert(number) }
            if longestRun <= HostTable.longestRun { return }
            seed = seed &* 0x9e37_79b9_7f4a_7c15 | 1
            if attempt % 2 == 1 && bits < 26 { bits += 1 }
        }
    }

    /// How many taken places follow each other at most: so far a look-up may have to go.
    private var longestRun: Int {
        var longest = 0
        var run = 0
        for tag in tags {
            run = tag == 0 ? 0 : run + 1
            longest = max(longest, run)
        }
        return longest
    }

    /// Takes the next free place.
    private mutating func insert(_ number: Int) {
        let entry = entries[number]
        var hash = seed
        for index in stride(from: Int(entry.start + entry.count) - 1, through: Int(entry.start), by: -1) {
            hash = HostHash.fold(hash, text[index])
        }
        let mixed = HostHash.mix(hash)
        var place = Int(truncatingIfNeeded: mixed &>> shift)
        while tags[place] != 0 { place = (place + 1) & (tags.count - 1) }
        tags[place] = HostHash.tag(mixed)
        places[place] = UInt32(number)
    }
}
