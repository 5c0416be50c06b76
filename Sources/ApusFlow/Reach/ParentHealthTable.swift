/// When a parent is taken for out of service, and for how long.
public struct ParentHealthSettings: Sendable, Equatable, BitwiseCopyable {
    /// How many failures in a row make it so; at least 1.
    public let failures: UInt16
    /// For how long it is left alone then, in microseconds; the double behind each further failure, up to ``ParentHealthTable/longest``.
    public let backOff: UInt64

    /// Makes settings.
    public init(failures: UInt16, backOff: UInt64) {
        self.failures = max(1, failures)
        self.backOff = max(1, backOff)
    }
}

/// Which of a thread's parents are in service, as far as its requests have found out.
///
/// A parent is out behind some failures in a row. When the time for which it is left alone has passed, one request tries it;
/// the others go on to leave it alone meanwhile. Times are microseconds, given as arguments.
public struct ParentHealthTable: ~Copyable, Sendable {
    private struct Row: Sendable, BitwiseCopyable {
        let settings: ParentHealthSettings
        var failures: UInt16 = 0
        /// 0 of one that is up.
        var backOff: UInt64 = 0
        /// Until when it is left alone.
        var until: UInt64 = 0
        /// Until when somebody tries it.
        var trial: UInt64 = 0
    }

    /// The longest time for which a parent is left alone, without its spread.
    public static let longest: UInt64 = 60_000_000

    private var rows: [Row]

    /// All are up.
    public init(_ settings: [ParentHealthSettings]) { rows = settings.map { Row(settings: $0) } }

    /// How many parents there are.
    public var count: Int { rows.count }

    /// Whether a parent is taken for in service.
    public func isUp(_ place: Int) -> Bool { place < rows.count && rows[place].backOff == 0 }

    /// Whether a parent may be tried now.
    public func mayTry(_ place: Int, now: UInt64) -> Bool {
        guard place < rows.count else { return false }
        return rows[place].backOff == 0 || now >= rows[place].until && now >= rows[place].trial
    }

    /// Somebody tries a parent now.
    ///
    /// - Parameter patience: how long that may take, in microseconds: until then nobody else tries one that is out.
    public mutating func tries(_ place: Int, patience: UInt64, now: UInt64) {
        guard place < rows.count, rows[place].backOff > 0 else { return }
        rows[place].trial = now &+ patience
    }

    /// A parent has answered: it is up.
    ///
    /// - Returns: whether it was out.
    @discardableResult
    public mutating func answered(_ place: Int) -> Bool {
        guard place < rows.count else { return false }
        let wasOut = rows[place].backOff > 0
        rows[place].failures = 0
        rows[place].backOff = 0
        return wasOut
    }

    /// A parent could not be connected to, or has not answered.
    ///
    /// - Parameter spread: any number: it moves the time by up to a fifth, so that not all threads and proxies come back at once.
    /// - Returns: whether it is out from now.
    @discardableResult
    public mutating func failed(_ place: Int, spread: UInt32, now: UInt64) -> Bool {
        guard place < rows.count else { return false }
        let row = rows[place]
        if row.backOff > 0, now < row.until { return false }
        rows[place].failures = row.failures &+ 1 < row.failures ? row.failures : row.failures &+ 1
        guard rows[place].failures >= row.settings.failures else { return false }
        let wait = row.backOff == 0 ? row.settings.backOff : row.backOff &* 2
        rows[place].backOff = min(wait, ParentHealthTable.longest)
        rows[place].until = now &+ ParentHealthTable.spread(rows[place].backOff, by: spread)
        rows[place].trial = 0
        return row.backOff == 0
    }

    /// Four fifths to six fifths of a time.
    private static func spread(_ time: UInt64, by number: UInt32) -> UInt64 {
        time / 5 * 4 + time / 1000 * (UInt64(number) % 401)
    }
}
