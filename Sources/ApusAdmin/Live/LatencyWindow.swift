internal import ApusReport

/// How long requests took over the last minute: percentiles of single seconds are noise.
struct LatencyWindow: Sendable {
    /// The histograms of a moment, or of the time between two.
    struct Sums: Sendable {
        var total = LatencyHistogram()
        var decide = LatencyHistogram()
        var lookUp = LatencyHistogram()
        var connect = LatencyHistogram()
        var firstByte = LatencyHistogram()

        init() {}

        init(_ counters: TrafficCounters) {
            total = counters.total
            decide = counters.decide
            lookUp = counters.lookUp
            connect = counters.connect
            firstByte = counters.firstByte
        }

        func since(_ earlier: Sums) -> Sums {
            var sums = Sums()
            sums.total = total.since(earlier.total)
            sums.decide = decide.since(earlier.decide)
            sums.lookUp = lookUp.since(earlier.lookUp)
            sums.connect = connect.since(earlier.connect)
            sums.firstByte = firstByte.since(earlier.firstByte)
            return sums
        }
    }

    /// In microseconds.
    private static let span: Int64 = 60_000_000
    private static let step: Int64 = 5_000_000

    private var moments: [(uptime: Int64, sums: Sums)] = [(0, Sums())]

    /// What was counted over the last minute, and up to five seconds more; and over how many microseconds.
    mutating func take(_ counters: TrafficCounters, uptime: Int64) -> (sums: Sums, span: Int64) {
        let now = Sums(counters)
        while moments.count > 1, uptime - moments[1].uptime >= LatencyWindow.span { moments.removeFirst() }
        let first = moments[0]
        if uptime - moments[moments.count - 1].uptime >= LatencyWindow.step { moments.append((uptime, now)) }
        return (now.since(first.sums), uptime - first.uptime)
    }
}
