public import ApusWire

/// One request and its response: reaching the origin, relaying both bodies, and what is left of both connections when it is over.
///
/// A value without references, owned by one thread. Each event returns a ``Step``; bytes never enter. What happens when is
/// said in one place each; an event that a phase does not know is a harmless race and returns ``Step/none``, or cannot be and is
/// an own fault: ``broken(_:)``. How the client's connection goes on is its session's to say, by what the exchange leaves of it
/// (``Step/leaves``).
public struct Exchange: Sendable, BitwiseCopyable {
    /// Where the request stands.
    public enum Phase: UInt8, Sendable, CaseIterable, BitwiseCopyable {
        /// Its head is being read.
        case head
        /// It is whole enough to be judged; the origin is being reached.
        case reaching
        /// Its head has been sent; the bodies pass.
        case exchanging
        /// It has become a tunnel.
        case tunnel
        /// It is over.
        case over
    }

    /// Where the request stands.
    public private(set) var phase = Phase.head
    /// Which deadline runs, while both bodies pass; on the way to the origin it is the ``Preparation``'s.
    public private(set) var deadline = Deadline.none
    private(set) var flags: ExchangeFlags = []
    /// The method of the request.
    public private(set) var method = Method.other
    /// The client's version.
    public private(set) var version = HTTPVersion.http11
    /// The final status sent to the client; 0 before.
    public private(set) var status: UInt16 = 0
    /// How both bodies end.
    public private(set) var requestBody = BodyFraming.none
    public private(set) var responseBody = BodyFraming.none
    /// What the request offered to switch to.
    public private(set) var upgrade = UpgradeOffer()

    /// A request whose first byte has come, or is to come.
    ///
    /// - Parameter draining: whether the proxy drains, so that it is the last of its connection.
    public init(draining: Bool = false) {
        if draining { flags.insert(.draining) }
    }

    /// No request: what stands where the first one will.
    public static var none: Exchange {
        var none = Exchange()
        none.phase = .over
        return none
    }

    // MARK: The request

    /// A whole request head has come, and its facts are in order.
    public mutating func requested(_ facts: RequestProperties) -> Step {
        // A request that is read while this one runs could be answered with what is this one's.
        guard phase == .head else { return broken(.requestHead) }
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
        return Step(upstream: .reach)
    }

    /// A whole request head has come, but its facts are not in order: `refused` follows, and its answer minds the method.
    public mutating func misjudged(_ method: Method, _ version: HTTPVersion) {
        guard phase == .head else { return }
        self.method = method
        self.version = version
    }

    /// The request will not be served: this is the answer.
    ///
    /// Once a part of the origin's answer has left, no other answer can follow: the response is cut short.
    public mutating func refused(_ answer: Answer) -> Step {
        switch phase {
        case .over, .tunnel:
            guard let place = answer.fault?.place else { return .none }
            return broken(place)
        case .head, .reaching, .exchanging: break
        }
        if flags.contains(.answered) { return cut(answer.fault ?? .internalError(.ownAnswer), upstream: .reset) }
        let upstream = phase == .exchanging ? released : .close
        let ending = phase == .exchanging ? answer.fault?.ending(at: .relay) : answer.fault?.ending
        var step = end(ending ?? .complete, requestIsDone || requestBody == .none || hasEndedClient ? .ends : .early)
        step.upstream = upstream
        step.answer = answer
        step.fault = answer.fault
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
        status = answer.status
        flags.insert(.answered)
        var step = end(answer.fault?.ending ?? .complete, .next)
        step.upstream = .close
        step.answer = answer
        step.fault = answer.fault
        return step
    }

    /// The request body has been forwarded to its end.
    public mutating func requestBodyEnded() -> Step {
        guard phase == .exchanging, !flags.contains(.requestDone) else { return .none }
        flags.insert(.requestDone)
        if flags.contains(.responded) { return over() }
        return run(flags.contains(.answered) ? .responseBody : patience)
    }

    // MARK: The client's connection

    /// The client has sent FIN: a half-close while its request is whole, its end otherwise.
    public mutating func clientEnded() -> Step {
        guard phase != .over, phase != .tunnel, !flags.contains(.clientEnded) else { return .none }
        flags.insert(.clientEnded)
        switch phase {
        case .reaching where requestIsDone: return .none
        case .exchanging where requestIsDone || flags.contains(.abandoned):
            return flags.contains(.heard) ? .none : run(.clientEnded)
        case .head, .reaching, .exchanging: return vanish(.closed)
        case .tunnel, .over: return .none
        }
    }

    /// The client's connection broke.
    public mutating func clientFailed() -> Step {
        switch phase {
        case .head, .reaching, .exchanging: vanish(.reset)
        case .tunnel, .over: .none
        }
    }

    /// The proxy drains: the client's connection closes behind the response.
    public mutating func drained() -> Step {
        if phase != .over, phase != .tunnel { flags.insert(.draining) }
        return .none
    }

    /// The client's connection ends now: the proxy stops, or somebody who may has asked for it.
    public mutating func stopped() -> Step {
        switch phase {
        case .head: return end(nil, .reset)
        case .reaching, .exchanging:
            var step = end(Ending(.proxy, .relay, .stopped), .reset)
            step.upstream = .reset
            return step
        case .tunnel, .over: return .none
        }
    }

    // MARK: The way to the origin, and its response

    /// A connection to the origin stands.
    public mutating func reached(reused: Bool) -> Step {
        guard phase == .reaching else { return broken(.upstreamReached) }
        if method == .connect {
            var step = switched(200)
            step.client = .establish
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
    public mutating func responded(_ facts: ResponseProperties, requestWaits: Bool = false) -> Step {
        guard phase == .exchanging, !flags.contains(.answered) else { return broken(.responseHead) }
        flags.insert(.heard)
        if facts.status == 101 {
            // Bytes both ways from here on (RFC 9110 §7.8), if that was asked for.
            guard requestIsDone, !upgrade.isEmpty else { return refused(.fault(.response(.unrequestedUpgrade))) }
            var step = switched(101)
            step.client = .forwardHead
            return step
        }
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

    /// The origin has sent FIN.
    ///
    /// - Parameter partialHead: whether a part of a response head has come.
    public mutating func upstreamEnded(partialHead: Bool) -> Step {
        if phase == .exchanging, flags.contains(.answered), !flags.contains(.responded), responseBody == .untilClose {
            return responseBodyEnded()
        }
        let fault: ResponseFault = isAnswered ? .incompleteBody : partialHead ? .incompleteHead : .noResponse
        return upstreamLeft(.response(fault), partialHead)
    }

    /// The connection to the origin broke.
    public mutating func upstreamFailed(_ fault: Fault, partialHead: Bool) -> Step { upstreamLeft(fault, partialHead) }

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

    // MARK: Time

    /// The deadline that ran has passed. While bodies pass it counts from what has moved.
    public mutating func expired(_ progress: TransferProgress, _ times: DeadlineTimes) -> Step {
        switch phase {
        case .head: return refused(.fault(.timeout(.requestHead)))
        // What is waited for on the way knows what its time was.
        case .reaching: return Step(upstream: .giveUp)
        case .tunnel, .over: return broken(.exchangeDeadline)
        case .exchanging: break
        }
        // A client that expects a 100 has not waited for it (RFC 9110 §10.1.1).
        if progress.came > 0 { flags.remove(.awaitsContinue) }
        if let left = progress.left(ofExchange: deadline, times) { return Step(deadline: deadline, ticks: left) }
        let stalled = progress.stalled
        switch deadline {
        // The client waits for the origin's word; it is the origin that is silent.
        case .requestBody where stalled == nil && flags.contains(.awaitsContinue):
            return refused(.fault(.timeout(.response)))
        case .requestBody: return refused(.fault(.timeout(stalled == .upstream ? .requestWrite : .requestBody)))
        case .firstByte: return refused(.fault(.timeout(stalled == .upstream ? .requestWrite : .response)))
        // Who sent FIN may have gone: the origin is not to blame for an answer that others are given more time for.
        case .clientEnded: return refused(.fault(.timeout(.halfClosedClient)))
        case .responseBody:
            guard stalled == .client else { return cut(.timeout(.responseBody), upstream: .reset) }
            // Nothing would be taken of what a gentler end still has to send.
            var step = end(Ending(.client, .relay, .timeout), .reset)
            step.upstream = .reset
            return step
        default: return broken(.exchangeDeadline)
        }
    }

    // MARK: The end

    /// This proxy was wrong itself: a request that runs is refused, or its answer cut short; any other connection is reset, for an answer
    /// that nobody has asked for would be taken for the next one's.
    public mutating func broken(_ place: OwnFault) -> Step {
        if phase == .head || isRunning { return refused(.fault(.internalError(place))) }
        // What has become a tunnel is not this machine's any more.
        var step = phase == .tunnel ? Step.none : Step(leaves: .reset)
        step.fault = .internalError(place)
        return step
    }

    /// The response is over, and so is the request, or nobody wants the rest of it.
    private mutating func over() -> Step {
        let isFit = flags.contains(.reusable) && requestIsDone && !flags.contains(.early)
        let isBound = flags.contains(.bound)
        let goesOn = !flags.contains(.closes) && !isLast
        let upstream = !isFit ? released : !isBound ? .pool : goesOn && mayBind ? .keep : released
        var step = end(.complete, goesOn ? .next : remains)
        step.upstream = upstream
        return step
    }

    /// Ends a response short of its end so that the client can tell (RFC 9112 §8).
    ///
    /// A close is enough where a length or a last chunk is missing; a body that ends with the connection needs a reset.
    private mutating func cut(_ fault: Fault, upstream: Step.UpstreamAction) -> Step {
        let tells = !flags.contains(.stripped) && responseBody != .untilClose && responseBody != .none
        var step = end(fault.ending(at: .relay), tells ? .cut : .reset)
        step.upstream = upstream
        step.fault = fault
        return step
    }

    /// The client is gone: nobody is there to read the answer.
    private mutating func vanish(_ how: Ending.How) -> Step {
        let stage: Stage = phase == .head ? .read : phase == .reaching ? .reach : .relay
        let upstream: Step.UpstreamAction = phase == .head ? .none : .reset
        var step = end(Ending(.client, stage, how), .gone)
        step.upstream = upstream
        return step
    }

    /// The origin has gone away, by FIN or by a reset.
    private mutating func upstreamLeft(_ fault: Fault, _ partialHead: Bool) -> Step {
        guard phase == .exchanging else { return .none }
        // The origin wants no more of a request that it has answered.
        if flags.contains(.responded) { return over() }
        if flags.contains(.answered) { return cut(fault, upstream: released) }
        guard flags.contains(.reused), !flags.contains(.heard), !partialHead, isRetriable else {
            return refused(.fault(fault))
        }
        flags.insert(.retried)
        flags.remove(.reused)
        phase = .reaching
        deadline = .none
        return Step(upstream: .reachFresh)
    }

    private mutating func switched(_ status: UInt16) -> Step {
        phase = .tunnel
        self.status = status
        var step = run(.tunnel)
        step.upstream = .tunnel
        step.leaves = .tunnel
        return step
    }

    @inline(__always)
    private mutating func run(_ next: Deadline) -> Step {
        deadline = next
        return Step(deadline: next)
    }

    @inline(__always)
    private mutating func end(_ ending: Ending?, _ leaves: Step.Leaving) -> Step {
        phase = .over
        deadline = .none
        var step = Step(leaves: leaves)
        step.ending = ending
        return step
    }
}
