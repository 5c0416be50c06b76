public import ApusWire

/// What the client does.
extension Exchange {
    /// The connection was accepted: the time of its first head begins.
    public mutating func accepted() -> Step {
        guard phase == .idle, deadline == .head else { return .none }
        return run(.head)
    }

    /// A part of a head has come.
    public mutating func headBegan() -> Step {
        guard phase == .idle else { return phase == .head ? .none : ownFault(.requestHead) }
        begin()
        phase = .head
        // A connection's first head is awaited since accept.
        return deadline == .head ? .none : run(.head)
    }

    /// A whole request head has come, and its facts are in order.
    public mutating func requested(_ facts: RequestFacts) -> Step {
        // A request that is read while another one runs could be answered with what is that one's.
        guard phase == .idle || phase == .head else { return ownFault(.requestHead) }
        begin()
        method = facts.method
        version = facts.version
        requestBody = facts.body
        upgrade = facts.upgrade
        if facts.persistent { flags.insert(.persistent) }
        if facts.body == .none { flags.insert(.requestDone) }
        if facts.nominates { flags.insert(.dropsRequestTrailers) }
        if facts.expectsContinue { flags.formUnion([.awaitsContinue, .uncontinued]) }
        if facts.authenticatesConnection { flags.insert(.bound) }
        if facts.isForwarded { flags.insert(.forwarded) }
        if facts.switchesProtocol { flags.insert(.switches) }
        phase = .reaching
        if facts.loops { return refused(.fault(.loop)) }
        if facts.maxForwards == 0 { return refused(facts.method == .trace ? .trace : .options) }
        var step = run(.reach)
        step.upstream = .reach
        return step
    }

    /// A whole request head has come, but its facts are not in order: `refused` follows, and its answer minds the method.
    public mutating func misjudged(_ method: Method, _ version: HTTPVersion) {
        guard phase == .idle || phase == .head else { return }
        begin()
        phase = .head
        self.method = method
        self.version = version
    }

    /// The request will not be served: this is the answer.
    ///
    /// Once a part of the origin's answer has left, no other answer can follow: the response is cut short.
    public mutating func refused(_ answer: Answer) -> Step {
        switch phase {
        case _ where !takesFault && answer.fault?.place != nil: return broken(answer.fault)
        case .idle: begin()
        case .head, .reaching, .exchanging: break
        case .flushing, .lingering, .tunnel, .closed: return .none
        }
        if flags.contains(.answered) { return cut(answer.fault ?? .internalError(.ownAnswer), upstream: .reset) }
        let upstream = phase == .exchanging ? released : .close
        let ending = phase == .exchanging ? answer.fault?.ending(at: .relay) : answer.fault?.ending
        var step = flags.contains(.clientEnded) ? flush() : linger()
        step.client = .answer
        step.upstream = upstream
        step.answer = answer
        step.fault = answer.fault
        step.ending = ending ?? .complete
        status = answer.status
        flags.insert(.answered)
        return step
    }

    /// The client is asked for credentials: it sends the request again on the same connection (RFC 9110 §15.5.8), which stays
    /// open where the request is whole and nothing else ends it; else it is ``refused(_:)``.
    ///
    /// Never behind CONNECT or Upgrade: what a client sends behind those may be anybody's bytes, meant for the other protocol, and must
    /// not be taken for its next request (RFC 9931 §8).
    public mutating func challenged(_ answer: Answer) -> Step {
        guard phase == .reaching, requestIsDone, !isLast, !flags.contains(.switches) else { return refused(answer) }
        phase = .idle
        status = answer.status
        flags.insert(.answered)
        var step = run(.keepAlive)
        step.client = .answer
        step.upstream = .close
        step.answer = answer
        step.fault = answer.fault
        step.ending = answer.fault?.ending ?? .complete
        return step
    }

    /// A part of the request body has come: a client that expects a 100 has not waited for it (RFC 9110 §10.1.1).
    public mutating func requestBodyBegan() {
        guard phase == .exchanging else { return }
        flags.remove(.awaitsContinue)
    }

    /// The request body has been forwarded to its end.
    public mutating func requestBodyEnded() -> Step {
        guard phase == .exchanging, !flags.contains(.requestDone) else { return .none }
        flags.insert(.requestDone)
        if flags.contains(.responded) { return over() }
        return run(flags.contains(.answered) ? .responseBody : patience)
    }

    /// The client has sent FIN: a half-close while its request is whole, its end otherwise.
    public mutating func clientEnded() -> Step {
        guard phase != .closed, phase != .tunnel, !flags.contains(.clientEnded) else { return .none }
        flags.insert(.clientEnded)
        switch phase {
        case .idle: return close(.none)
        case .lingering: return flush()
        case .reaching where requestIsDone: return .none
        case .exchanging where requestIsDone || flags.contains(.abandoned):
            return flags.contains(.heard) ? .none : run(.clientEnded)
        case .head, .reaching, .exchanging: return vanish(.closed)
        case .flushing, .tunnel, .closed: return .none
        }
    }

    /// The client's connection broke.
    public mutating func clientFailed() -> Step {
        switch phase {
        case .head, .reaching, .exchanging: return vanish(.reset)
        case .idle, .flushing, .lingering: return close(.none)
        case .tunnel, .closed: return .none
        }
    }

    /// What had to wait for the client has left.
    public mutating func clientDrained() -> Step {
        switch phase {
        case .flushing: return close(.none)
        // The time to linger begins when all has been sent.
        case .lingering: return run(.linger)
        case .idle, .head, .reaching, .exchanging, .tunnel, .closed: return .none
        }
    }

    /// The proxy drains: an idle connection closes, a running one after its response.
    public mutating func drained() -> Step {
        guard phase != .closed, phase != .tunnel else { return .none }
        flags.insert(.draining)
        return phase == .idle ? linger() : .none
    }

    /// The connection ends now, whatever runs on it: the proxy stops, or somebody who may has asked for it.
    public mutating func stopped() -> Step {
        guard phase != .closed, phase != .tunnel else { return .none }
        return reset(upstream: .reset, isRunning ? Ending(.proxy, .relay, .stopped) : nil)
    }
}
