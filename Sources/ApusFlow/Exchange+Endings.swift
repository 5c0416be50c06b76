internal import ApusWire

/// How deadlines begin and connections end.
extension Exchange {
    @inline(__always)
    mutating func run(_ next: Deadline) -> Step {
        deadline = next
        var step = Step.none
        step.deadline = next
        return step
    }

    /// Nothing is left to do.
    mutating func close(_ upstream: Step.UpstreamAction) -> Step {
        phase = .closed
        var step = run(.none)
        step.client = .close
        step.upstream = upstream
        return step
    }

    /// Nobody is there to read what is left, or it must not look whole.
    mutating func reset(upstream: Step.UpstreamAction, _ ending: Ending?) -> Step {
        var step = close(upstream)
        step.client = .reset
        step.ending = ending
        return step
    }

    /// The client has sent FIN, and all that it sent was read: a close behind what waits takes nothing from it.
    mutating func flush() -> Step {
        phase = .flushing
        var step = run(.flush)
        step.client = .close
        return step
    }

    /// FIN behind the answer, then what still comes is discarded: to close with unread input would be a reset, and destroy
    /// the answer on its way (RFC 9112 §9.6).
    mutating func linger() -> Step {
        phase = .lingering
        var step = run(.linger)
        step.client = .linger
        return step
    }

    /// The client is gone: nobody is there to read the answer.
    mutating func vanish(_ how: Ending.How) -> Step {
        let stage: Stage = phase == .head ? .read : phase == .reaching ? .reach : .relay
        var step = close(phase == .head ? .none : .reset)
        step.ending = Ending(.client, stage, how)
        return step
    }

    /// This proxy was wrong itself: a request that runs is refused, or its answer cut short; any other connection is reset, for an answer
    /// that nobody has asked for would be taken for the next one's.
    mutating func ownFault(_ place: OwnFault) -> Step { refused(.fault(.internalError(place))) }

    /// Whether there is a request that an own fault can be told to.
    var takesFault: Bool { phase == .head || isRunning }

    /// An own fault where no request runs.
    mutating func broken(_ fault: Fault?) -> Step {
        // What has become a tunnel, or is closed, is not this machine's any more.
        let isOver = phase == .tunnel || phase == .closed
        var step = isOver ? Step.none : reset(upstream: .reset, nil)
        step.fault = fault
        return step
    }

    /// Ends a response short of its end so that the client can tell (RFC 9112 §8).
    ///
    /// A close is enough where a length or a last chunk is missing; a body that ends with the connection needs a reset.
    mutating func cut(_ fault: Fault, upstream: Step.UpstreamAction) -> Step {
        let tells = !flags.contains(.stripped) && responseBody != .untilClose && responseBody != .none
        var step = tells ? flush() : reset(upstream: upstream, nil)
        step.upstream = upstream
        step.ending = fault.ending(at: .relay)
        step.fault = fault
        return step
    }
}
