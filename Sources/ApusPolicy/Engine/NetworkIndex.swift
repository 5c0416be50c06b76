internal import ApusWire

/// Which rows speak of an address: the networks of a policy as intervals, found by halving, each with those around it.
///
/// Networks nest or are apart, so that an address lies in the innermost one and in all that enclose it.
struct NetworkIndex: ~Copyable, Sendable {
    private let four: PrefixTree
    private let six: PrefixTree

    /// Takes down networks with their rows.
    init(_ networks: [CIDR: Set<UInt16>], pool: inout RowPool) {
        four = PrefixTree(PrefixTreeBuilder(networks.filter { $0.key.address.family == .v4 }, width: 32, pool: &pool))
        six = PrefixTree(PrefixTreeBuilder(networks.filter { $0.key.address.family == .v6 }, width: 128, pool: &pool))
    }

    /// Sets the bits of all rows with a network that holds the address, which is not v4-mapped.
    @inline(__always)
    func lay(_ address: IPAddress, sets: borrowing RowSets, into words: inout [UInt64], at start: Int) {
        switch address.family {
        case .v4: four.lay(UInt128(address.low), sets: sets, into: &words, at: start)
        case .v6: six.lay(UInt128(address.high) << 64 | UInt128(address.low), sets: sets, into: &words, at: start)
        }
    }
}

/// The networks of one family: not copyable, so that nothing of it is retained for a question.
private struct PrefixTree: ~Copyable, Sendable {
    private let networks: [NestedNetwork]
    /// Where intervals begin, in order, and the innermost network of each; -1 for none.
    private let starts: [UInt128]
    private let inner: [Int32]

    init(_ builder: PrefixTreeBuilder) {
        networks = builder.networks
        starts = builder.starts
        inner = builder.inner
    }

    func lay(_ address: UInt128, sets: borrowing RowSets, into words: inout [UInt64], at start: Int) {
        var low = 0
        var high = starts.count
        while low < high {
            let middle = (low &+ high) &>> 1
            if starts[middle] <= address { low = middle &+ 1 } else { high = middle }
        }
        guard low > 0 else { return }
        var number = inner[low &- 1]
        while number >= 0 {
            let network = networks[Int(number)]
            sets.lay(network.rows, into: &words, at: start)
            number = network.parent
        }
    }
}

/// A network of a policy.
struct NestedNetwork: Sendable {
    /// The set of its rows.
    var rows: Int32
    /// The network around it; -1 if there is none.
    var parent: Int32
}

/// Sweeps over the networks in order, the open ones on a stack.
struct PrefixTreeBuilder {
    /// In order, those around others first.
    private(set) var networks: [NestedNetwork] = []
    /// Where intervals begin, in order, and the innermost network of each; -1 for none.
    private(set) var starts: [UInt128] = []
    private(set) var inner: [Int32] = []

    init(_ rows: [CIDR: Set<UInt16>], width: Int, pool: inout RowPool) {
        let sorted = rows.map { entry in
            let first = UInt128(entry.key.address.high) << 64 | UInt128(entry.key.address.low)
            let free = UInt128(width - entry.key.prefixLength)
            // A shift of 128 clears all bits: Swift's `<<` is exact for overshifts.
            let last = first + ~(UInt128.max << free)
            return (first: first, last: last, rows: pool.add(entry.value))
        }.sorted { ($0.first, $1.last) < ($1.first, $0.last) }
        var open: [(last: UInt128, number: Int32)] = []
        for network in sorted {
            while let around = open.last, around.last < network.first { leave(&open) }
            networks.append(NestedNetwork(rows: network.rows, parent: open.last?.number ?? -1))
            open.append((network.last, Int32(networks.count - 1)))
            begin(network.first, open.last?.number ?? -1)
        }
        while !open.isEmpty { leave(&open) }
    }

    /// Closes the innermost open network: what follows lies in the one around it.
    private mutating func leave(_ open: inout [(last: UInt128, number: Int32)]) {
        let left = open.removeLast()
        if left.last < UInt128.max { begin(left.last + 1, open.last?.number ?? -1) }
    }

    private mutating func begin(_ start: UInt128, _ number: Int32) {
        if starts.last == start {
            inner[inner.count - 1] = number
        } else {
            starts.append(start)
            inner.append(number)
        }
    }
}
