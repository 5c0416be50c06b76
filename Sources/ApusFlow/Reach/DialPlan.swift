package import ApusWire

/// Which address of a host to try now: Happy Eyeballs (RFC 8305) over addresses that were already judged.
///
/// The families take turns; the next address is tried when the one before has not answered for the attempt delay, or at
/// once when it failed. The first connection wins. Times are microseconds of one clock, given as arguments; a value
/// without references of about 200 bytes.
///
/// An event that cannot be (an attempt that is not in flight, anything once the dial is over) is a race with a close
/// that was already asked for: it answers a step with nothing in it.
package struct DialPlan: Sendable, BitwiseCopyable {
    private enum Phase: UInt8 {
        case unresolved, dialing, over
    }

    /// The least share of an attempt, as in Go's `net.Dialer`: what is shorter gives up on a host that is only far.
    private static let leastShare: UInt32 = 2_000_000

    private var order = AddressList()
    private var beganAt: UInt64 = 0
    /// For each attempt when its share ends, in microseconds since `beganAt`, like the times below.
    private var shares = InlineArray<8, UInt32>(repeating: 0)
    private var lastStart: UInt32 = 0
    private let delay: UInt32
    private let timeout: UInt32
    private let maxInFlight: UInt8
    private let preference: AddressPreference
    private var phase = Phase.unresolved
    private var started: UInt8 = 0
    private var failure: DialFailure?

    /// The attempts that were started and have not ended, one bit for each number.
    package private(set) var inFlight: UInt8 = 0

    /// Makes a plan that waits for addresses.
    package init(_ settings: DialSettings = DialSettings()) {
        delay = UInt32(min(max(settings.attemptDelay, 10_000), 60_000_000))
        timeout = UInt32(min(settings.timeout, 3_600_000_000))
        maxInFlight = UInt8(min(max(settings.maxInFlight, 1), AddressList.capacity))
        preference = settings.preference
    }

    /// Whether the dial has come to its outcome, or was abandoned.
    package var isOver: Bool { phase == .over }

    /// Where an attempt that was started goes to.
    package func address(of attempt: UInt8) -> IPAddress? {
        attempt < started ? order[Int(attempt)] : nil
    }
}

// MARK: - Events

extension DialPlan {
    /// The addresses of the host are known; those that the guard refused are left out. The connect timeout begins.
    ///
    /// Without an address it fails as `prohibited`: a name that has none fails at the look-up and never comes here.
    package mutating func resolved(_ addresses: AddressList, now: UInt64) -> DialStep {
        guard phase == .unresolved else { return .quiet }
        guard !addresses.isEmpty else { return ended(.failed(.prohibited)) }
        order = addresses.interleaved(preference)
        beganAt = now
        phase = .dialing
        return started(at: 0)
    }

    /// The addresses of the host are known, see above; more than eight are cut as `AddressList` says.
    package mutating func resolved(_ addresses: [IPAddress], now: UInt64) -> DialStep {
        resolved(AddressList(addresses), now: now)
    }

    /// An attempt is connected: it wins, the others are closed.
    package mutating func dialed(_ attempt: UInt8, now: UInt64) -> DialStep {
        guard phase == .dialing, leave(attempt) else { return .quiet }
        return ended(.connected(attempt))
    }

    /// An attempt has failed: the next address is tried at once (RFC 8305 §5).
    package mutating func dialFailed(_ attempt: UInt8, reason: DialFailure, now: UInt64) -> DialStep {
        guard phase == .dialing, leave(attempt) else { return .quiet }
        note(reason)
        let elapsed = elapsed(now)
        if elapsed >= timeout { return ended(.failed(.timedOut)) }
        if hasMore { return started(at: elapsed) }
        if inFlight == 0 { return ended(.failed(failure ?? reason)) }
        return waiting()
    }

    /// The time of the last step's `wakeAt` has come; too early or too late is no harm.
    package mutating func ticked(now: UInt64) -> DialStep {
        guard phase == .dialing else { return .quiet }
        let elapsed = elapsed(now)
        if elapsed >= timeout { return ended(.failed(.timedOut)) }
        guard hasMore else { return waiting() }
        if hasRoom { return elapsed >= lastStart + delay ? started(at: elapsed) : waiting() }
        let oldest = firstToEnd
        guard elapsed >= shares[Int(oldest)] else { return waiting() }
        _ = leave(oldest)
        note(.timedOut)
        var step = started(at: elapsed)
        step.cancel = oldest
        return step
    }

    /// Nobody waits for the connection any more: everything in flight is to be closed, and no outcome follows.
    package mutating func abandoned() -> DialStep {
        guard phase != .over else { return .quiet }
        return ended(.pending)
    }
}

// MARK: - Within

extension DialPlan {
    private var hasMore: Bool { Int(started) < order.count }

    private var hasRoom: Bool { inFlight.nonzeroBitCount < Int(maxInFlight) }

    /// Of the attempts in flight, the one whose share ends first.
    private var firstToEnd: UInt8 {
        var first = UInt8(truncatingIfNeeded: inFlight.trailingZeroBitCount)
        for attempt in 0..<started where inFlight & (1 << attempt) != 0 && shares[Int(attempt)] < shares[Int(first)] {
            first = attempt
        }
        return first
    }

    private func elapsed(_ now: UInt64) -> UInt32 { now > beganAt ? UInt32(clamping: now - beganAt) : 0 }

    /// Takes an attempt out of those in flight; false when it is not among them.
    private mutating func leave(_ attempt: UInt8) -> Bool {
        guard attempt < started, inFlight & (1 << attempt) != 0 else { return false }
        inFlight &= ~(1 << attempt)
        return true
    }

    private mutating func note(_ reason: DialFailure) { failure = failure?.joined(reason) ?? reason }

    /// Starts the next address. Its share is the time left by the rounds that are still to come: attempts overlap, so
    /// the last ones may take all of it, and one black hole cannot.
    private mutating func started(at elapsed: UInt32) -> DialStep {
        let attempt = started
        let left = UInt32(order.count) - UInt32(attempt)
        let rounds = (left + UInt32(maxInFlight) - 1) / UInt32(maxInFlight)
        let share = max((timeout - min(elapsed, timeout)) / rounds, Self.leastShare)
        shares[Int(attempt)] = min(elapsed + share, timeout)
        inFlight |= 1 << attempt
        started += 1
        lastStart = elapsed
        var step = waiting()
        step.start = DialStep.Start(attempt: attempt, address: order[Int(attempt)])
        return step
    }

    /// Nothing but the time of the next tick.
    private func waiting() -> DialStep {
        var next = timeout
        if hasMore { next = min(next, hasRoom ? lastStart + delay : shares[Int(firstToEnd)]) }
        return DialStep(wakeAt: beganAt + UInt64(next))
    }

    private mutating func ended(_ outcome: DialStep.Outcome) -> DialStep {
        phase = .over
        let step = DialStep(losers: inFlight, outcome: outcome)
        inFlight = 0
        return step
    }
}
