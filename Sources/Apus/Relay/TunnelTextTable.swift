internal import ApusFlow
internal import ApusWire

/// The words of tunnels, for their records: in chained cells of a few bytes, for most tunnels are idle and there may be many.
///
/// A run is the host, the method, the path and the name in the ClientHello, with spaces between them; what ends it may be left out,
/// and so may the method of CONNECT. No word but the last can hold a space (RFC 9112 §3).
struct TunnelTextTable: ~Copyable {
    /// One link of a chain; zeros fill the last.
    private struct Cell: BitwiseCopyable {
        static let size = 12

        var next = TunnelTextTable.none
        var bytes = InlineArray<12, UInt8>(repeating: 0)
    }

    private static let space = UInt8(ascii: " ")
    private static let connect = Array("CONNECT".utf8)
    private var cells = Slab<Cell>()

    /// No words.
    static let none = UInt32.max

    /// How many cells are taken.
    var count: Int { cells.count }

    /// Keeps the words of a request that became a tunnel.
    mutating func keep(_ request: BufferedRequest, isConnect: Bool) -> UInt32 {
        var run = Array(request.bytes[request.hostRange])
        if !isConnect {
            run.append(TunnelTextTable.space)
            run += request.bytes[request.methodRange]
            run.append(TunnelTextTable.space)
            run += request.bytes[request.pathRange]
        }
        return chain(run)
    }

    /// Adds the name in the ClientHello.
    mutating func name(_ index: inout UInt32, _ name: [UInt8]) {
        guard index != TunnelTextTable.none, !name.contains(0) else { return }
        let run = Array((words(index).prefix(3) + [name[...]]).joined(separator: [TunnelTextTable.space]))
        release(&index)
        index = chain(run)
    }

    /// The words, as of a request; nil for none.
    subscript(index: UInt32) -> BufferedRequest? {
        guard index != TunnelTextTable.none else { return nil }
        let words = words(index)
        let method = words[1].isEmpty ? TunnelTextTable.connect[...] : words[1]
        return BufferedRequest(method: method, path: words[2], host: words[0], dial: words[3])
    }

    /// Gives the words back.
    mutating func release(_ index: inout UInt32) {
        while index != TunnelTextTable.none {
            let next = cells[index].next
            cells.remove(index)
            index = next
        }
    }

    /// From the end to the beginning, so that each cell knows the next.
    private mutating func chain(_ run: [UInt8]) -> UInt32 {
        var first = TunnelTextTable.none
        for start in stride(from: 0, to: max(1, run.count), by: Cell.size).reversed() {
            var cell = Cell()
            for place in 0..<min(Cell.size, run.count - start) { cell.bytes[place] = run[start + place] }
            cell.next = first
            first = cells.insert(cell)
        }
        return first
    }

    /// Host, method, path and name.
    private func words(_ index: UInt32) -> [ArraySlice<UInt8>] {
        let words = bytes(index).split(separator: TunnelTextTable.space, maxSplits: 3, omittingEmptySubsequences: false)
        return words + [ArraySlice<UInt8>](repeating: [], count: 4 - words.count)
    }

    private func bytes(_ index: UInt32) -> [UInt8] {
        var run: [UInt8] = []
        var at = index
        while at != TunnelTextTable.none {
            let cell = cells[at]
            for place in 0..<Cell.size where cell.bytes[place] != 0 { run.append(cell.bytes[place]) }
            at = cell.next
        }
        return run
    }
}
