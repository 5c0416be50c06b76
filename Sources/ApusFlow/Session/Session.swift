/// A client's connection: one request of HTTP/1.1 or 1.0 after the other, or the one of SOCKS, and how the connection ends.
///
/// A value without references, owned by one thread. What concerns the request that runs is told to its ``Exchange`` (``Step/exchange``),
/// and what becomes of the connection when that is over comes back by ``exchangeOver(_:)``. A session of another protocol has another
/// machine; an exchange is the same in all.
public struct Session: Sendable, BitwiseCopyable {
    /// Where the connection stands.
    public enum Phase: UInt8, Sendable, CaseIterable, BitwiseCopyable {
        /// Before its first request a header of the PROXY protocol is awaited, and no byte of it is there.
        case awaiting
        /// A part of that header is there.
        case announcing
        /// Between requests: no byte of the next one is there.
        case idle
        /// A part of a request head is there.
        case head
        /// The messages in front of a request of SOCKS come and go: see ``SOCKSSession``.
        case greeting
        /// A request runs: its exchange says how it goes on.
        case busy
        /// The last bytes are leaving; then the connection closes.
        case flushing
        /// The last answer was sent; what still comes is discarded (RFC 9112 §9.6).
        case lingering
        /// It has become a tunnel.
        case tunnel
        /// It is closed.
        case closed
    }

    /// What is to be done with bytes of the client.
    public enum Intake: UInt8, Sendable {
        /// They are, or begin, a header of the PROXY protocol.
        case announcement
        /// They are, or begin, a request head.
        case head
        /// They are, or begin, a message of SOCKS.
        case greeting
        /// They are the running exchange's.
        case exchange
        /// They are nobody's.
        case discard
    }

    /// Where the connection stands.
    public private(set) var phase: Phase
    /// Which deadline of the connection runs, or ran before the request that runs.
    public private(set) var deadline: Deadline
    /// Whether the client has sent FIN.
    public private(set) var clientEnded = false
    /// Whether the proxy drains: no further request is taken.
    public private(set) var isDraining: Bool

    /// A connection that was just accepted: its first head is awaited, from now on.
    ///
    /// - Parameters:
    ///   - draining: whether the proxy drains already, so that one request is served and no more.
    ///   - announced: whether a header of the PROXY protocol has to come first.
    public init(draining: Bool = false, announced: Bool = false) {
        isDraining = draining
        phase = announced ? .awaiting : .idle
        deadline = announced ? .announcement : .head
    }

    /// The exchange of the next request.
    public func newExchange() -> Exchange { Exchange(draining: isDraining) }

    /// Whether nothing of its first request has come.
    public var isFresh: Bool { phase == .idle && deadline == .head }

    // MARK: Requests

    /// The connection was accepted: the time of its first head begins, or of what has to come before.
    public func accepted() -> Step {
        // Another event of the same turn may have come first.
        switch (phase, deadline) {
        case (.idle, .head), (.awaiting, _): Step(deadline: deadline)
        default: .none
        }
    }

    /// A part of the header has come that says for whom the connection is.
    public mutating func announcementBegan() -> Step {
        switch phase {
        case .awaiting: phase = .announcing
        case .announcing: break
        case .idle, .head, .greeting, .busy, .flushing, .lingering, .tunnel, .closed: return ownFault(.announcement)
        }
        return .none
    }

    /// It is known for whom the connection is: the time of its first head begins.
    public mutating func announced() -> Step {
        guard phase == .awaiting || phase == .announcing else { return ownFault(.announcement) }
        phase = .idle
        return run(.head)
    }

    /// Bytes have come.
    @inline(__always)
    public func received() -> Intake {
        switch phase {
        case .idle, .head: .head
        case .awaiting, .announcing: .announcement
        case .greeting: .greeting
        case .busy, .tunnel: .exchange
        case .flushing, .lingering, .closed: .discard
        }
    }

    /// A part of a head has come.
    public mutating func headBegan() -> Step {
        switch phase {
        case .idle: break
        case .head: return .none
        case .awaiting, .announcing, .greeting, .busy, .flushing, .lingering, .tunnel, .closed:
            return ownFault(.requestHead)
        }
        phase = .head
        // A connection's first head is awaited since accept.
        return deadline == .head ? .none : run(.head)
    }

    /// The first byte is one of SOCKS, which has no request but one: the time of the first head goes on.
    public mutating func greetingBegan() -> Step {
        guard isFresh else { return ownFault(.requestHead) }
        phase = .greeting
        return .none
    }

    /// What a greeting waited for is there: the client may go on, in the time of a head.
    public mutating func greetingResumed() -> Step {
        guard phase == .busy else { return ownFault(.requestHead) }
        phase = .greeting
        return run(.head)
    }

    /// A whole head has come, or what can be none: its exchange is told what it is. What comes where a header of the PROXY protocol is awaited
    /// can be none either.
    public mutating func headEnded() -> Step {
        switch phase {
        case .awaiting, .announcing, .idle, .head, .greeting: phase = .busy
        case .busy, .flushing, .lingering, .tunnel, .closed: return ownFault(.requestHead)
        }
        return .none
    }

    /// The exchange is over, and this is what it leaves.
    public mutating func exchangeOver(_ leaves: Step.Leaving) -> Step {
        switch (phase, leaves) {
        case (.tunnel, _), (.closed, _): return .none
        // Whatever else: nothing may be taken for an answer any more.
        case (_, .reset): return close(.reset)
        case (.awaiting, _), (.idle, _), (.flushing, _), (.lingering, _): return ownFault(.exchangeEnd)
        case (.announcing, _), (.head, _), (.greeting, _), (.busy, _): break
        }
        switch leaves {
        case .next where !clientEnded && !isDraining:
            phase = .idle
            return run(.keepAlive, .next)
        case .cut: return flush()
        case .next, .last, .ends, .early: return clientEnded ? flush() : linger(leaves == .last ? .finish : .linger)
        case .reset: return close(.reset)
        case .gone: return close(.close)
        case .tunnel:
            phase = .tunnel
            return run(.tunnel)
        }
    }

    // MARK: Ends

    /// The client has sent FIN: a half-close while its request is whole, its end otherwise.
    public mutating func ended() -> Step {
        guard phase != .closed, phase != .tunnel, !clientEnded else { return .none }
        clientEnded = true
        switch phase {
        case .awaiting, .idle: return close(.close)
        case .lingering: return flush()
        case .announcing, .head, .greeting, .busy: return Step(exchange: .clientEnded)
        case .flushing, .tunnel, .closed: return .none
        }
    }

    /// The client's connection broke.
    public mutating func failed() -> Step {
        switch phase {
        case .announcing, .head, .greeting, .busy: Step(exchange: .clientFailed)
        case .awaiting, .idle, .flushing, .lingering: close(.close)
        case .tunnel, .closed: .none
        }
    }

    /// What had to wait for the client has left.
    public mutating func outputDrained() -> Step {
        switch phase {
        case .flushing: close(.close)
        // The time to linger begins when all has been sent.
        case .lingering: run(.linger, .givesWay)
        case .awaiting, .announcing, .idle, .head, .greeting, .busy, .tunnel, .closed: .none
        }
    }

    /// The proxy drains: an idle connection closes, a running one after its response.
    public mutating func drained() -> Step {
        guard phase != .closed, phase != .tunnel else { return .none }
        isDraining = true
        switch phase {
        case .awaiting, .idle: return linger(.linger)
        case .announcing, .head, .greeting, .busy: return Step(exchange: .drained)
        case .flushing, .lingering, .tunnel, .closed: return .none
        }
    }

    /// The connection ends now, whatever runs on it: the proxy stops, or somebody who may has asked for it.
    public mutating func stopped() -> Step {
        switch phase {
        case .announcing, .head, .greeting, .busy: Step(exchange: .stopped)
        case .awaiting, .idle, .flushing, .lingering: close(.reset)
        case .tunnel, .closed: .none
        }
    }

    /// A deadline has passed. Who is slow to take his last answer is not cut off in the middle of it.
    public mutating func expired(_ progress: TransferProgress, _ times: DeadlineTimes) -> Step {
        var left: UInt32?
        switch phase {
        case .announcing:
            phase = .busy
            return Step(exchange: .unannounced)
        case .head, .greeting, .busy: return Step(exchange: .expired)
        case .tunnel, .closed: return ownFault(.exchangeDeadline)
        case .flushing: left = progress.left(ofTransfer: deadline, times)
        case .idle where progress.clientIsBehind, .lingering where progress.clientIsBehind:
            left = progress.left(ofTransfer: deadline, times)
        case .lingering where progress.isServed && !isDraining: left = progress.left(ofLinger: times)
        case .awaiting, .idle, .lingering: break
        }
        if let left { return Step(deadline: deadline, ticks: left) }
        return close(phase == .flushing ? .reset : .close)
    }

    /// Others need its place, and it has all of its answer.
    public mutating func gaveWay() -> Step { phase == .lingering ? close(.close) : .none }

    private mutating func run(_ next: Deadline, _ client: Step.ClientAction = .none) -> Step {
        deadline = next
        return Step(client: client, deadline: next)
    }

    private mutating func close(_ how: Step.ClientAction) -> Step {
        phase = .closed
        return run(.none, how)
    }

    /// A close behind what waits. A client that has sent FIN, of whom all was read, loses nothing by it.
    private mutating func flush() -> Step {
        phase = .flushing
        return run(.flush, .flush)
    }

    /// FIN behind the answer, then what still comes is discarded: to close with unread input would be a reset, and destroy
    /// the answer on its way (RFC 9112 §9.6).
    private mutating func linger(_ how: Step.ClientAction) -> Step {
        phase = .lingering
        return run(.linger, how)
    }

    /// This proxy was wrong itself: a request that runs is refused; else the connection is reset, for an answer that nobody has asked
    /// for would be taken for the next one's.
    private mutating func ownFault(_ place: OwnFault) -> Step {
        var step: Step
        switch phase {
        case .announcing, .head, .greeting, .busy: return Step(exchange: .broken(place))
        case .awaiting, .idle, .flushing, .lingering: step = close(.reset)
        case .tunnel, .closed: step = .none
        }
        step.fault = .internalError(place)
        return step
    }
}
