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

/// Where waits begin and end. Whatever ends a request (its client, a deadline, a reload, a drain) ends its wait here, by
/// `releaseUpstream`; what is answered later asks ``answers(_:_:)``, and meets nobody.
extension ProxyThread {
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

    /// Whether an answer is awaited, by this very wait; if it is, the wait is over.
    mutating func answers(_ wait: WaitID, _ kind: Preparation.State) -> Bool {
        guard clients.contains(wait.client) else { return false }
        return clients[wait.client].preparation.answered(kind, number: wait.serial)
    }

    /// Carries out what a request's preparation asks for.
    mutating func performPreparation(_ step: PreparationStep, _ id: UInt32, _ io: inout ReactorIO) {
        let wait = WaitID(client: id, serial: clients[id].preparation.number)
        switch step.undo {
        case .nothing: break
        case .leaveLookUp: names.forget(wait.number)
        case .giveUpLookUp: giveUpLookUp(wait, &io)
        case .closeAttempts: closeAttempts(clients[id].dial, &io)
        }
        if step.deadline != .keep { arm(step.deadline, id, &io) }
        if let fault = step.fault { refuse(id, fault, &io) }
    }

    /// Ends what is under way to reach an origin: the client is gone, or its request is answered otherwise.
    mutating func endWait(_ id: UInt32, _ io: inout ReactorIO) {
        performPreparation(clients[id].preparation.cancelled(), id, &io)
        if clients[id].holdsTunnel {
            clients[id].holdsTunnel = false
            shared.caps.tunnelReleased()
        }
    }
}
