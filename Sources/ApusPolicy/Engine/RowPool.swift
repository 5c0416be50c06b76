/// Sets of rows that are laid into a question's bits: short ones as numbers, long ones as bits.
///
/// A row is a condition: one of a rule, or one of an exception. A hundred thousand hosts that stand in a few rules share a few
/// sets. Not copyable, because it is handed on for every part of a question, and nothing of it is to be retained each time.
struct RowSets: ~Copyable, Sendable {
    fileprivate struct Place: Sendable {
        var start: Int32
        /// How many numbers; -1 where the set is kept as bits.
        var count: Int32
    }

    private let width: Int
    private let places: [Place]
    private let numbers: [UInt16]
    private let bits: [UInt64]

    fileprivate init(_ pool: RowPool) {
        width = pool.width
        places = pool.places
        numbers = pool.numbers
        bits = pool.bits
    }

    /// Sets the bits of a set's rows in the words from `start` on.
    @inline(__always)
    func lay(_ set: Int32, into words: inout [UInt64], at start: Int) {
        guard set >= 0 else { return }
        let place = places[Int(set)]
        let first = Int(place.start)
        if place.count < 0 {
            for word in 0..<width { words[start &+ word] |= bits[first &+ word] }
            return
        }
        for index in first..<first &+ Int(place.count) {
            let row = Int(numbers[index])
            words[start &+ row &>> 6] |= 1 &<< UInt64(row & 63)
        }
    }
}

/// Sets of rows while they are collected: equal ones are kept once.
struct RowPool {
    /// The set without a row.
    static let none: Int32 = -1

    fileprivate let width: Int
    fileprivate var places: [RowSets.Place] = []
    fileprivate var numbers: [UInt16] = []
    fileprivate var bits: [UInt64] = []
    private var known: [[UInt16]: Int32] = [:]

    /// A pool for sets of as many words of bits.
    init(width: Int) {
        self.width = width
    }

    /// Keeps a set of rows, given in any order.
    mutating func add(_ rows: Set<UInt16>) -> Int32 {
        guard !rows.isEmpty else { return RowPool.none }
        let sorted = rows.sorted()
        if let same = known[sorted] { return same }
        if sorted.count > 2 * width {
            places.append(RowSets.Place(start: Int32(bits.count), count: -1))
            bits.append(contentsOf: BitPool.bits(sorted, width: width))
        } else {
            places.append(RowSets.Place(start: Int32(numbers.count), count: Int32(sorted.count)))
            numbers.append(contentsOf: sorted)
        }
        known[sorted] = Int32(places.count - 1)
        return Int32(places.count - 1)
    }

    /// All sets, to be asked from now on.
    var sets: RowSets { RowSets(self) }
}

/// Sets of rows as bits, of which equal ones are kept once: what a question's bits are narrowed to.
struct BitPool: Sendable {
    private(set) var words: [UInt64] = []
    private let width: Int
    private var known: [[UInt64]: Int] = [:]

    /// A pool for sets of as many words.
    init(width: Int) {
        self.width = width
    }

    /// Keeps a set; where its words begin.
    mutating func add(_ set: [UInt64]) -> Int {
        if let same = known[set] { return same }
        known[set] = words.count
        words.append(contentsOf: set)
        return words.count - width
    }

    /// Forgets what only adding needs.
    mutating func seal() {
        known = [:]
    }

    /// Rows as bits.
    static func bits(_ rows: some Sequence<UInt16>, width: Int) -> [UInt64] {
        var words = [UInt64](repeating: 0, count: width)
        for row in rows { words[Int(row) / 64] |= 1 << UInt64(row % 64) }
        return words
    }
}
