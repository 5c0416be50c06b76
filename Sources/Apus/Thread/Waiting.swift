internal import ApusFlow
internal import ApusReactor

/// What a request waits for before it has a connection: one thing at a time.
enum Wait: UInt8, BitwiseCopyable {
    /// Nothing.
    case none
    /// Its credentials are being verified.
    case proof
    /// An embedder's policy is asked.
    case verdict
    /// Its host is being looked up; the deadline is the look-up's.
    case addresses
    /// An address is being connected to.
    case connection
}

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
    /// A request begins to wait.
    ///
    /// - Returns: what the answer has to name.
    @discardableResult
    mutating func beginWait(_ id: UInt32, for wait: Wait) -> WaitID {
        serial &+= 1
        clients[id].wait = wait
        clients[id].waitSerial = serial
        return currentWait(id)
    }

    /// What the client waits for now, as its answer has to name it.
    func currentWait(_ id: UInt32) -> WaitID { WaitID(client: id, serial: clients[id].waitSerial) }

    /// Whether an answer is awaited, by this very wait; if it is, the wait is over.
    mutating func answers(_ wait: WaitID, _ kind: Wait) -> Bool {
        let id = wait.client
        guard clients.contains(id), clients[id].waitSerial == wait.serial, clients[id].wait == kind else {
            return false
        }
        clients[id].wait = .none
        return true
    }

    /// Ends what is under way to reach an origin: the client is gone, or its request is answered otherwise.
    mutating func endWait(_ id: UInt32, _ io: inout ReactorIO) {
        switch clients[id].wait {
        // Their answers come, and are nobody's.
        case .none, .proof, .verdict: break
        case .addresses: names.forget(currentWait(id).number)
        case .connection:
            let index = clients[id].dial
            for attempt in 0..<dials[index].tokens.count { closeAttempt(index, UInt8(attempt), &io) }
            dials.remove(index)
        }
        clients[id].wait = .none
        if clients[id].holdsTunnel {
            clients[id].holdsTunnel = false
            shared.caps.tunnelReleased()
        }
    }
}
