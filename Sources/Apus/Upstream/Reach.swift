internal import ApusFlow
internal import ApusPolicy
internal import ApusReactor
internal import ApusWire

/// Stage 5, reach, the long way: the addresses of the host, each judged, then dialled.
extension Worker {
    /// Finds the addresses: the host is one, or its name has some, or they are looked up.
    mutating func startReaching(_ id: UInt32, _ io: inout ReactorIO) {
        if clients[id].exchange.method == .connect, !shared.caps.admitTunnel(&clients[id].place) {
            return refuse(id, .refused(.tunnelLimit), &io)
        }
        guard upstreams.mayOpen(clients[id].route, &io) else {
            return refuse(id, .refused(.originConnectionLimit), &io)
        }
        guard clients[id].kept != RequestBufferPool.none else { return refuse(id, .internalError(.requestText), &io) }
        if let address = clients[id].route.literal { return dial(id, AddressList(address), &io) }
        switch kept.withDialledHost(clients[id].kept, { SpecialName.of($0, 0..<$0.count) }) {
        case .localhost?: return dial(id, AddressList(SpecialName.loopbackAddresses), &io)
        case .invalid?: return refuse(id, .lookUp(.invalidName), &io)
        case nil: break
        }
        clients[id].notes.lookUpBegan = clients[id].notes.since(io.now)
        let now = io.now
        switch kept.withDialledHost(clients[id].kept, { upstreams.find($0, now: now) }) {
        case .fresh(let addresses):
            journal.count(.nameCached)
            dial(id, addresses, &io)
        case .failed(let failure):
            journal.count(.nameCached)
            refuse(id, .lookUp(LookUpFault(failure)), &io)
        case .pending, .absent: lookUp(id, for: .resolving, &io)
        }
    }

    /// Finds a connection again, a new one: the idle one that a request had taken was stale.
    mutating func reachAgain(_ id: UInt32, _ io: inout ReactorIO) {
        if clients[id].route.leadsToHost { startReaching(id, &io) } else { startDetour(id, &io) }
    }

    /// Has the host looked up.
    mutating func lookUp(_ id: UInt32, for state: Preparation.State, _ io: inout ReactorIO) {
        journal.count(.nameLookedUp)
        guard let wait = beginWait(id, for: state, &io) else { return }
        let asking = Asking(wait: wait, client: clients[id].address.ip, now: io.now)
        switch kept.withDialledHost(clients[id].kept, { upstreams.wait(for: $0, asking) }) {
        case .joined: break
        case .full: return refuse(id, .lookUp(.overloaded), &io)
        case .startLookUp(let ticket):
            let words = kept[clients[id].kept]
            upstreams.lookUp(words.text(words.dialRange), ticket: ticket, asking)
        }
    }

    /// The resolver has answered: all that wait for the name go on.
    mutating func resolved(_ answer: ResolverAnswer, _ io: inout ReactorIO) {
        let found = NameAnswer(answer)
        if case .failed = found { journal.count(.lookUpFailed) }
        for number in upstreams.resolved(answer.ticket, found, now: io.now) {
            answered(WaitID(number: number), .addresses(found), &io)
        }
    }

    /// The look-up that a request waited for is over.
    mutating func resolved(_ id: UInt32, _ found: NameAnswer, _ io: inout ReactorIO) {
        clients[id].notes.lookUpEnded = clients[id].notes.since(io.now)
        if clients[id].trip != RouteTrip.none { return detourResolved(id, found, &io) }
        switch found {
        case .addresses(let addresses): dial(id, addresses, &io)
        case .failed(let failure): refuse(id, .lookUp(LookUpFault(failure)), &io)
        }
    }

    /// Judges every address, and dials those that may be: the address that was judged is the one that is dialled.
    mutating func dial(_ id: UInt32, _ addresses: AddressList, _ io: inout ReactorIO) {
        // In the order in which they are tried: the first one decides.
        let choice = choose(id, addresses.interleaved(upstreams.preference), now: io.now)
        if choice.addresses.isEmpty, let refusal = adoptRefusal(id, choice) {
            return refuse(id, .refused(refusal), &io)
        }
        clients[id].notes.upstream = nil
        clients[id].notes.dialBegan = clients[id].notes.since(io.now)
        guard let wait = beginWait(id, for: .dialling, &io) else { return }
        let route = clients[id].route
        perform(upstreams.dial(route, choice, for: wait, as: &clients[id].dial, &io), &io)
    }

    /// Carries out what an event of a dial has brought about; nil is an event of a dial that there is not. After this the client may be gone.
    mutating func perform(_ news: DialNews?, _ io: inout ReactorIO) {
        guard var news else { return ownFault(.dialAttempt, io) }
        while true {
            if news.hasBegun { journal.count(.upstreamDialed) }
            if let tried = news.tried, clients[news.wait.client].route.leadsToHost {
                clients[news.wait.client].notes.upstream = tried
            }
            if news.isOver { clients[news.wait.client].dial = DialState.none }
            switch news.outcome {
            case .pending: return
            case .connected(let connection): return answered(news.wait, .connection(connection), &io)
            case .failed(let fault): return answered(news.wait, .noConnection(fault), &io)
            case .crowded(let crowded):
                // What nobody waits for any more is a reserve of descriptors.
                let hasRoom = makeRoom(&io)
                news = upstreams.goOn(crowded, hasRoom: hasRoom, &io)
            }
        }
    }

    /// A connection to a request's host stands: the request is sent by it, or its tunnel begins.
    mutating func connected(_ id: UInt32, _ connection: DialledConnection, _ io: inout ReactorIO) {
        parents.end(&clients[id].trip)
        clients[id].upstream = connection.token
        clients[id].notes.upstream = connection.address
        adoptNotes(id, connection.decision)
        clients[id].notes.reused = false
        clients[id].notes.connectedAt = clients[id].notes.since(io.now)
        io.setRole(connection.token, Role(kind: .upstream, index: id))
        sendKept(id, reused: false, &io)
    }
}
