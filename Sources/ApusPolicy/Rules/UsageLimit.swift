/// How much may be used by whoever a `limit` rule matches. What is nil is not bounded.
///
/// Every limit rule that matches a request counts it. A request that one of them refuses counts in none.
public struct UsageLimit: Sendable, Hashable {
    /// Who shares one count (`by`).
    public enum Key: String, Sendable, Hashable, CaseIterable, BitwiseCopyable {
        /// Each user has a count of their own; clients without one share by address.
        case user
        /// Each client address.
        case client
        /// All that the rule matches together.
        case rule
    }

    /// So much in each period.
    public struct Rate: Sendable, Hashable {
        /// Requests or bytes.
        public var amount: UInt64
        /// In microseconds.
        public var period: UInt64
        /// Makes a rate.
        public init(_ amount: UInt64, per period: UInt64) {
            self.amount = amount
            self.period = period
        }

        /// As it is written in a policy file: `50/s`, and `10MB/s` of bytes.
        package func text(isBytes: Bool) -> String {
            let periods: [(name: String, several: String, microseconds: UInt64)] = [
                ("week", "w", 604_800_000_000), ("day", "d", 86_400_000_000), ("hour", "h", 3_600_000_000),
                ("min", "m", 60_000_000), ("s", "s", 1_000_000),
            ]
            let amount = isBytes ? size : "\(amount)"
            for unit in periods where period.isMultiple(of: unit.microseconds) {
                let count = period / unit.microseconds
                return count == 1 ? "\(amount)/\(unit.name)" : "\(amount)/\(count)\(unit.several)"
            }
            return "\(amount)/\(period)us"
        }

        /// With the decimal unit that divides it, as rates are written, else with a binary one.
        private var size: String {
            let units: [(name: String, bytes: UInt64)] = [
                ("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1000), ("GiB", 1 << 30), ("MiB", 1 << 20),
                ("KiB", 1 << 10),
            ]
            for unit in units where amount > 0 && amount.isMultiple(of: unit.bytes) {
                return "\(amount / unit.bytes)\(unit.name)"
            }
            return "\(amount)B"
        }
    }

    /// Who shares one count.
    public var key = Key.user
    /// New requests and tunnels (`requests: 50/s`): at most one period's worth at once, and then as they come by the rate.
    public var requests: Rate?
    /// Requests and tunnels at the same time (`connections`).
    public var connections: Int?
    /// Tunnels at the same time (`tunnels`).
    public var tunnels: Int?
    /// Bytes to and from the client together, slowed down rather than refused (`bandwidth: 10MB/s`): a quarter of a second's
    /// worth passes at once, 32 KiB at least.
    public var bandwidth: Rate?
    /// Bytes to and from the client together in fixed periods, refused when used up (`volume: 5GB/day`). Periods are counted from
    /// 1970 in UTC: a day begins at midnight UTC, an hour on the hour, a week on Monday. What runs when the volume is used up is
    /// cut off.
    public var volume: Rate?

    /// No bound.
    public init() {}
}

extension UsageLimit {
    /// What a client that is over it is told beside the refusal: ` The limit is 5MB/hour; try again in 14m54s.`
    ///
    /// - Parameters:
    ///   - wait: whole seconds after which it would be admitted; 0 where nobody knows.
    ///   - tells: whether clients may know the bound.
    package func words(_ refusal: Refusal, wait: UInt32, tells: Bool) -> String {
        let bound: String? =
            switch refusal {
            case .requestRateLimit: requests?.text(isBytes: false)
            case .volumeLimit: volume?.text(isBytes: true)
            case .userConnectionLimit: connections.map { "\($0)" }
            case .userTunnelLimit: tunnels.map { "\($0)" }
            default: nil
            }
        let again = wait > 0 ? "ry again in \(Duration.seconds(Int64(wait)).settingText)." : ""
        guard tells, let bound else { return again.isEmpty ? "" : " T\(again)" }
        return again.isEmpty ? " The limit is \(bound)." : " The limit is \(bound); t\(again)"
    }
}

extension UsageLimit: CustomStringConvertible {
    /// As it is written in a policy file: `requests 50/s, bandwidth 10MB/s, by user`.
    public var description: String {
        var parts: [String] = []
        if let requests { parts.append("requests \(requests.text(isBytes: false))") }
        if let connections { parts.append("connections \(connections)") }
        if let tunnels { parts.append("tunnels \(tunnels)") }
        if let bandwidth { parts.append("bandwidth \(bandwidth.text(isBytes: true))") }
        if let volume { parts.append("volume \(volume.text(isBytes: true))") }
        return (parts + ["by \(key.rawValue)"]).joined(separator: ", ")
    }
}
