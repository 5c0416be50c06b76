/// Which rows take a port: the boundaries of all ranges in order, with the rows between them.
///
/// Not copyable, so that nothing of it is retained for a question.
struct PortIndex: ~Copyable, Sendable {
    private var starts: [Int32] = [0]
    private var sets: [Int] = []

    /// Takes down the ports of all rows; a row without ports takes every one.
    init(_ rows: [Condition], width: Int, pool: inout BitPool) {
        var bounds: Set<Int32> = [0]
        for row in rows {
            for range in row.ports {
                bounds.insert(Int32(range.lowerBound))
                bounds.insert(Int32(range.upperBound) + 1)
            }
        }
        starts = bounds.sorted()
        let any = rows.indices.filter { rows[$0].ports.isEmpty }.map { UInt16($0) }
        let base = BitPool.bits(any, width: width)
        var found = [[UInt64]](repeating: base, count: starts.count)
        for (number, row) in rows.enumerated() {
            for range in row.ports {
                var place = index(of: Int32(range.lowerBound))
                while place < starts.count, starts[place] <= Int32(range.upperBound) {
                    found[place][number / 64] |= 1 << UInt64(number % 64)
                    place += 1
                }
            }
        }
        sets = found.map { pool.add($0) }
    }

    /// Where the set of rows begins that take the port.
    @inline(__always)
    func set(_ port: UInt16) -> Int { sets[index(of: Int32(port))] }

    /// The interval that holds a port: the last that does not begin behind it.
    @inline(__always)
    private func index(of port: Int32) -> Int {
        var low = 0
        var high = starts.count
        while low < high {
            let middle = (low &+ high) &>> 1
            if starts[middle] <= port { low = middle &+ 1 } else { high = middle }
        }
        return low &- 1
    }
}
