internal import ApusFlow
internal import ApusPolicy

/// The times that a rule gives to what it allows, in ticks of 100 ms; 0 where it gives none, and the setting holds.
struct RuleTicks: Sendable, BitwiseCopyable {
    private var firstByte: UInt32 = 0
    private var responseBody: UInt32 = 0

    /// None.
    init() {}

    init(_ timeouts: RuleTimeouts) {
        firstByte = timeouts.firstByte?.ticks ?? 0
        responseBody = timeouts.responseBody?.ticks ?? 0
    }

    /// How long a deadline is by the rule; 0 where it does not say.
    @inline(__always)
    subscript(deadline: Deadline) -> UInt32 {
        switch deadline {
        case .firstByte: firstByte
        case .responseBody: responseBody
        default: 0
        }
    }
}
