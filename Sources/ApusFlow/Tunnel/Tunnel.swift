public import ApusPolicy

/// A tunnel: CONNECT after its 2xx, or any connection after a 101. Bytes pass both ways until both sides have ended.
///
/// Where the name inside has to be that of CONNECT, the client's bytes are held at first, until its ClientHello has been judged;
/// the other direction flows meanwhile.
public struct Tunnel: Sendable, BitwiseCopyable {
    /// One of the two ends.
    public enum End: UInt8, Sendable {
        case client, upstream
    }

    /// How far it has come.
    public enum Phase: UInt8, Sendable, BitwiseCopyable {
        /// The client's first bytes are to be judged, and none has come.
        case awaitingHello
        /// Some have come, and are held.
        case holdingHello
        /// Bytes pass both ways.
        case open
        /// What the client said was refused, and is recorded; its connection stands until the client has seen why.
        case lingering
        /// It is over.
        case closed
    }

    /// How far it has come.
    public private(set) var phase: Phase
    /// Which ends have sent FIN.
    public private(set) var clientEnded = false
    /// Which ends have sent FIN.
    public private(set) var upstreamEnded = false
    /// Whether it is over.
    public var isClosed: Bool { phase == .closed }
    /// Whether the client's bytes are not to be passed on yet.
    public var isHolding: Bool { phase == .awaitingHello || phase == .holdingHello }

    /// A tunnel that stands.
    ///
    /// - Parameter judgesHello: whether the client's ClientHello is to be judged first.
    public init(judgesHello: Bool = false) {
        phase = judgesHello ? .awaitingHello : .open
    }

    /// One end has sent FIN, and all that came before it has been handed over, or is held.
    public mutating func ended(_ end: End) -> Step {
        switch (phase, end) {
        case (.closed, _), (.lingering, .upstream): return .none
        case (.lingering, .client): return close(client: .close, upstream: .none, .complete)
        case (.holdingHello, .client):
            // Half a ClientHello says nothing and is of no use to anybody.
            return close(client: .close, upstream: .close, Ending(.client, .relay, .closed))
        case (.awaitingHello, .client): phase = .open
        case (.open, _), (.awaitingHello, .upstream), (.holdingHello, .upstream): break
        }
        switch end {
        case .client:
            guard !clientEnded else { return .none }
            clientEnded = true
        case .upstream:
            guard !upstreamEnded else { return .none }
            upstreamEnded = true
        }
        if clientEnded, upstreamEnded { return close(client: .close, upstream: .close, .complete) }
        // The time that a ClientHello has goes on.
        var step = Step(deadline: phase == .holdingHello ? .keep : .halfClose)
        if end == .client { step.upstream = .shutdown } else { step.client = .shutdown }
        return step
    }

    /// One end broke: the other one is told by a reset.
    public mutating func failed(_ end: End) -> Step {
        switch phase {
        case .closed: return .none
        case .lingering where end == .upstream: return .none
        case .lingering, .awaitingHello, .holdingHello, .open: break
        }
        return end == .client
            ? close(client: .close, upstream: .reset, Ending(.client, .relay, .reset))
            : close(client: .reset, upstream: .close, Ending(.upstream, .relay, .reset))
    }

    /// Its deadline has passed: the time of a ClientHello, which is judged as it is, or that in which something has to pass.
    public mutating func expired(_ progress: TransferProgress, _ times: DeadlineTimes) -> Step {
        switch phase {
        case .closed: return .none
        case .holdingHello: return Step(client: .judgeHello)
        case .awaitingHello, .open:
            let deadline: Deadline = clientEnded || upstreamEnded ? .halfClose : .tunnel
            if let left = progress.left(ofTunnel: deadline, times) { return Step(deadline: deadline, ticks: left) }
        case .lingering: break
        }
        // The end that has not sent FIN is the one that was waited for; where neither has, it is this side that gave up.
        let waitedFor: Side = clientEnded ? .upstream : upstreamEnded ? .client : .proxy
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
        return close(client: .close, upstream: .close, Ending(.proxy, .relay, .limit), .refused(.volumeLimit))
    }

    /// The proxy stops.
    public mutating func stopped() -> Step {
        guard !isClosed else { return .none }
        return close(client: .close, upstream: .close, Ending(.proxy, .relay, .stopped))
    }

    /// This proxy was wrong itself: nothing more passes, and neither end may take what has passed for whole.
    private mutating func ownFault(_ place: OwnFault) -> Step {
        let fault = Fault.internalError(place)
        var step = isClosed ? Step.none : close(client: .reset, upstream: .reset, fault.ending(at: .relay))
        step.fault = fault
        return step
    }

    private mutating func close(
        client: Step.ClientAction,
        upstream: Step.UpstreamAction,
        _ ending: Ending,
        _ fault: Fault? = nil
    ) -> Step {
        let isRecorded = phase == .lingering
        phase = .closed
        var step = Step(client: client, deadline: .none)
        if isRecorded { return step }
        step.upstream = upstream
        step.ending = ending
        step.fault = fault
        return step
    }
}

// MARK: - The ClientHello

extension Tunnel {
    /// The first bytes of the client have come, and are not a whole ClientHello: its time begins.
    public mutating func helloBegan() -> Step {
        guard isHolding else { return ownFault(.tunnelHello) }
        if phase == .holdingHello { return .none }
        phase = .holdingHello
        return Step(deadline: .clientHello)
    }

    /// The client may say what it has said: what is held passes, and then everything.
    public mutating func helloPassed() -> Step {
        guard isHolding else { return ownFault(.tunnelHello) }
        phase = .open
        return Step(upstream: .tunnel, deadline: upstreamEnded ? .halfClose : .tunnel)
    }

    /// The client's bytes are not passed on: it is told by an alert, and the upstream has not seen a byte of it.
    public mutating func helloRefused(_ refusal: Refusal) -> Step {
        guard isHolding else { return ownFault(.tunnelHello) }
        phase = .lingering
        let fault = Fault.refused(refusal)
        var step = Step(client: .linger, upstream: .close, deadline: .linger)
        step.ending = fault.ending(at: .relay)
        step.fault = fault
        return step
    }
}
