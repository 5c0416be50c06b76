/// Says once when errors have become too many: more than a share of the requests that ended in the last seconds.
///
/// It says so again only after errors have been below half of that share, and some minutes have passed, so that one bad hour is
/// not a file a second.
public struct ErrorRateTrigger: Sendable, Equatable {
    private struct Moment: Sendable, Equatable {
        let time: Int64
        let requests: UInt64
        let errors: UInt64
    }

    /// How far it looks back, how few requests say nothing, how long it is silent after it has spoken.
    private static let window: Int64 = 10_000_000
    private static let fewest: UInt64 = 20
    private static let silence: Int64 = 300_000_000

    private let share: Double
    private var moments: [Moment] = []
    private var spokeAt: Int64?
    private var isArmed = true

    /// - Parameter share: of all requests, 0 to 1.
    public init(share: Double) { self.share = share }

    /// Looks at what was counted until now.
    ///
    /// - Parameters:
    ///   - requests: all that have ended.
    ///   - errors: those of them with a 5xx status.
    ///   - time: in microseconds, rising.
    /// - Returns: the share of errors, when this is the moment to record; else nil.
    public mutating func looked(requests: UInt64, errors: UInt64, at time: Int64) -> Double? {
        moments.append(Moment(time: time, requests: requests, errors: errors))
        while moments.count > 2, time - moments[1].time >= ErrorRateTrigger.window { moments.removeFirst() }
        let all = requests &- moments[0].requests
        // At the end of a server nothing is counted any more.
        guard requests >= moments[0].requests, errors >= moments[0].errors, all >= ErrorRateTrigger.fewest else {
            return nil
        }
        let rate = Double(errors &- moments[0].errors) / Double(all)
        if rate < share / 2 { isArmed = true }
        guard isArmed, rate > share, time - (spokeAt ?? Int64.min / 2) >= ErrorRateTrigger.silence else { return nil }
        isArmed = false
        spokeAt = time
        return rate
    }
}
