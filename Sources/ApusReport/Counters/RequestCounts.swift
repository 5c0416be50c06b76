public import ApusWire

/// How many requests ended, by method and final status: a table of fixed size, so that counting is one addition.
public struct RequestCounts: Sendable, Equatable {
    /// Some requests of one method with one status.
    public struct Row: Sendable, Equatable {
        /// The method; all that are not well known count as one.
        public let method: Method
        /// The status; 0 where no final one was sent.
        public let status: UInt16
        /// How many.
        public let count: UInt64
    }

    /// The statuses that have a column of their own (RFC 9110 §15 and RFC 6585); any other counts in the `x00` of its class.
    private static let statuses: [UInt16] = [
        0, 100, 101, 200, 201, 202, 203, 204, 205, 206, 300, 301, 302, 303, 304, 305, 307, 308, 400, 401, 402, 403, 404,
        405,
        406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 416, 417, 418, 421, 422, 425, 426, 428, 429, 431, 451, 500,
        501, 502,
        503, 504, 505, 507, 508, 511,
    ]

    /// The column of each status below 600.
    private static let columns: [UInt8] = (0..<600).map { status in
        let general = status < 100 ? 0 : status / 100 * 100
        let exact = statuses.firstIndex(of: UInt16(status)) ?? statuses.firstIndex(of: UInt16(general)) ?? 0
        return UInt8(exact)
    }

    private static let methods = 10
    private var counts = [UInt64](repeating: 0, count: methods * statuses.count)

    /// An empty table.
    public init() {}

    /// Counts one request.
    package mutating func add(_ method: Method, _ status: UInt16) {
        let column = status < 600 ? Int(RequestCounts.columns[Int(status)]) : 0
        counts[Int(method.rawValue) * RequestCounts.statuses.count + column] &+= 1
    }

    /// Adds what another one has counted.
    public mutating func add(_ other: RequestCounts) {
        for index in counts.indices { counts[index] &+= other.counts[index] }
    }

    /// What was counted, by method and status, without the empty ones.
    public var rows: [Row] {
        counts.indices.compactMap { index in
            guard counts[index] > 0 else { return nil }
            let (row, column) = index.quotientAndRemainder(dividingBy: RequestCounts.statuses.count)
            return Row(
                method: Method(rawValue: UInt8(row)) ?? .other,
                status: RequestCounts.statuses[column],
                count: counts[index]
            )
        }
    }

    /// How many in all.
    public var total: UInt64 { counts.reduce(0, &+) }

    /// How many by class of status: none, 1xx, 2xx, 3xx, 4xx, 5xx.
    public var classes: [UInt64] {
        rows.reduce(into: [UInt64](repeating: 0, count: 6)) { $0[Int($1.status / 100)] += $1.count }
    }
}
