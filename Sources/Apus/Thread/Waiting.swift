internal import ApusFlow
internal import ApusReactor

/// One wait of one request. Each has a number of its own, so that an answer to an earlier one, of this client's last request or of another
/// client in its place, is nobody's.
struct WaitID: Sendable, BitwiseCopyable, Equatable {
    /// The place of the client among the thread's.
    let client: UInt32
    /// No other wait of the thread has it, but for the one that is four thousand millions earlier.
    let serial: UInt32
}

extension WaitID {
    /// Both halves as one number, as the name cache keeps it.
    var number: UInt64 { UInt64(serial) << 32 | UInt64(client) }

    init(number: UInt64) {
        self.init(client: UInt32(truncatingIfNeeded: number), serial: UInt32(truncatingIfNeeded: number >> 32))
    }
}

/// What has come of what a request waited for.
enum WaitAnswer {
    /// Whether its credentials are valid; if they are, whose they are, held by who tells it.
    case credentials(Verifications.Answer, user: UInt32)
    /// What an embedder's policy says.
    case verdict(DecidedVerdict)
    /// What the name of its host stands for.
    case addresses(NameAnswer)
    /// A connection to its host.
    case connection(DialledConnection)
    /// No attempt to connect has led to one.
    case noConnection(Fault)
    /// What was said to a parent has come to an end; why to none that serves, nil where it has.
    case agreement(ParentFault?)

    /// What was waited for.
    var kind: Preparation.State {
        switch self {
        case .credentials: .authenticating
        case .verdict: .asking
        case .addresses: .resolving
        case .connection, .noConnection: .dialling
        case .agreement: .handshaking
        }
    }
}

/// Where waits begin and end. Whatever ends a request (its client, a deadline, a reload, a drain) ends its wait here, by
/// `releaseUpstream`; every answer comes through ``answered(_:_:_:)``, and a late one meets nobody.
extension Worker {
    /// A request begins to wait, and its deadline with it.
    ///
    /// - Returns: what the answer has to name; nil after an own fault: the request has been refused, its client may be gone, and nothing
    ///   must be begun for it.
    mutating func beginWait(_ id: UInt32, for state: Preparation.State, _ io: inout ReactorIO) -> WaitID? {
        serial &+= 1
        let wait = WaitID(client: id, serial: serial)
        let step = clients[id].preparation.waits(for: state, number: wait.serial)
        performPreparation(step, id, &io)
        return step.fault == nil ? wait : nil
    }

    /// What a request waited for is there, or has failed. After this the client may be gone.
    mutating func answered(_ wait: WaitID, _ answer: WaitAnswer, _ io: inout ReactorIO) {
        let step =
            clients.contains(wait.client)
            ? clients[wait.client].preparation.answered(answer.kind, number: wait.serial) : .race
        performPreparation(step, wait.client, answer: answer, &io)
    }

    /// Carries out what a request's preparation asks for. After this the client may be gone.
    mutating func performPreparation(
        _ step: PreparationStep,
        _ id: UInt32,
        answer: WaitAnswer? = nil,
        _ io: inout ReactorIO
    ) {
        switch step.undo {
        case .nothing: break
        case .leaveLookUp: upstreams.leaveLookUp(wait(of: id))
        case .giveUpLookUp: upstreams.giveUpLookUp(wait(of: id), after: settings.times[.lookUp], now: io.now)
        case .closeAttempts: upstreams.giveUp(dial: &clients[id].dial, &io)
        }
        if step.deadline != .keep { arm(step.deadline, 0, id, &io) }
        switch (step.passage, answer) {
        case (.none, _), (_, nil): break
        case (.goesOn, let answer?): goOn(id, with: answer, &io)
        case (.dropped, let answer?): drop(answer, &io)
        }
        if let fault = step.fault { unreached(id, fault, &io) }
    }

    /// The wait of a request.
    func wait(of id: UInt32) -> WaitID { WaitID(client: id, serial: clients[id].preparation.number) }

    /// The request goes on with what it waited for.
    private mutating func goOn(_ id: UInt32, with answer: WaitAnswer, _ io: inout ReactorIO) {
        switch answer {
        case .credentials(let answer, let user): verified(id, answer, user: user, &io)
        case .verdict(let verdict): decided(id, verdict, &io)
        case .addresses(let found): resolved(id, found, &io)
        case .connection(let connection) where clients[id].route.leadsToHost: connected(id, connection, &io)
        case .connection(let connection): shakeHands(id, connection, &io)
        case .noConnection(let fault): unreached(id, fault, &io)
        case .agreement(nil): agreed(id, &io)
        case .agreement(let fault?): unreached(id, .parent(fault), &io)
        }
    }

    /// An answer that is nobody's: what it holds is given back.
    private mutating func drop(_ answer: WaitAnswer, _ io: inout ReactorIO) {
        switch answer {
        case .connection(let found): upstreams.close(found.token, found.origin, reset: false, &io)
        case .credentials, .verdict, .addresses, .noConnection, .agreement: break
        }
    }

    /// Ends what is under way to reach an origin: the client is gone, or its request is answered otherwise.
    mutating func endWait(_ id: UInt32, _ io: inout ReactorIO) {
        performPreparation(clients[id].preparation.cancelled(), id, &io)
        parents.end(&clients[id].trip)
        if clients[id].place != .none { shared.caps.release(clients[id].place.take()) }
    }
}
