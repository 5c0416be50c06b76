/// How long an origin may be silent when it answers a request that the rule allows (`timeouts`), in place of the settings of the same
/// names; where it is nil the setting holds. A tunnel has neither.
public struct RuleTimeouts: Sendable, Hashable {
    /// From the end of the request, or from an interim answer, to the first byte of the next answer (`first-byte`); then 504.
    public var firstByte: Duration?
    /// For a response body without a byte (`response-body`); then it is cut short.
    public var responseBody: Duration?

    /// What each may be, as the settings.
    public static let range = Duration.milliseconds(100)...Duration.seconds(7 * 86_400)

    /// `100ms to 7d`.
    package static var rangeText: String { "\(range.lowerBound.settingText) to \(range.upperBound.settingText)" }

    /// Those of the settings.
    public init() {}

    /// Whether it sets none.
    public var isEmpty: Bool { firstByte == nil && responseBody == nil }

    /// Those that are set, by the keys of a file.
    package var named: [(key: String, time: Duration)] {
        [("first-byte", firstByte), ("response-body", responseBody)].compactMap { key, time in time.map { (key, $0) } }
    }
}

extension RuleTimeouts: CustomStringConvertible {
    /// `first-byte 5m, response-body 2m`.
    public var description: String { named.map { "\($0.key) \($0.time.settingText)" }.joined(separator: ", ") }
}
