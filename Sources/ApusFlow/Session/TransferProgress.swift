/// What has moved on a client's connection and its upstream's when a deadline has passed: times in ticks of 100 ms.
///
/// Whoever moves the bytes measures it and decides nothing: a machine says whether its deadline goes on, has passed, or was not one for this.
public struct TransferProgress: Sendable, BitwiseCopyable {
    /// Whether it is this proxy that lets nothing pass: a limit has it wait.
    public var isHeld = false
    /// Whether a limit says how fast bytes pass, so that their rate tells nothing of who sends them.
    public var isLimited = false
    /// Whether something waits that the client has not taken.
    public var clientIsBehind = false
    /// Whether something waits that the upstream has not taken.
    public var upstreamIsBehind = false
    /// Whether the client is one that is served at all.
    public var isServed = true
    /// How long ago the last byte passed on the client's connection, either way.
    public var clientIdle = UInt32.max
    /// How long ago the last byte passed on the upstream's, either way; without one, longer than any time.
    public var upstreamIdle = UInt32.max
    /// For how long the connection lingers; without meaning where it does not.
    public var lingers = UInt32.max
    /// How many bytes of the request have come since this was measured the last time, or since its head.
    public var came: UInt64 = 0

    /// Nothing has moved, and nothing waits.
    public init() {}

    /// The side that does not take what waits for it, if one does not: it is to blame where a time has passed.
    public var stalled: Side? { clientIsBehind ? .client : upstreamIsBehind ? .upstream : nil }

    /// How long ago the last byte passed, on either side.
    var idle: UInt32 { min(clientIdle, upstreamIdle) }

    /// What is left of the time of a transfer, or of the first byte of an answer to who has sent FIN: it counts from the last byte either way,
    /// and while the client does not read, from what it took.
    ///
    /// - Returns: nil: it has passed.
    func left(ofTransfer deadline: Deadline, _ times: DeadlineTimes) -> UInt32? {
        let (limit, idle) = clientIsBehind ? (times[.flush], clientIdle) : (times[deadline], idle)
        return idle < limit ? min(limit - idle, times[.flush]) : nil
    }

    /// What is left of a deadline while both bodies pass.
    ///
    /// - Returns: 0: all of its time; nil: it has passed.
    func left(ofExchange deadline: Deadline, _ times: DeadlineTimes) -> UInt32? {
        if isHeld { return 0 }
        switch deadline {
        case .requestBody:
            // It must come at a minimum rate, unless it is the origin that does not take it.
            let least = times.minimumBodyRate * UInt64(times[.requestBody]) / 10
            return came > 0 && (upstreamIsBehind || isLimited || came >= least) ? 0 : nil
        case .responseBody, .clientEnded: return left(ofTransfer: deadline, times)
        default: return nil
        }
    }

    /// What is left of a lingering close, which lasts while bytes come, for so long in all: a large upload ends before its client reads that
    /// it was refused.
    ///
    /// - Returns: nil: it has passed.
    func left(ofLinger times: DeadlineTimes) -> UInt32? {
        let (silence, all) = (times[.linger], max(times[.linger], times.lingerInAll))
        return clientIdle < silence && lingers < all ? min(silence - clientIdle, all - lingers) : nil
    }

    /// What is left of a tunnel's time, which counts from the last byte either way.
    ///
    /// - Returns: 0: all of its time; nil: it has passed.
    func left(ofTunnel deadline: Deadline, _ times: DeadlineTimes) -> UInt32? {
        if isHeld { return 0 }
        return idle < times[deadline] ? times[deadline] - idle : nil
    }
}
