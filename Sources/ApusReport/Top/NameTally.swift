/// What a thread counts by name until it hands it over: in memory that grows with the names up to a bound, and without an allocation for
/// a name that is known.
///
/// Names are told apart by a hash of 64 bits whose seed nobody outside of the process knows.
package struct NameTally: Sendable {
    private struct Entry: Sendable, BitwiseCopyable {
        let hash: UInt64
        let start: UInt32
        let length: UInt8
        var requests: UInt32
        var refused: UInt32
        var bytes: UInt64
    }

    /// The most names.
    package static let most = 1000
    /// No host name is longer; what is, is cut.
    private static let longest = 255

    private let seed: UInt64
    private var entries: [Entry] = []
    private var names: [UInt8] = []
    /// By hash: an entry's place plus one; at most half of it is used.
    private var places: [UInt16] = []
    /// What found no place.
    private var rest = TopCount()

    /// Empty.
    ///
    /// - Parameter seed: of the hash.
    package init(seed: UInt64) { self.seed = seed }

    /// How many names it holds.
    package var count: Int { entries.count }

    /// Counts a request.
    ///
    /// - Parameters:
    ///   - name: not empty.
    ///   - bytes: how many passed, both ways.
    package mutating func add(_ name: Span<UInt8>, bytes: UInt64, isRefused: Bool) {
        let length = min(name.count, NameTally.longest)
        var hash = seed
        var position = 0
        while position < length {
            var word: UInt64 = 0
            let end = min(position + 8, length)
            while position < end {
                word = word << 8 | UInt64(name[position])
                position += 1
            }
            hash = NameTally.mixed(hash, word)
        }
        hash = NameTally.mixed(hash, UInt64(length))
        if count(hash, bytes, isRefused) { return }
        guard let start = enter(hash, length: length, bytes, isRefused) else { return }
        for i in 0..<length { names[start + i] = name[i] }
    }

    /// Counts a request of an address: 4 bytes of it, or 16.
    package mutating func add(high: UInt64, low: UInt64, isV6: Bool, bytes: UInt64, isRefused: Bool) {
        let hash = NameTally.mixed(NameTally.mixed(seed, high), low)
        if count(hash, bytes, isRefused) { return }
        let length = isV6 ? 16 : 4
        guard let start = enter(hash, length: length, bytes, isRefused) else { return }
        for i in 0..<length {
            let word = isV6 && i < 8 ? high : low
            let shift = UInt64(8 * ((length - 1 - i) % 8))
            names[start + i] = UInt8(truncatingIfNeeded: word >> shift)
        }
    }

    /// What is counted, name by name as bytes; the rest, without a name, last.
    package func each(_ body: (_ name: ArraySlice<UInt8>, _ count: TopCount) -> Void) {
        for entry in entries {
            let start = Int(entry.start)
            let count = TopCount(
                requests: UInt64(entry.requests),
                refused: UInt64(entry.refused),
                bytes: entry.bytes
            )
            body(names[start..<start + Int(entry.length)], count)
        }
        if !rest.isZero { body([], rest) }
    }

    private mutating func count(_ hash: UInt64, _ bytes: UInt64, _ isRefused: Bool) -> Bool {
        guard !places.isEmpty else { return false }
        let mask = places.count - 1
        var position = Int(truncatingIfNeeded: hash) & mask
        while places[position] != 0 {
            let place = Int(places[position]) - 1
            if entries[place].hash == hash {
                entries[place].requests &+= 1
                if isRefused { entries[place].refused &+= 1 }
                entries[place].bytes &+= bytes
                return true
            }
            position = (position + 1) & mask
        }
        return false
    }

    /// A new name: its bytes are the caller's to write, from the place that is returned; nil where there is no room.
    private mutating func enter(_ hash: UInt64, length: Int, _ bytes: UInt64, _ isRefused: Bool) -> Int? {
        guard entries.count < NameTally.most else {
            rest.add(TopCount(requests: 1, refused: isRefused ? 1 : 0, bytes: bytes))
            return nil
        }
        if (entries.count + 1) * 2 > places.count { grow() }
        let start = names.count
        names.append(contentsOf: repeatElement(0, count: length))
        entries.append(
            Entry(
                hash: hash,
                start: UInt32(start),
                length: UInt8(length),
                requests: 1,
                refused: isRefused ? 1 : 0,
                bytes: bytes
            )
        )
        place(hash, entries.count)
        return start
    }

    private mutating func place(_ hash: UInt64, _ number: Int) {
        let mask = places.count - 1
        var position = Int(truncatingIfNeeded: hash) & mask
        while places[position] != 0 { position = (position + 1) & mask }
        places[position] = UInt16(number)
    }

    private mutating func grow() {
        places = [UInt16](repeating: 0, count: max(16, places.count * 2))
        for (index, entry) in entries.enumerated() { place(entry.hash, index + 1) }
    }

    private static func mixed(_ hash: UInt64, _ word: UInt64) -> UInt64 {
        let mixed = (hash ^ word) &* 0x9e37_79b9_7f4a_7c15
        return mixed ^ mixed >> 29
    }
}
