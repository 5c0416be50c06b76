internal import ApusFlow
internal import ApusPolicy
internal import ApusReactor
internal import ApusWire

/// The attempts to connect to one host (RFC 8305), as their sockets.
struct DialState: BitwiseCopyable {
    var plan: DialPlan
    /// The wait of its client that it answers.
    let wait: WaitID
    let port: UInt16
    let origin: OriginIndex
    /// What is dialled, and what the rules say of each.
    var choice: AddressChoice
    /// The socket of each attempt.
    var tokens = InlineArray<8, Token>(repeating: .absent)
}

/// A connection that stands, before it is a request's.
struct DialledConnection: BitwiseCopyable {
    let token: Token
    let origin: OriginIndex
    let address: IPAddress?
    /// What the rules said of the address.
    let decision: Decision?
}

extension ProxyThread {
    /// Judges every address, and dials those that may be: the address that was judged is the one that is dialled.
    mutating func dial(_ id: UInt32, _ addresses: AddressList, _ io: inout ReactorIO) {
        // In the order in which they are tried: the first one decides.
        let choice = choose(id, addresses.interleaved(settings.dial.preference), now: io.now)
        if choice.addresses.isEmpty, let refusal = adoptRefusal(id, choice) {
            return refuse(id, refusal, &io)
        }
        clients[id].notes.upstream = nil
        clients[id].notes.dialBegan = clients[id].notes.since(io.now)
        guard let wait = beginWait(id, for: .dialling, &io) else { return }
        let state = DialState(
            plan: DialPlan(settings.dial),
            wait: wait,
            port: clients[id].route.port,
            origin: clients[id].route.origin,
            choice: choice
        )
        let index = dials.insert(state)
        clients[id].dial = index
        performDial(dials[index].plan.resolved(choice.addresses, now: io.now), index, &io)
    }

    /// Carries out what the plan asks for; an attempt that fails at once is the plan's next event.
    private mutating func performDial(_ first: DialStep, _ index: UInt32, _ io: inout ReactorIO) {
        var step = first
        while true {
            for attempt in 0..<UInt8(8) where step.losers & (1 << attempt) != 0 { closeAttempt(index, attempt, &io) }
            if let attempt = step.cancel { closeAttempt(index, attempt, &io) }
            switch step.outcome {
            case .connected(let attempt): return won(index, attempt, &io)
            case .failed(let failure):
                let state = dials[index]
                dials.remove(index)
                // `localhost` is this proxy by one of its addresses, and nobody by the other: that nobody answers there misleads.
                let fault: Fault = state.choice.leadsHere ? .refused(.ownListener) : .dial(failure)
                return answered(state.wait, .noConnection(fault), &io)
            case .pending: break
            }
            guard let start = step.start else { return wake(step.wakeAt, index, &io) }
            do throws(SocketError) {
                let token = try connectUpstream(SocketAddress(start.address, port: dials[index].port), &io)
                journal.count(.upstreamDialed)
                dials[index].tokens[Int(start.attempt)] = token
                io.setRole(token, Role(kind: .dialing, attempt: start.attempt, index: index))
                if dials[index].origin != .absent { pool.connectionOpened(dials[index].origin) }
                clients[dials[index].wait.client].notes.upstream = start.address
                return wake(step.wakeAt, index, &io)
            } catch {
                // What nobody waits for any more is a reserve of descriptors.
                if error.isExhaustion, makeRoom(&io) { continue }
                clients[dials[index].wait.client].notes.upstream = start.address
                step = dials[index].plan.dialFailed(start.attempt, reason: DialFailure(error), now: io.now)
            }
        }
    }

    /// Arms the plan's next look at the time, on any of its sockets.
    private mutating func wake(_ at: UInt64?, _ index: UInt32, _ io: inout ReactorIO) {
        guard let at else { return }
        let now = io.now
        let ticks = UInt32(clamping: (max(at, now) - now + 99_999) / 100_000)
        for attempt in 0..<dials[index].tokens.count where !dials[index].tokens[attempt].isAbsent {
            io.arm(dials[index].tokens[attempt], ticks: max(1, ticks))
            return
        }
    }

    private mutating func won(_ index: UInt32, _ attempt: UInt8, _ io: inout ReactorIO) {
        let state = dials[index]
        dials.remove(index)
        let address = state.plan.address(of: attempt)
        let connection = DialledConnection(
            token: state.tokens[Int(attempt)],
            origin: state.origin,
            address: address,
            decision: address.flatMap { state.choice.decision(for: $0) }
        )
        answered(state.wait, .connection(connection), &io)
    }

    /// A connection to a request's host stands: the request is sent by it, or its tunnel begins.
    mutating func connected(_ id: UInt32, _ connection: DialledConnection, _ io: inout ReactorIO) {
        clients[id].upstream = connection.token
        clients[id].notes.upstream = connection.address
        adoptNotes(id, connection.decision)
        clients[id].notes.reused = false
        clients[id].notes.connectedAt = clients[id].notes.since(io.now)
        io.setRole(connection.token, Role(kind: .upstream, index: id))
        io.disarm(connection.token)
        sendKept(id, reused: false, &io)
    }

    func contains(_ role: Role, _ token: Token) -> Bool {
        dials.contains(role.index) && dials[role.index].tokens[Int(role.attempt)] == token
    }

    mutating func dialed(_ role: Role, _ token: Token, _ io: inout ReactorIO) {
        guard contains(role, token) else { return nobodyDials(token, &io) }
        let address = dials[role.index].plan.address(of: role.attempt)
        if leadsHere(token, to: address, port: dials[role.index].port, io) {
            dials[role.index].choice.leadsHere = true
            return dialFailed(role, token, .prohibited, &io)
        }
        performDial(dials[role.index].plan.dialed(role.attempt, now: io.now), role.index, &io)
    }

    mutating func dialFailed(_ role: Role, _ token: Token, _ failure: DialFailure, _ io: inout ReactorIO) {
        guard contains(role, token) else { return nobodyDials(token, &io) }
        // Another thread's listener may have closed it before this one heard that it is connected.
        let address = dials[role.index].plan.address(of: role.attempt)
        if failure == .reset, leadsHere(token, to: address, port: dials[role.index].port, io) {
            dials[role.index].choice.leadsHere = true
        }
        closeAttempt(role.index, role.attempt, &io)
        performDial(
            dials[role.index].plan.dialFailed(role.attempt, reason: failure, now: io.now),
            role.index,
            &io
        )
    }

    mutating func dialTicked(_ index: UInt32, _ io: inout ReactorIO) {
        guard dials.contains(index) else { return ownFault(.dialAttempt, io) }
        performDial(dials[index].plan.ticked(now: io.now), index, &io)
    }

    /// A socket of an attempt that is not under way: it serves nobody.
    private mutating func nobodyDials(_ token: Token, _ io: inout ReactorIO) {
        ownFault(.dialAttempt, io)
        io.close(token)
    }

    /// Closes the sockets of a dial that is given up.
    mutating func closeAttempts(_ index: UInt32, _ io: inout ReactorIO) {
        for attempt in 0..<dials[index].tokens.count { closeAttempt(index, UInt8(attempt), &io) }
        dials.remove(index)
    }

    mutating func closeAttempt(_ index: UInt32, _ attempt: UInt8, _ io: inout ReactorIO) {
        let token = dials[index].tokens[Int(attempt)]
        guard !token.isAbsent else { return }
        dials[index].tokens[Int(attempt)] = .absent
        closeUpstream(token, dials[index].origin, reset: false, &io)
    }
}

extension DialFailure {
    /// What an errno says of the way to the host.
    init(_ error: SocketError) {
        switch error {
        case .connectionRefused: self = .refused
        case .connectionReset: self = .reset
        case .timedOut: self = .timedOut
        case .hostUnreachable, .networkUnreachable: self = .unreachable
        case .permissionDenied: self = .prohibited
        case .addressUnavailable: self = .exhausted
        default: self = error.isExhaustion ? .exhausted : .other
        }
    }
}
