public import ApusWire

/// A client's connection: reading a request, reaching the origin, relaying both bodies, and the next request.
///
/// A value without references, owned by one thread. Each event returns a ``Step``; bytes never enter. What happens when is
/// said in one place each; an event that a phase does not know is a harmless race and returns ``Step/none``.
public struct Exchange: Sendable, BitwiseCopyable {
    /// Where the connection stands.
    public enum Phase: UInt8, Sendable, CaseIterable, BitwiseCopyable {
        /// Between requests: no byte of the next one is there.
        case idle
        /// A part of a request head is there.
        case head
        /// The request is whole enough to be judged; the origin is being reached.
        case reaching
        /// The request head has been sent; the bodies pass.
        case exchanging
        /// The last bytes are leaving; then the connection closes.
        case flushing
        /// An own or early answer was sent; what still comes is discarded (RFC 9112 §9.6).
        case lingering
        /// It has become a tunnel.
        case tunnel
        /// It is closed.
        case closed
    }

    struct Flags: OptionSet {
        let rawValue: UInt16
        /// The client's connection may serve another request, as far as the client is concerned.
        static let persistent = Flags(rawValue: 1 << 0)
        /// The client has sent FIN.
        static let clientEnded = Flags(rawValue: 1 << 1)
        /// The upstream connection came from the pool.
        static let reused = Flags(rawValue: 1 << 2)
        /// A stale pooled connection has been replaced once.
        static let retried = Flags(rawValue: 1 << 3)
        /// All of the request has been read.
        static let requestDone = Flags(rawValue: 1 << 4)
        /// A byte of the answer has come, interim responses included.
        static let heard = Flags(rawValue: 1 << 5)
        /// The final response head has been sent on, or an own answer.
        static let answered = Flags(rawValue: 1 << 6)
        /// The upstream connection may serve another request.
        static let reusable = Flags(rawValue: 1 << 7)
        /// The client's connection ends with this response.
        static let closes = Flags(rawValue: 1 << 8)
        /// The proxy is draining: no further request is taken.
        static let draining = Flags(rawValue: 1 << 9)
        /// The chunked coding is taken off for an HTTP/1.0 client.
        static let stripped = Flags(rawValue: 1 << 10)
        /// The request body is no longer forwarded.
        static let abandoned = Flags(rawValue: 1 << 11)
    }

    /// Where the connection stands.
    public private(set) var phase = Phase.idle
    /// Which deadline runs.
    public private(set) var deadline = Deadline.head
    var flags: Flags = []
    /// The method of the request that runs.
    public private(set) var method = Method.other
    /// The client's version.
    public private(set) var version = HTTPVersion.http11
    /// The final status sent to the client; 0 before.
    public private(set) var status: UInt16 = 0
    /// How the request body ends.
    public private(set) var requestBody = BodyFraming.none
    /// How the response body ends.
    public private(set) var responseBody = BodyFraming.none
    /// What the request offered to switch to.
    public private(set) var upgrade = UpgradeOffer()

    /// A connection that was just accepted: its first head is awaited.
    ///
    /// - Parameter draining: whether the proxy drains already, so that one request is served and no more.
    public init(draining: Bool = false) {
        if draining { flags.insert(.draining) }
    }

    /// Whether the client has sent FIN.
    public var hasEndedClient: Bool { flags.contains(.clientEnded) }
    /// Whether all of the request has been read.
    public var requestIsDone: Bool { flags.contains(.requestDone) }
    /// Whether a final response head has left for the client.
    public var isAnswered: Bool { flags.contains(.answered) }
    /// Whether the client's connection ends with the response that runs.
    public var closesClient: Bool { flags.contains(.closes) }
    /// Whether the chunked coding is taken off the response.
    public var stripsCoding: Bool { flags.contains(.stripped) }
    /// Whether the request body is no longer forwarded.
    public var hasAbandonedRequest: Bool { flags.contains(.abandoned) }
    /// Whether the upstream connection came from the pool.
    public var isReused: Bool { flags.contains(.reused) }
    /// Whether a chunked request body still comes and is forwarded.
    public var awaitsRequestChunks: Bool {
        phase == .exchanging && requestBody == .chunked && flags.isDisjoint(with: [.requestDone, .abandoned])
    }
    /// Whether a repetition on a fresh connection would do no harm, so that the head must be kept (RFC 9112 §9.3.1).
    public var isRetriable: Bool {
        method.isIdempotent && requestBody == .none && upgrade.isEmpty && !flags.contains(.retried)
    }
    /// Whether a request runs, which will leave a record.
    public var isRunning: Bool { phase == .reaching || phase == .exchanging }
}

// MARK: - The client's side

extension Exchange {
    /// A part of a head has come.
    public mutating func headBegan() -> Step {
        guard phase == .idle else { return .none }
        phase = .head
        return run(.head)
    }

    /// A whole request head has come, and its facts are in order.
    public mutating func requested(_ facts: RequestFacts) -> Step {
        guard phase == .idle || phase == .head else { return .none }
        flags.formIntersection([.clientEnded, .draining])
        method = facts.method
        version = facts.version
        status = 0
        requestBody = facts.body
        responseBody = .none
        upgrade = facts.upgrade
        if facts.persistent { flags.insert(.persistent) }
        if facts.body == .none { flags.insert(.requestDone) }
        phase = .reaching
        if facts.loops { return refused(.fault(.loop)) }
        if facts.maxForwards == 0 { return refused(facts.method == .trace ? .trace : .options) }
        var step = run(.reach)
        step.upstream = .reach
        return step
    }

    /// The request will not be served: this is the answer.
    ///
    /// Once a part of the origin's answer has left, no other answer can follow: the response is cut short.
    public mutating func refused(_ answer: Answer) -> Step {
        switch phase {
        case .idle, .head, .reaching, .exchanging: break
        case .flushing, .lingering, .tunnel, .closed: return .none
        }
        if flags.contains(.answered) { return cut(answer.fault ?? .internalError, upstream: .reset) }
        var step = run(.linger)
        step.client = .answer
        step.answer = answer
        step.upstream = phase == .exchanging ? (requestIsDone ? .close : .reset) : .close
        step.ending = answer.fault?.ending ?? .complete
        step.fault = answer.fault
        status = answer.status
        flags.insert(.answered)
        phase = .lingering
        return step
    }

    /// The request body has been forwarded to its end.
    public mutating func requestBodyEnded() -> Step {
        guard phase == .exchanging, !flags.contains(.requestDone) else { return .none }
        flags.insert(.requestDone)
        return run(flags.contains(.answered) ? .responseBody : .firstByte)
    }

    /// The client has sent FIN: a half-close while its request is whole, its end otherwise.
    public mutating func clientEnded() -> Step {
        flags.insert(.clientEnded)
        switch phase {
        case .idle, .head: return close(.none)
        case .lingering: return close(.none)
        case .reaching where requestIsDone: return .none
        case .exchanging where requestIsDone || flags.contains(.abandoned): return .none
        case .reaching, .exchanging: return vanish()
        case .flushing, .tunnel, .closed: return .none
        }
    }

    /// The client's connection broke.
    public mutating func clientFailed() -> Step {
        switch phase {
        case .reaching, .exchanging: return vanish()
        case .idle, .head, .flushing, .lingering: return close(.none)
        case .tunnel, .closed: return .none
        }
    }

    /// What had to wait for the client has left.
    public mutating func clientDrained() -> Step {
        phase == .flushing ? close(.none) : .none
    }

    /// The proxy drains: an idle connection closes, a running one after its response.
    public mutating func drained() -> Step {
        flags.insert(.draining)
        return phase == .idle ? close(.none) : .none
    }
}

// MARK: - The upstream's side

extension Exchange {
    /// A connection to the origin stands.
    public mutating func reached(reused: Bool) -> Step {
        guard phase == .reaching else { return .none }
        if method == .connect {
            phase = .tunnel
            status = 200
            var step = run(.tunnel)
            step.client = .establish
            step.upstream = .tunnel
            return step
        }
        if reused { flags.insert(.reused) } else { flags.remove(.reused) }
        phase = .exchanging
        var step = run(requestIsDone ? .firstByte : .requestBody)
        step.upstream = .sendHead
        return step
    }

    /// A response head has come, and its facts are in order.
    public mutating func responded(_ facts: ResponseFacts) -> Step {
        guard phase == .exchanging, !flags.contains(.answered) else { return .none }
        flags.insert(.heard)
        if facts.status == 101 { return switched() }
        if facts.isInterim {
            var step = Step.none
            if version == .http11 { step.client = .forwardInterim }
            return step
        }
        status = facts.status
        responseBody = facts.body
        flags.insert(.answered)
        let early = !requestIsDone
        if facts.persistent, !early { flags.insert(.reusable) }
        if facts.body == .chunked, version == .http10 { flags.insert(.stripped) }
        let ends = flags.contains(.draining) || flags.contains(.clientEnded) || !flags.contains(.persistent)
        if early || ends || facts.body == .untilClose { flags.insert(.closes) }
        var step = run(.responseBody)
        step.client = .forwardHead
        if early, facts.status >= 400 || !facts.persistent {
            flags.insert(.abandoned)
            step.upstream = .stopBody
        }
        return step
    }

    /// A 101: bytes both ways from here on (RFC 9110 §7.8).
    private mutating func switched() -> Step {
        guard requestIsDone, !upgrade.isEmpty else { return refused(.fault(.response(.unrequestedUpgrade))) }
        phase = .tunnel
        status = 101
        var step = run(.tunnel)
        step.client = .forwardHead
        step.upstream = .tunnel
        return step
    }

    /// The response body has been forwarded to its end, or there is none.
    public mutating func responseBodyEnded() -> Step {
        guard phase == .exchanging, flags.contains(.answered) else { return .none }
        var step: Step
        if !flags.contains(.closes) {
            phase = .idle
            step = run(.keepAlive)
            step.client = .next
        } else if requestIsDone {
            phase = .flushing
            step = run(.flush)
            step.client = .close
        } else {
            phase = .lingering
            step = run(.linger)
            step.client = .linger
        }
        step.upstream = flags.contains(.reusable) ? .pool : requestIsDone ? .close : .reset
        step.ending = .complete
        return step
    }

    /// The origin has sent FIN.
    ///
    /// - Parameter partialHead: whether a part of a response head has come.
    public mutating func upstreamEnded(partialHead: Bool) -> Step {
        guard phase == .exchanging else { return .none }
        if flags.contains(.answered) {
            if responseBody == .untilClose { return responseBodyEnded() }
            return cut(Fault.response(.incompleteBody), upstream: .close)
        }
        if retries(partialHead) { return again() }
        return refused(.fault(.response(partialHead ? .incompleteHead : .noResponse)))
    }

    /// The connection to the origin broke.
    public mutating func upstreamFailed(_ fault: Fault, partialHead: Bool) -> Step {
        guard phase == .exchanging else { return .none }
        if flags.contains(.answered) { return cut(fault, upstream: .close) }
        if retries(partialHead) { return again() }
        return refused(.fault(fault))
    }

    /// The response cannot be what HTTP/1.1 allows: 502 while nothing has been sent on, else it is cut short.
    public mutating func responseFaulted(_ fault: ResponseFault) -> Step {
        guard phase == .exchanging else { return .none }
        if flags.contains(.answered) {
            return cut(.response(fault), upstream: .close)
        }
        return refused(.fault(.response(fault)))
    }

    /// Bytes have come behind the response: the connection is not to be trusted with another request (RFC 9112 §9.2).
    public mutating func upstreamOverran() {
        flags.remove(.reusable)
    }

    private func retries(_ partialHead: Bool) -> Bool {
        flags.contains(.reused) && !flags.contains(.heard) && !partialHead && isRetriable
    }

    private mutating func again() -> Step {
        flags.insert(.retried)
        flags.remove(.reused)
        phase = .reaching
        var step = run(.reach)
        step.upstream = .reachFresh
        return step
    }
}

// MARK: - Time

extension Exchange {
    /// The deadline that ran has passed.
    public mutating func expired() -> Step {
        switch deadline {
        case .keep, .none, .tunnel, .halfClose: return .none
        case .head: return phase == .head ? refused(.fault(.timeout(.requestHead))) : close(.none)
        case .keepAlive, .linger: return close(.none)
        case .reach: return refused(.fault(.timeout(.connect)))
        case .requestBody: return refused(.fault(.timeout(.requestBody)))
        case .firstByte: return refused(.fault(.timeout(.response)))
        case .responseBody: return cut(.timeout(.responseBody), upstream: .reset)
        case .flush:
            var step = close(.none)
            step.client = .reset
            return step
        }
    }
}

// MARK: - Endings

extension Exchange {
    @inline(__always)
    private mutating func run(_ next: Deadline) -> Step {
        deadline = next
        var step = Step.none
        step.deadline = next
        return step
    }

    private mutating func close(_ upstream: Step.UpstreamAction) -> Step {
        phase = .closed
        var step = run(.none)
        step.client = .close
        step.upstream = upstream
        return step
    }

    /// The client is gone: nobody is there to read the answer.
    private mutating func vanish() -> Step {
        let stage: Stage = phase == .reaching ? .reach : .relay
        var step = close(.reset)
        step.ending = Ending(.client, stage, .closed)
        return step
    }

    /// Ends a response short of its end so that the client can tell (RFC 9112 §8).
    ///
    /// A close is enough where a length or a last chunk is missing; a body that ends with the connection needs a reset.
    private mutating func cut(_ fault: Fault, upstream: Step.UpstreamAction) -> Step {
        let tells = !flags.contains(.stripped) && responseBody != .untilClose && responseBody != .none
        phase = tells ? .flushing : .closed
        var step = run(tells ? .flush : .none)
        step.client = tells ? .close : .reset
        step.upstream = upstream
        step.ending = fault.ending(at: .relay)
        step.fault = fault
        return step
    }
}
