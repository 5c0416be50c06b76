/// The keys of one ranking with what was counted of each since the start: exact for the first thousand, then those that count most.
///
/// Space saving (Metwally and others, "Efficient computation of frequent and top-k elements", 2005), in batches: where there is no room for
/// another key an eighth of them goes, those of the least weight, and of a key that comes from then on as much may be missing as the
/// heaviest of those had.
struct TopKeys: Sendable {
    private struct Key: Sendable, BitwiseCopyable {
        let hash: UInt64
        let bytes: UInt64
        let requests: UInt64
        let refused: UInt32
        let missingRequests: UInt32
        let missingRefused: UInt32
        let missingBytes: Float
        /// Never given twice, in ascending order.
        let number: UInt32
        let start: UInt32
        let length: UInt16

        var total: TopCount { TopCount(requests: requests, refused: UInt64(refused), bytes: bytes) }
        var missing: TopCount {
            TopCount(
                requests: UInt64(missingRequests),
                refused: UInt64(missingRefused),
                bytes: UInt64(missingBytes.rounded(.up))
            )
        }
        var weight: UInt64 {
            var all = total
            all.add(missing)
            return all.weight
        }

        init(_ hash: UInt64, number: UInt32, start: Int, length: Int, _ total: TopCount, missing: TopCount) {
            self.hash = hash
            self.number = number
            self.start = UInt32(start)
            self.length = UInt16(length)
            bytes = total.bytes
            requests = total.requests
            refused = UInt32(clamping: total.refused)
            missingRequests = UInt32(clamping: missing.requests)
            missingRefused = UInt32(clamping: missing.refused)
            missingBytes = Float(missing.bytes)
        }

        func with(start: Int, adding count: TopCount) -> Key {
            var all = total
            all.add(count)
            return Key(hash, number: number, start: start, length: Int(length), all, missing: missing)
        }
    }

    /// The most keys.
    static let most = 1000
    /// No name is kept longer.
    private static let longest = 255

    /// For all names together, in bytes.
    private let mostText: Int
    private var keys: [Key] = []
    private var text: [UInt8] = []
    /// By hash: a key's place plus one; at most half of it is used.
    private var places: [UInt16] = []
    private var next: UInt32 = 0
    /// The most that a key had that has gone.
    private var floor = TopCount()

    /// - Parameter text: for all names together, in bytes.
    init(text: Int) { mostText = text }

    /// How many there are.
    var count: Int { keys.count }
    /// What all of it takes, in bytes.
    var memory: Int { keys.capacity * MemoryLayout<Key>.stride + text.capacity + places.capacity * 2 }

    /// Counts under a name, which gets a number where it has none.
    mutating func add(_ name: ArraySlice<UInt8>, _ count: TopCount) -> UInt32 {
        let name = name.prefix(TopKeys.longest)
        let hash = TopKeys.hash(name)
        if let place = find(name, hash) {
            keys[place] = keys[place].with(start: Int(keys[place].start), adding: count)
            return keys[place].number
        }
        while !keys.isEmpty, keys.count >= TopKeys.most || text.count + name.count > mostText { forget() }
        next &+= 1
        keys.append(Key(hash, number: next, start: text.count, length: name.count, count, missing: floor))
        text += name
        if keys.count * 2 > places.count { index() } else { enter(hash, keys.count) }
        return next
    }

    /// The place of a key by its number; nil for one that has gone.
    func place(of number: UInt32) -> Int? {
        var (low, high) = (0, keys.count)
        while low < high {
            let middle = (low + high) / 2
            if keys[middle].number < number { low = middle + 1 } else { high = middle }
        }
        return low < keys.count && keys[low].number == number ? low : nil
    }

    /// The name at a place, with what was counted and what may be missing of it since the start.
    func name(at place: Int) -> ArraySlice<UInt8> {
        let start = Int(keys[place].start)
        return text[start..<start + Int(keys[place].length)]
    }

    func total(at place: Int) -> TopCount { keys[place].total }

    func missing(at place: Int) -> TopCount { keys[place].missing }

    private func find(_ name: ArraySlice<UInt8>, _ hash: UInt64) -> Int? {
        guard !places.isEmpty else { return nil }
        var position = Int(truncatingIfNeeded: hash) & (places.count - 1)
        while places[position] != 0 {
            let place = Int(places[position]) - 1
            if keys[place].hash == hash, self.name(at: place) == name { return place }
            position = (position + 1) & (places.count - 1)
        }
        return nil
    }

    /// The eighth of the least weight goes.
    private mutating func forget() {
        let lightest = keys.indices.sorted { (keys[$0].weight, $0) < (keys[$1].weight, $1) }
        var goes = [Bool](repeating: false, count: keys.count)
        for place in lightest.prefix(max(1, keys.count / 8)) {
            goes[place] = true
            var all = keys[place].total
            all.add(keys[place].missing)
            floor = floor.most(all)
        }
        let (old, words) = (keys, text)
        keys.removeAll(keepingCapacity: true)
        text.removeAll(keepingCapacity: true)
        for (place, key) in old.enumerated() where !goes[place] {
            let start = Int(key.start)
            keys.append(key.with(start: text.count, adding: TopCount()))
            text += words[start..<start + Int(key.length)]
        }
        index()
    }

    private mutating func index() {
        var size = max(64, places.count)
        while size < keys.count * 2 { size *= 2 }
        places = [UInt16](repeating: 0, count: size)
        for (place, key) in keys.enumerated() { enter(key.hash, place + 1) }
    }

    private mutating func enter(_ hash: UInt64, _ number: Int) {
        var position = Int(truncatingIfNeeded: hash) & (places.count - 1)
        while places[position] != 0 { position = (position + 1) & (places.count - 1) }
        places[position] = UInt16(number)
    }

    /// FNV-1a; names are compared, so that it need not be a secret.
    private static func hash(_ name: ArraySlice<UInt8>) -> UInt64 {
        let hash = name.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        return (hash ^ hash >> 29) &* 0x9e37_79b9_7f4a_7c15
    }
}
