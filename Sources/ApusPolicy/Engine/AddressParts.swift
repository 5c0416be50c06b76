internal import ApusWire

/// The parts into which the networks of a policy divide all addresses: within one, the same rows match.
///
/// With it a policy can say of a name that is not looked up yet what could come of it. Made once; a policy with a hundred thousand
/// blocks in one rule has two parts. Not copyable, so that nothing of it is retained for a question.
struct AddressParts: ~Copyable, Sendable {
    /// How many there are; at least one.
    let count: Int
    /// Of each row the parts that lie in its networks, one behind the other, and where each row's begin.
    private let numbers: [UInt32]
    private let starts: [Int32]

    /// Finds the parts.
    ///
    /// - Parameters:
    ///   - networks: those of all rows, with their rows by number.
    ///   - rows: how many rows there are.
    init(_ networks: [CIDR: Set<UInt16>], rows: Int, pool: inout RowPool) {
        var known: [Set<UInt16>: UInt32] = [:]
        for family in [IPAddress.Family.v4, .v6] {
            let own = networks.filter { $0.key.address.family == family }
            for part in AddressParts.parts(own, family, &pool) where known[part] == nil {
                known[part] = UInt32(known.count)
            }
        }
        var parts = [[UInt32]](repeating: [], count: rows)
        for (part, number) in known {
            for row in part { parts[Int(row)].append(number) }
        }
        count = known.count
        numbers = parts.flatMap { $0.sorted() }
        starts = parts.reduce(into: [0]) { $0.append($0[$0.count - 1] + Int32($1.count)) }
    }

    /// The places of a row's parts.
    @inline(__always)
    func places(of row: Int) -> Range<Int> { Int(starts[row])..<Int(starts[row &+ 1]) }

    /// The part at a place.
    @inline(__always)
    subscript(place: Int) -> Int { Int(numbers[place]) }

    /// The rows of each run of addresses that no boundary of a network divides.
    private static func parts(
        _ networks: [CIDR: Set<UInt16>],
        _ family: IPAddress.Family,
        _ pool: inout RowPool
    ) -> Set<Set<UInt16>> {
        var sets: [Int32: Set<UInt16>] = [:]
        for rows in networks.values { sets[pool.add(rows)] = rows }
        let nest = PrefixTreeBuilder(networks, width: family == .v4 ? 32 : 128, pool: &pool)
        // An address in a network lies in all that are around it too; those come first.
        var rows: [Set<UInt16>] = []
        for network in nest.networks {
            let around = network.parent < 0 ? [] : rows[Int(network.parent)]
            rows.append(around.union(sets[network.rows] ?? []))
        }
        var found: Set<Int32> = nest.starts.first == 0 ? [] : [-1]
        for (place, start) in nest.starts.enumerated() {
            let next = place + 1 < nest.starts.count ? nest.starts[place + 1] : UInt128.max
            if isInhabited(start, next, family) { found.insert(nest.inner[place]) }
        }
        return Set(found.map { $0 < 0 ? [] : rows[Int($0)] })
    }

    /// Whether there is an address from one boundary up to the next: v4-mapped ones are judged as the IPv4 addresses that they mean.
    private static func isInhabited(_ start: UInt128, _ next: UInt128, _ family: IPAddress.Family) -> Bool {
        switch family {
        case .v4: start <= UInt128(UInt32.max)
        case .v6: start < 0xffff_0000_0000 || next > 0x1_0000_0000_0000
        }
    }
}
