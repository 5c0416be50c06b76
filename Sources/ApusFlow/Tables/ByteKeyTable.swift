/// Slab indices by a name in bytes and a number beside it (a port): hashed once, compared in place.
///
/// The hash is the standard library's, keyed at random for each process: names are chosen by clients, who must not be
/// able to pile them up in one run of slots.
struct ByteKeyTable: ~Copyable, Sendable {
    private struct Key: Sendable {
        var name: [UInt8] = []
        var number: UInt32 = 0
        var hash: UInt32 = 0
    }

    private var table = ProbeTable()
    private var keys: [Key] = []

    /// How many keys it holds.
    var count: Int { table.count }

    /// The hash for the other calls.
    static func hash(_ name: Span<UInt8>, _ number: UInt32) -> UInt32 {
        var hasher = Hasher()
        var position = 0
        while position < name.count {
            var word: UInt64 = 0
            let end = min(position + 8, name.count)
            while position < end {
                word = word << 8 | UInt64(name[position])
                position += 1
            }
            hasher.combine(word)
        }
        hasher.combine(UInt64(name.count) << 32 | UInt64(number))
        return UInt32(truncatingIfNeeded: hasher.finalize())
    }

    /// The index of a key; nil when it is unknown.
    func find(_ name: Span<UInt8>, _ number: UInt32, hash: UInt32) -> UInt32? {
        var position = table.first(hash)
        while let index = table.next(hash, &position) {
            if keys[Int(index)].number == number, Self.equal(keys[Int(index)].name, name) { return index }
        }
        return nil
    }

    /// Keeps a key that is not yet known under an index that is not in use.
    mutating func insert(_ name: Span<UInt8>, _ number: UInt32, hash: UInt32, index: UInt32) {
        while keys.count <= Int(index) { keys.append(Key()) }
        var copy: [UInt8] = []
        copy.reserveCapacity(name.count)
        for position in name.indices { copy.append(name[position]) }
        keys[Int(index)] = Key(name: copy, number: number, hash: hash)
        table.insert(hash, index)
    }

    /// Forgets the key of an index.
    mutating func remove(_ index: UInt32) {
        table.remove(keys[Int(index)].hash, index)
        keys[Int(index)] = Key()
    }

    private static func equal(_ left: borrowing [UInt8], _ right: Span<UInt8>) -> Bool {
        guard left.count == right.count else { return false }
        let bytes = left.span
        for position in bytes.indices where bytes[position] != right[position] { return false }
        return true
    }
}
