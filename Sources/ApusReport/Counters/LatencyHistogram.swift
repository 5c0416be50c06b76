/// How long something took, counted by fixed bounds: six to a decade, from 10 µs to 100 s. An addition costs a few compares and
/// no allocation; histograms of several threads, or moments, are added and subtracted.
public struct LatencyHistogram: Sendable, Equatable {
    /// The upper bounds in microseconds, inclusive; what is longer falls behind the last.
    public static let bounds: [UInt64] = {
        var bounds: [UInt64] = []
        var decade: UInt64 = 10
        while decade < 100_000_000 {
            bounds += [decade, decade * 3 / 2, decade * 2, decade * 3, decade * 5, decade * 7]
            decade *= 10
        }
        return bounds + [decade]
    }()

    /// For each number of significant bits the first bound that a value of so many bits can fall under.
    private static let starts: [UInt8] = (0...64).map { bits in
        let least = bits == 0 ? 0 : UInt64(1) << UInt64(bits - 1)
        return UInt8(bounds.firstIndex { least <= $0 } ?? bounds.count)
    }

    /// How many fell under each bound and above the one before; the last is of those above all bounds.
    public private(set) var counts = [UInt64](repeating: 0, count: LatencyHistogram.bounds.count + 1)
    /// All together, in microseconds.
    public private(set) var sum: UInt64 = 0

    /// An empty histogram.
    public init() {}

    /// How many were counted.
    public var count: UInt64 { counts.reduce(0, &+) }

    /// Counts one.
    package mutating func add(_ microseconds: UInt64) {
        var index = Int(LatencyHistogram.starts[64 - microseconds.leadingZeroBitCount])
        let bounds = LatencyHistogram.bounds
        while index < bounds.count, microseconds > bounds[index] { index += 1 }
        counts[index] &+= 1
        sum &+= microseconds
    }

    /// Adds what another one has counted.
    public mutating func add(_ other: LatencyHistogram) {
        for index in counts.indices { counts[index] &+= other.counts[index] }
        sum &+= other.sum
    }

    /// What was counted since an earlier state of the same histogram.
    public func since(_ earlier: LatencyHistogram) -> LatencyHistogram {
        var result = self
        for index in counts.indices { result.counts[index] &-= min(earlier.counts[index], counts[index]) }
        result.sum &-= min(earlier.sum, sum)
        return result
    }

    /// The value, in microseconds, that so large a share is not above; between two bounds it is drawn as a straight line.
    ///
    /// - Parameter share: 0.5 for the median.
    /// - Returns: nil when nothing was counted; the last bound when it lies above that.
    public func quantile(_ share: Double) -> Double? {
        let all = count
        guard all > 0 else { return nil }
        let rank = max(1, (share * Double(all)).rounded(.up))
        var below: UInt64 = 0
        for (index, bound) in LatencyHistogram.bounds.enumerated() {
            let here = counts[index]
            if Double(below + here) >= rank {
                let start = index > 0 ? Double(LatencyHistogram.bounds[index - 1]) : 0
                return start + (Double(bound) - start) * (rank - Double(below)) / Double(here)
            }
            below += here
        }
        return LatencyHistogram.bounds.last.map { Double($0) }
    }
}
