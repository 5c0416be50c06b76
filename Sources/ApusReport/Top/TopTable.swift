/// One ranking, as of clients, over a minute, five, an hour and since the start, in bounded memory.
///
/// What is counted goes into a bucket of ten seconds; six of these are summed up to a minute, ten minutes to ten minutes, and what is older than
/// an hour goes. A bucket has only the keys that came in its time.
package struct TopTable: Sendable {
    private struct Cell: Sendable, BitwiseCopyable {
        let number: UInt32
        var requests: UInt32
        var refused: UInt32
        var bytes: UInt64

        var count: TopCount { TopCount(requests: UInt64(requests), refused: UInt64(refused), bytes: bytes) }

        mutating func add(_ count: TopCount) {
            requests = UInt32(clamping: UInt64(requests) &+ count.requests)
            refused = UInt32(clamping: UInt64(refused) &+ count.refused)
            bytes &+= count.bytes
        }
    }

    private struct Bucket: Sendable {
        /// In seconds.
        let began: Int64
        var cells: [Cell] = []
        /// Of keys for which there was no room.
        var rest = TopCount()
    }

    private static let span: Int64 = 10
    private static let minute: Int64 = 60
    private static let tenMinutes: Int64 = 600
    private static let hour: Int64 = 3600

    private let mostCells: Int
    private var keys: TopKeys
    private var now: Bucket
    /// The cell of a key in ``now``, by number.
    private var cellOf: [UInt32: Int] = [:]
    private var tens: [Bucket] = []
    private var minutes: [Bucket] = []
    private var long: [Bucket] = []
    private var total = TopCount()
    /// Since when all is counted.
    private let began: Int64

    /// Empty.
    ///
    /// - Parameters:
    ///   - cells: how many counts of keys in times that are over there may be, of 24 bytes.
    ///   - text: for names, in bytes.
    ///   - now: in seconds, by a clock that nobody sets.
    package init(cells: Int, text: Int, now: Int64) {
        mostCells = cells
        keys = TopKeys(text: text)
        began = now
        self.now = Bucket(began: now - now % TopTable.span)
    }

    /// What all of it takes, in bytes.
    package var memory: Int {
        let buckets = [tens, minutes, long].joined().reduce(now.cells.capacity) { $0 + $1.cells.capacity }
        // A dictionary of the standard library is at most three quarters full of two to the power of something.
        return keys.memory + buckets * MemoryLayout<Cell>.stride + cellOf.capacity * 12 * 4 / 3
    }

    /// Counts under a name, as bytes; an empty one stands for keys that were not kept apart.
    package mutating func add(_ name: ArraySlice<UInt8>, _ count: TopCount, at moment: Int64) {
        turn(moment)
        total.add(count)
        guard !name.isEmpty else { return now.rest.add(count) }
        let number = keys.add(name, count)
        if let place = cellOf[number] { return now.cells[place].add(count) }
        cellOf[number] = now.cells.count
        var cell = Cell(number: number, requests: 0, refused: 0, bytes: 0)
        cell.add(count)
        now.cells.append(cell)
    }

    /// The first of them.
    package mutating func ranking(_ window: TopWindow, by measure: TopMeasure, limit: Int, at moment: Int64)
        -> TopRanking
    {
        turn(moment)
        let seen = buckets(window)
        var sums = [TopCount](repeating: TopCount(), count: keys.count)
        var gone = TopCount()
        var dropped = TopCount()
        if window == .start {
            for place in sums.indices { sums[place] = keys.total(at: place) }
        }
        for bucket in seen {
            dropped.add(bucket.rest)
            for cell in bucket.cells {
                if let place = keys.place(of: cell.number) { sums[place].add(cell.count) } else { gone.add(cell.count) }
            }
        }
        var all = window == .start ? total : sums.reduce(into: TopCount()) { $0.add($1) }
        if window != .start {
            all.add(gone)
            all.add(dropped)
        }
        let some = sums.indices.filter { !sums[$0].isZero }
        let order = some.sorted { one, other in
            let (left, right) = (measure.of(sums[one]), measure.of(sums[other]))
            return (left, sums[one].weight, other) > (right, sums[other].weight, one)
        }
        let rows = order.prefix(max(0, limit)).filter { measure.of(sums[$0]) > 0 }.map { place in
            var missing = keys.missing(at: place)
            if window != .start {
                // A key that has been here all the time lacks nothing but what had no room.
                missing = missing.isZero ? TopCount() : least(missing, gone)
                missing.add(dropped)
            }
            return TopRanking.Row(
                name: String(decoding: keys.name(at: place), as: UTF8.self),
                count: sums[place],
                missing: missing
            )
        }
        let from = window == .start ? began : max(began, seen.map(\.began).min() ?? moment)
        return TopRanking(rows: rows, keys: some.count, seconds: max(1, moment - from), total: all)
    }

    private func least(_ one: TopCount, _ other: TopCount) -> TopCount {
        TopCount(
            requests: min(one.requests, other.requests),
            refused: min(one.refused, other.refused),
            bytes: min(one.bytes, other.bytes)
        )
    }

    /// Those of a time; since the start the keys know themselves.
    private func buckets(_ window: TopWindow) -> [Bucket] {
        let minuteBegan = now.began - now.began % TopTable.minute
        let longBegan = now.began - now.began % TopTable.tenMinutes
        return switch window {
        case .minute: tens + [now]
        case .fiveMinutes:
            minutes.filter { $0.began >= minuteBegan - 5 * TopTable.minute } + tens.filter { $0.began >= minuteBegan }
                + [now]
        case .hour: long + minutes.filter { $0.began >= longBegan } + tens.filter { $0.began >= minuteBegan } + [now]
        case .start: []
        }
    }

    // MARK: Time

    /// Closes what is over.
    private mutating func turn(_ moment: Int64) {
        // After a sleep of more than an hour nothing of before is in any window.
        if moment - now.began > 2 * TopTable.hour {
            (tens, minutes, long) = ([], [], [])
            begin(moment - moment % TopTable.span)
            return
        }
        while moment >= now.began + TopTable.span {
            tens.append(Bucket(began: now.began, cells: Array(now.cells[...]), rest: now.rest))
            begin(now.began + TopTable.span)
            if now.began % TopTable.minute == 0 { sum(&tens, over: TopTable.minute, into: &minutes) }
            if now.began % TopTable.tenMinutes == 0 { sum(&minutes, over: TopTable.tenMinutes, into: &long) }
            keep(&tens, from: now.began - TopTable.minute)
            keep(&minutes, from: now.began - now.began % TopTable.minute - TopTable.tenMinutes)
            keep(&long, from: now.began - now.began % TopTable.tenMinutes - TopTable.hour)
        }
        trim()
    }

    private mutating func begin(_ moment: Int64) {
        now = Bucket(began: moment)
        cellOf.removeAll()
    }

    private func keep(_ buckets: inout [Bucket], from moment: Int64) { buckets.removeAll { $0.began < moment } }

    private func sum(_ parts: inout [Bucket], over time: Int64, into sums: inout [Bucket]) {
        let from = now.began - time
        var all: [UInt32: Cell] = [:]
        var rest = TopCount()
        for part in parts where part.began >= from {
            rest.add(part.rest)
            for cell in part.cells {
                all[cell.number, default: Cell(number: cell.number, requests: 0, refused: 0, bytes: 0)].add(cell.count)
            }
        }
        guard !all.isEmpty || !rest.isZero else { return }
        sums.append(Bucket(began: from, cells: Array(all.values), rest: rest))
    }

    /// Where there are more cells than may be, the largest bucket loses its lightest eighth.
    private mutating func trim() {
        while [tens, minutes, long].joined().reduce(0, { $0 + $1.cells.count }) > mostCells {
            let largest = [tens, minutes, long].map { $0.map(\.cells.count).max() ?? 0 }
            guard let most = largest.max(), most > 0 else { return }
            if largest[0] == most {
                lighten(&tens, most)
            } else if largest[1] == most {
                lighten(&minutes, most)
            } else {
                lighten(&long, most)
            }
        }
    }

    private func lighten(_ buckets: inout [Bucket], _ most: Int) {
        guard let place = buckets.firstIndex(where: { $0.cells.count == most }) else { return }
        let sorted = buckets[place].cells.sorted { ($0.count.weight, $1.number) > ($1.count.weight, $0.number) }
        let kept = most - max(1, most / 8)
        for cell in sorted[kept...] { buckets[place].rest.add(cell.count) }
        buckets[place].cells = Array(sorted[..<kept])
    }
}
