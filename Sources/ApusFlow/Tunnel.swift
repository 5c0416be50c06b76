internal import ApusPolicy

/// A tunnel: CONNECT after its 2xx, or any connection after a 101. Bytes pass both ways until both sides have ended.
public struct Tunnel: Sendable, BitwiseCopyable {
    /// One of the two ends.
    public enum End: UInt8, Sendable {
        case client, upstream
    }

    /// Which ends have sent FIN.
    public private(set) var clientEnded = false
    /// Which ends have sent FIN.
    public private(set) var upstreamEnded = false
    /// Whether it is over.
    public private(set) var isClosed = false

    /// A tunnel that stands.
    public init() {}

    /// One end has sent FIN, and all that came before it has been handed over.
    public mutating func ended(_ end: End) -> Step {
        guard !isClosed else { return .none }
        switch end {
        case .client:
            guard !clientEnded else { return .none }
            clientEnded = true
        case .upstream:
            guard !upstreamEnded else { return .none }
            upstreamEnded = true
        }
        if clientEnded, upstreamEnded { return close(client: .close, upstream: .close, .complete) }
        var step = Step.none
        step.deadline = .halfClose
        if end == .client { step.upstream = .shutdown } else { step.client = .shutdown }
        return step
    }

    /// One end broke: the other one is told by a reset.
    public mutating func failed(_ end: End) -> Step {
        guard !isClosed else { return .none }
        return end == .client
            ? close(client: .close, upstream: .reset, Ending(.client, .relay, .reset))
            : close(client: .reset, upstream: .close, Ending(.upstream, .relay, .reset))
    }

    /// Nothing has passed for too long.
    public mutating func expired() -> Step {
        guard !isClosed else { return .none }
        // The end that has not sent FIN is the one that was waited for.
        let waitedFor: Side = clientEnded ? .upstream : .client
        return close(client: .close, upstream: .close, Ending(waitedFor, .relay, .timeout))
    }

    /// It may no longer be: a policy that is now in force denies it.
    public mutating func refused() -> Step {
        guard !isClosed else { return .none }
        return close(client: .close, upstream: .close, Ending(.proxy, .decide, .refused))
    }

    /// What may pass in this period has passed.
    public mutating func usedUp() -> Step {
        guard !isClosed else { return .none }
        var step = close(client: .close, upstream: .close, Ending(.proxy, .relay, .limit))
        step.fault = .refused(.volumeLimit)
        return step
    }

    /// The proxy stops.
    public mutating func stopped() -> Step {
        guard !isClosed else { return .none }
        return close(client: .close, upstream: .close, Ending(.proxy, .relay, .stopped))
    }

    private mutating func close(
        client: Step.ClientAction,
        upstream: Step.UpstreamAction,
        _ ending: Ending
    ) -> Step {
        isClosed = true
        var step = Step.none
        step.client = client
        step.upstream = upstream
        step.deadline = .none
        step.ending = ending
        return step
    }
}
