public import ApusWire

/// What the origin does, and the way to it.
extension Exchange {
    /// A connection to the origin stands.
    public mutating func reached(reused: Bool) -> Step {
        guard phase == .reaching else { return ownFault(.upstreamReached) }
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
        var step = run(requestIsDone ? patience : .requestBody)
        step.upstream = .sendHead
        return step
    }

    /// The request will go by the connection that is kept for its client, for its origin has authenticated it: it is sent on no other.
    public mutating func bind() {
        guard phase == .reaching else { return }
        flags.insert(.bound)
    }

    /// A response head has come, and its facts are in order.
    ///
    /// - Parameter requestWaits: whether a part of the request has not left for the origin yet.
    public mutating func responded(_ facts: ResponseFacts, requestWaits: Bool = false) -> Step {
        guard phase == .exchanging, !flags.contains(.answered) else { return ownFault(.responseHead) }
        flags.insert(.heard)
        if facts.status == 101 { return switched() }
        if facts.isInterim {
            if facts.status == 100 { flags.subtract([.awaitsContinue, .uncontinued]) }
            // Who says that it works on the answer is not silent (RFC 9110 §15.2).
            var step = requestIsDone ? run(.firstByte) : .none
            if version == .http11 { step.client = .forwardInterim }
            return step
        }
        status = facts.status
        responseBody = facts.body
        flags.insert(.answered)
        let early = !requestIsDone
        let refuses = early && facts.status >= 400
        // Such an origin may take what it is still sent for its next request, and answer the next client with it.
        if early || requestWaits || flags.contains(.uncontinued) { flags.insert(.early) }
        if facts.persistent, !refuses { flags.insert(.reusable) }
        if facts.body == .chunked, version == .http10 { flags.insert(.stripped) }
        if facts.nominates { flags.insert(.dropsResponseTrailers) }
        if facts.authenticatesConnection { flags.insert(.bound) }
        if early || isLast || facts.body == .untilClose { flags.insert(.closes) }
        var step = run(.responseBody)
        step.client = .forwardHead
        // An origin that answers with success, and stays, reads on (RFC 9112 §9.3).
        if refuses {
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
    ///
    /// While the origin reads on, the rest of the request is still forwarded: the client has FIN behind its answer, and what it sends
    /// goes to the origin.
    public mutating func responseBodyEnded() -> Step {
        guard phase == .exchanging, flags.contains(.answered), !flags.contains(.responded) else { return .none }
        let readsOn = flags.contains(.reusable) && !flags.contains(.awaitsContinue)
        guard !requestIsDone, readsOn else { return over() }
        flags.insert(.responded)
        var step = run(.requestBody)
        step.client = .shutdown
        return step
    }

    /// The response is over, and so is the request, or nobody wants the rest of it.
    mutating func over() -> Step {
        let isFit = flags.contains(.reusable) && requestIsDone && !flags.contains(.early)
        let isBound = flags.contains(.bound)
        var upstream = isFit && !isBound ? .pool : released
        var step: Step
        if !flags.contains(.closes), !isLast {
            if isFit, isBound, mayBind { upstream = .keep }
            phase = .idle
            step = run(.keepAlive)
            step.client = .next
        } else if flags.contains(.clientEnded) {
            step = flush()
        } else {
            step = linger()
        }
        step.upstream = upstream
        step.ending = .complete
        return step
    }

    /// The origin has sent FIN.
    ///
    /// - Parameter partialHead: whether a part of a response head has come.
    public mutating func upstreamEnded(partialHead: Bool) -> Step {
        guard phase == .exchanging else { return .none }
        // The origin wants no more of a request that it has answered.
        if flags.contains(.responded) { return over() }
        if flags.contains(.answered) {
            if responseBody == .untilClose { return responseBodyEnded() }
            return cut(.response(.incompleteBody), upstream: released)
        }
        if retries(partialHead) { return again() }
        return refused(.fault(.response(partialHead ? .incompleteHead : .noResponse)))
    }

    /// The connection to the origin broke.
    public mutating func upstreamFailed(_ fault: Fault, partialHead: Bool) -> Step {
        guard phase == .exchanging else { return .none }
        // The origin wants no more of a request that it has answered.
        if flags.contains(.responded) { return over() }
        if flags.contains(.answered) { return cut(fault, upstream: released) }
        if retries(partialHead) { return again() }
        return refused(.fault(fault))
    }

    /// The response cannot be what HTTP/1.1 allows: 502 while nothing has been sent on, else it is cut short.
    ///
    /// - Parameter headHasLeft: false while the head that was to be forwarded has not been sent.
    public mutating func responseFaulted(_ fault: ResponseFault, headHasLeft: Bool = true) -> Step {
        guard phase == .exchanging else { return .none }
        if !headHasLeft { flags.remove(.answered) }
        if flags.contains(.answered) { return cut(.response(fault), upstream: released) }
        return refused(.fault(.response(fault)))
    }

    /// Bytes have come behind the response: the connection is not to be trusted with another request (RFC 9112 §9.2).
    public mutating func upstreamOverran() {
        guard phase == .exchanging else { return }
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
