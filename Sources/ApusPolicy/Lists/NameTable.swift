import ApusWire

/// Names with marks, packed: one run of bytes for all of them, and open addressing from a hash to the place of a name in it.
///
/// A name costs its bytes, two more, and 12 to 23 bytes of slots. Linear probing, at most seven tenths full; nothing is removed.
struct NameTable: Sendable, Equatable {
    /// What a list says of a name.
    struct Marks: OptionSet, Sendable, BitwiseCopyable {
        let rawValue: UInt8
        /// The name itself is listed.
        static let name = Marks(rawValue: 1)
        /// The names under it are listed.
        static let under = Marks(rawValue: 2)
        /// The name itself is excepted.
        static let exceptName = Marks(rawValue: 4)
        /// The names under it are excepted.
        static let exceptUnder = Marks(rawValue: 8)
    }

    /// How many names it holds.
    private(set) var count = 0
    let key: SuffixHash.Key
    /// Records: marks, length, the name in lower case. One byte goes before them, so that no record is at 0.
    private var records: [UInt8] = [0]
    /// The hash in the upper half, the offset of a record in the lower; 0 is an empty slot.
    private var slots = [UInt64](repeating: 0, count: 16)
    /// How far a hash is shifted to be a slot: its upper bits choose.
    private var shift: UInt32 = 28

    init(key: SuffixHash.Key = .process) {
        self.key = key
    }

    /// The records are all there is to it: the slots follow from them. Where both are one in memory, nothing is compared.
    static func == (one: NameTable, other: NameTable) -> Bool { one.records == other.records }

    /// Keeps a name, or adds marks to one that is known; letters are taken in lower case.
    ///
    /// - Parameter range: of at most 255 bytes.
    /// - Returns: whether there was room; offsets have 32 bits.
    mutating func insert(_ bytes: Span<UInt8>, _ range: Range<Int>, _ marks: Marks) -> Bool {
        let offset = records.count
        guard offset + 2 + range.count <= Int(UInt32.max), range.count <= 255 else { return false }
        records.append(marks.rawValue)
        records.append(UInt8(range.count))
        for index in range { records.append(ByteClass.lowercased(bytes[index])) }
        let hash = SuffixHash.of(records.span, offset + 2..<records.count, key)
        let known = find(hash, records.span, from: offset + 2)
        if known != 0 {
            records[known] |= marks.rawValue
            records.removeLast(records.count - offset)
            return true
        }
        if (count + 1) * 10 > slots.count * 7 { grow() }
        place(UInt64(hash) << 32 | UInt64(offset))
        count += 1
        return true
    }

    /// The offset of the record of `name[start...]`, 0 if it is unknown.
    @inline(__always)
    func find(_ hash: UInt32, _ name: Span<UInt8>, from start: Int) -> Int {
        var slot = Int(hash &>> shift)
        while true {
            let entry = slots[slot]
            if entry == 0 { return 0 }
            if UInt32(truncatingIfNeeded: entry &>> 32) == hash {
                let offset = Int(UInt32(truncatingIfNeeded: entry))
                if isName(at: offset, name, from: start) { return offset }
            }
            slot = (slot &+ 1) & (slots.count &- 1)
        }
    }

    /// What is said of the name at an offset.
    @inline(__always)
    func marks(at offset: Int) -> Marks { Marks(rawValue: records[offset]) }

    /// The name at an offset.
    func name(at offset: Int) -> String {
        String(decoding: records[offset + 2..<offset + 2 + Int(records[offset + 1])], as: UTF8.self)
    }

    /// How many slots a look-up would go through at most.
    var longestRun: Int {
        var (longest, run) = (0, 0)
        for entry in slots {
            run = entry == 0 ? 0 : run + 1
            longest = max(longest, run)
        }
        return longest
    }

    private func isName(at offset: Int, _ name: Span<UInt8>, from start: Int) -> Bool {
        let length = Int(records[offset &+ 1])
        guard length == name.count &- start else { return false }
        for index in 0..<length where records[offset &+ 2 &+ index] != name[start &+ index] { return false }
        return true
    }

    private mutating func place(_ entry: UInt64) {
        var slot = Int(UInt32(truncatingIfNeeded: entry &>> 32) &>> shift)
        while slots[slot] != 0 { slot = (slot &+ 1) & (slots.count &- 1) }
        slots[slot] = entry
    }

    private mutating func grow() {
        let old = slots
        slots = [UInt64](repeating: 0, count: old.count * 2)
        shift -= 1
        for entry in old where entry != 0 { place(entry) }
    }
}
