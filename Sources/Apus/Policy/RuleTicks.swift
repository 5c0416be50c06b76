internal import ApusFlow
internal import ApusPolicy

/// The times that a rule, or the parent of its route, gives to what it allows, in ticks of 100 ms; 0 where it gives none, and the setting holds.
struct RuleTicks: Sendable, BitwiseCopyable {
    private var firstByte: UInt32 = 0
    private var responseBody: UInt32 = 0
    /// For the attempt to reach a parent: its own time, as far as it goes.
    var reach: UInt32 = 0

    /// None.
    init() {}

    init(_ timeouts: RuleTimeouts) {
        firstByte = timeouts.firstByte?.ticks ?? 0
        responseBody = timeouts.responseBody?.ticks ?? 0
    }

    /// How long a deadline is by them; 0 where they do not say.
    @inline(__always)
    subscript(deadline: Deadline) -> UInt32 {
        switch deadline {
        case .firstByte: firstByte
        case .responseBody: responseBody
        case .reach: reach
        default: 0
        }
    }

    /// These times with the rule's in their places.
    func over(_ times: DeadlineTimes) -> DeadlineTimes {
        var times = times
        if firstByte > 0 { times[.firstByte] = firstByte }
        if responseBody > 0 { times[.responseBody] = responseBody }
        return times
    }
}
