/// The names that come most often, hosts or users, in bounded memory and without an allocation a request.
///
/// Each name has two slots it may live in (Misra and Gries, "Finding repeated elements", 1982, by set): one that is in
/// neither takes one count from the lesser of the two, and its place when nothing is left. Counts halve each minute, so that
/// what is shown is of the last minutes. A name that is rare may be missing; one that is shown is counted too low, if at all wrongly.
package struct FrequentNames: Sendable {
    private struct Slot: BitwiseCopyable {
        var hash: UInt64 = 0
        var requests: UInt64 = 0
        var bytes: UInt64 = 0
        var length: UInt8 = 0
    }

    private static let slots = 128
    /// No host name is longer.
    private static let longest = 255
    private static let halfLife: UInt64 = 60_000_000

    private var table: [Slot] = []
    private var names: [UInt8] = []
    private var halvedAt: UInt64 = 0

    package init() {}

    /// Counts a request.
    ///
    /// - Parameters:
    ///   - name: not empty; what is longer than 255 bytes is cut.
    ///   - bytes: how many passed, both ways.
    ///   - now: in microseconds.
    package mutating func add(_ name: Span<UInt8>, bytes: UInt64, now: UInt64) {
        guard !name.isEmpty else { return }
        if table.isEmpty { grow(now) }
        if now &- halvedAt >= FrequentNames.halfLife { halve(now) }
        let hash = FrequentNames.hash(name)
        let first = Int(hash & UInt64(FrequentNames.slots - 1))
        let second = Int(hash >> 32 & UInt64(FrequentNames.slots - 1))
        if table[first].hash == hash, table[first].requests > 0 { return count(first, bytes) }
        if table[second].hash == hash, table[second].requests > 0 { return count(second, bytes) }
        let place = table[second].requests < table[first].requests ? second : first
        if table[place].requests > 0 {
            table[place].requests -= 1
            guard table[place].requests == 0 else { return }
        }
        take(place, name, hash)
        count(place, bytes)
    }

    /// The most frequent ones, the first first.
    package func rows(limit: Int, now: UInt64) -> [FrequentName] {
        var copy = self
        if !copy.table.isEmpty, now &- halvedAt >= FrequentNames.halfLife { copy.halve(now) }
        let order = copy.table.indices.filter { copy.table[$0].requests > 0 }
            .sorted { (copy.table[$0].requests, $1) > (copy.table[$1].requests, $0) }
        return order.prefix(limit).map { place in
            let start = place * FrequentNames.longest
            let name = String(decoding: names[start..<start + Int(table[place].length)], as: UTF8.self)
            return FrequentName(name: name, requests: copy.table[place].requests, bytes: copy.table[place].bytes)
        }
    }

    private mutating func count(_ place: Int, _ bytes: UInt64) {
        table[place].requests &+= 1
        table[place].bytes &+= bytes
    }

    private mutating func take(_ place: Int, _ name: Span<UInt8>, _ hash: UInt64) {
        let length = min(name.count, FrequentNames.longest)
        let start = place * FrequentNames.longest
        for i in 0..<length { names[start + i] = name[i] }
        table[place] = Slot(hash: hash, requests: 0, bytes: 0, length: UInt8(length))
    }

    private mutating func grow(_ now: UInt64) {
        table = [Slot](repeating: Slot(), count: FrequentNames.slots)
        names = [UInt8](repeating: 0, count: FrequentNames.slots * FrequentNames.longest)
        halvedAt = now
    }

    private mutating func halve(_ now: UInt64) {
        let times = (now &- halvedAt) / FrequentNames.halfLife
        for place in table.indices {
            table[place].requests >>= min(times, 63)
            table[place].bytes >>= min(times, 63)
        }
        halvedAt &+= times * FrequentNames.halfLife
    }

    /// FNV-1a, finished by a multiplication that spreads it over both halves.
    private static func hash(_ name: Span<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for i in name.indices { hash = (hash ^ UInt64(name[i])) &* 0x100_0000_01b3 }
        return (hash ^ hash >> 29) &* 0x9e37_79b9_7f4a_7c15
    }
}
