package import ApusFlow
package import ApusWire

/// A client's connection with the exchange that runs on it: the two machines joined as the shell joins them, so that a playbook tells a
/// whole conversation. A step shows what both ask for.
@dynamicMemberLookup
package struct HTTP1Connection: Sendable {
    /// Where the connection stands, by both machines.
    package enum Phase: UInt8, Sendable, CaseIterable {
        case idle, head, reaching, exchanging, flushing, lingering, tunnel, closed
    }

    /// The connection.
    package private(set) var session: Session
    /// Its request that runs, or the last one.
    package private(set) var exchange: Exchange

    /// A connection that was just accepted.
    package init(draining: Bool = false) {
        session = Session(draining: draining)
        exchange = .none
    }

    package var phase: Phase {
        switch session.phase {
        case .awaiting, .announcing, .idle: .idle
        case .head, .greeting: .head
        case .busy: exchange.phase == .reaching ? .reaching : exchange.phase == .exchanging ? .exchanging : .head
        case .flushing: .flushing
        case .lingering: .lingering
        case .tunnel: .tunnel
        case .closed: .closed
        }
    }

    /// The deadline that runs; none of theirs while the origin is reached.
    package var deadline: Deadline { phase == .exchanging ? exchange.deadline : session.deadline }

    /// A property of the exchange.
    package subscript<Value>(dynamicMember path: KeyPath<Exchange, Value>) -> Value { exchange[keyPath: path] }

    // MARK: Events of the connection

    package mutating func accepted() -> Step { session.accepted() }

    package mutating func headBegan() -> Step {
        if session.phase == .idle { exchange = session.newExchange() }
        return join(session.headBegan())
    }

    package mutating func requested(_ facts: RequestProperties) -> Step {
        let step = headEnded()
        return step == .none ? join(exchange.requested(facts)) : step
    }

    package mutating func misjudged(_ method: Method, _ version: HTTPVersion) {
        guard session.phase == .idle || session.phase == .head else { return }
        _ = headEnded()
        exchange.misjudged(method, version)
    }

    package mutating func refused(_ answer: Answer) -> Step {
        if session.phase == .idle || session.phase == .head { _ = headEnded() }
        return join(exchange.refused(answer))
    }

    package mutating func challenged(_ answer: Answer) -> Step {
        if session.phase == .idle || session.phase == .head { _ = headEnded() }
        return join(exchange.challenged(answer))
    }

    package mutating func clientEnded() -> Step { join(session.ended()) }
    package mutating func clientFailed() -> Step { join(session.failed()) }
    package mutating func clientDrained() -> Step { join(session.outputDrained()) }
    package mutating func drained() -> Step { join(session.drained()) }
    package mutating func stopped() -> Step { join(session.stopped()) }
    package mutating func expired(_ progress: TransferProgress, _ times: DeadlineTimes) -> Step {
        join(session.expired(progress, times), progress, times)
    }

    // MARK: Events of the exchange

    package mutating func reached(reused: Bool) -> Step { join(exchange.reached(reused: reused)) }
    package mutating func bind() { exchange.bind() }
    package mutating func responded(_ facts: ResponseProperties, requestWaits: Bool = false) -> Step {
        join(exchange.responded(facts, requestWaits: requestWaits))
    }
    package mutating func responseFaulted(_ fault: ResponseFault, headHasLeft: Bool = true) -> Step {
        join(exchange.responseFaulted(fault, headHasLeft: headHasLeft))
    }
    package mutating func requestBodyEnded() -> Step { join(exchange.requestBodyEnded()) }
    package mutating func responseBodyEnded() -> Step { join(exchange.responseBodyEnded()) }
    package mutating func upstreamOverran() { exchange.upstreamOverran() }
    package mutating func upstreamEnded(partialHead: Bool) -> Step {
        join(exchange.upstreamEnded(partialHead: partialHead))
    }
    package mutating func upstreamFailed(_ fault: Fault, partialHead: Bool) -> Step {
        join(exchange.upstreamFailed(fault, partialHead: partialHead))
    }

    // MARK: Joining

    private mutating func headEnded() -> Step {
        if session.phase == .idle { exchange = session.newExchange() }
        return join(session.headEnded())
    }

    /// What both machines ask for, when each has told the other.
    private mutating func join(
        _ first: Step,
        _ progress: TransferProgress = TransferProgress(),
        _ times: DeadlineTimes = DeadlineTimes()
    ) -> Step {
        var step = first
        if let event = step.exchange {
            step = tell(event, progress, times)
        }
        guard let leaves = step.leaves else { return step }
        let left = session.exchangeOver(leaves)
        step.leaves = nil
        if step.client == .none { step.client = left.client }
        if left.deadline != .keep { step.deadline = left.deadline }
        if step.fault == nil { step.fault = left.fault }
        return step
    }

    private mutating func tell(
        _ event: Step.ExchangeEvent,
        _ progress: TransferProgress,
        _ times: DeadlineTimes
    ) -> Step {
        switch event {
        case .clientEnded: exchange.clientEnded()
        case .clientFailed: exchange.clientFailed()
        case .drained: exchange.drained()
        case .stopped: exchange.stopped()
        case .expired: exchange.expired(progress, times)
        case .unannounced: exchange.refused(.fault(.request(.proxyHeaderLate)))
        case .broken(let place): exchange.broken(place)
        }
    }
}
