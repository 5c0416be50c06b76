internal import ApusFlow
internal import ApusPolicy
internal import ApusReactor
internal import ApusWire

/// Stage 5, reach, by the ways of a route: proxies behind this one, and the direct way where the route names it. One after another is tried
/// until a connection stands; what rules and guard say of the host comes first.
extension Worker {
    /// A request that is kept looks for a way.
    mutating func startDetour(_ id: UInt32, _ io: inout ReactorIO) {
        guard clients[id].kept != RequestBufferPool.none else { return refuse(id, .internalError(.requestText), &io) }
        parents.end(&clients[id].trip)
        parents.begin(&clients[id].trip)
        // Nothing of a way that it went before is left: not the parent, nor its key in the pool.
        clients[id].go(by: Route(.direct, port: clients[id].notes.port, literal: clients[id].route.literal))
        // Which rule decides depends on the address, and so does the route.
        if clients[id].notes.asksAddresses { return judge(id, byName: false, &io) }
        takeRoute(id, &io)
    }

    /// It is known which rule decides: its route is taken.
    private mutating func takeRoute(_ id: UInt32, _ io: inout ReactorIO) {
        let notes = clients[id].notes
        if notes.way == .direct { return goStraight(id, &io) }
        guard let plan = gate[policy: notes.snapshot]?.policy.plan(of: notes.way) else {
            return refuse(id, .parent(.unavailable), &io)
        }
        kept.withDialledHost(clients[id].kept) { parents[trip: clients[id].trip].take(plan, for: $0) }
        follow(id, &io)
    }

    /// Tries the next way.
    ///
    /// - Parameter fault: why the last one came to nothing.
    private mutating func follow(_ id: UInt32, after fault: Fault? = nil, _ io: inout ReactorIO) {
        guard let hop = parents.next(clients[id].trip, now: io.now) else {
            return refuse(id, fault ?? .parent(.unavailable), &io)
        }
        let trip = parents[trip: clients[id].trip]
        if trip.fallsBack { clients[id].notes.fallsBack = true }
        clients[id].go(by: Route(hop, port: clients[id].notes.port, literal: clients[id].route.literal))
        guard let parent = parents[clients[id].route.parent] else { return goStraight(id, &io) }
        if trip.isJudged(byName: parent.takesNames) { return goBy(parent, id, &io) }
        judge(id, byName: parent.takesNames, &io)
    }

    /// The direct way: the same as without a route, but for what comes after it.
    private mutating func goStraight(_ id: UInt32, _ io: inout ReactorIO) {
        let route = clients[id].route
        clients[id].route.origin = kept.withDialledHost(clients[id].kept) { upstreams.origin(of: $0, route) }
        clients[id].permission.times.reach = 0
        kept.sendOwnHead(clients[id].kept)
        parents[trip: clients[id].trip].goes()
        if takePooled(id, &io) {
            parents.end(&clients[id].trip)
            return sendKept(id, reused: true, &io)
        }
        startReaching(id, &io)
    }
}

// MARK: - The host

extension Worker {
    /// Judges the host before a parent is told of it.
    ///
    /// - Parameter byName: whether the parent is told its name: where nobody here knows an address of it, the name is all that is judged.
    private mutating func judge(_ id: UInt32, byName: Bool, _ io: inout ReactorIO) {
        parents[trip: clients[id].trip].judges()
        if let address = clients[id].route.literal { return judged(id, .addresses(AddressList(address)), &io) }
        let special = kept.withDialledHost(clients[id].kept) { SpecialName.of($0, 0..<$0.count) }
        if special == .invalid { return refuse(id, .lookUp(.invalidName), &io) }
        let (lifts, rule) = (clients[id].notes.liftsPrivate, clients[id].notes.rule)
        let policy = clients[id].notes.opensBlocks ? gate[policy: clients[id].notes.snapshot]?.policy : nil
        let blocks = policy?.exceptions(of: rule) ?? []
        let against = kept.withDialledHost(clients[id].kept) {
            settings.rules.destinations.judge(name: $0, lifting: lifts, blocks)
        }
        if byName, let against { return refuse(id, .refused(against), &io) }
        if special == .localhost { return judged(id, .addresses(AddressList(SpecialName.loopbackAddresses)), &io) }
        clients[id].notes.lookUpBegan = clients[id].notes.since(io.now)
        let now = io.now
        switch kept.withDialledHost(clients[id].kept, { upstreams.find($0, now: now) }) {
        case .fresh(let addresses):
            journal.count(.nameCached)
            judged(id, .addresses(addresses), &io)
        case .failed(let failure):
            journal.count(.nameCached)
            judged(id, .failed(failure), &io)
        case .pending, .absent: lookUp(id, for: byName ? .judging : .resolving, &io)
        }
    }

    /// What is known of the host, whose addresses are judged like those of any other way. Of one that a parent reaches by its name none may be
    /// forbidden: which of them the parent takes is not known.
    private mutating func judged(_ id: UInt32, _ found: NameAnswer, _ io: inout ReactorIO) {
        let byName = parents[clients[id].route.parent]?.takesNames ?? false
        switch found {
        case .failed(let failure):
            guard byName, !clients[id].notes.asksAddresses else {
                return refuse(id, .lookUp(LookUpFault(failure)), &io)
            }
            clients[id].notes.isJudgedByName = true
            parents[trip: clients[id].trip].wasJudged(nil, byName: true)
        case .addresses(let addresses):
            let choice = choose(id, addresses.interleaved(upstreams.preference), now: io.now)
            if choice.addresses.isEmpty || byName && choice.refused != nil, let refusal = adoptRefusal(id, choice) {
                return refuse(id, .refused(refusal), &io)
            }
            guard !choice.addresses.isEmpty else { return refuse(id, .lookUp(.notFound), &io) }
            parents[trip: clients[id].trip].wasJudged(choice.addresses[0], byName: byName)
        }
        guard parents[trip: clients[id].trip].hasPlan else { return takeRoute(id, &io) }
        guard let parent = parents[clients[id].route.parent] else {
            return refuse(id, .parent(.unavailable), &io)
        }
        goBy(parent, id, &io)
    }

    /// The look-up that a request on its way waited for is over.
    mutating func detourResolved(_ id: UInt32, _ found: NameAnswer, _ io: inout ReactorIO) {
        if parents[trip: clients[id].trip].stage == .judging { return judged(id, found, &io) }
        switch found {
        case .addresses(let addresses): connect(id, addresses, &io)
        case .failed(let failure): unreached(id, .lookUp(LookUpFault(failure)), &io)
        }
    }
}

// MARK: - A parent

extension Worker {
    /// Goes by a parent: by an idle connection that it has opened for the same host, or by a new one.
    private mutating func goBy(_ parent: Parent, _ id: UInt32, _ io: inout ReactorIO) {
        parents[trip: clients[id].trip].goes()
        let trip = parents[trip: clients[id].trip]
        let isConnect = clients[id].exchange.method == .connect
        let target = target(id, parent)
        let route = clients[id].route
        clients[id].route.origin = kept.withDialledHost(clients[id].kept) { host in
            guard let address = target.address else { return upstreams.origin(of: host, route) }
            var text: [UInt8] = []
            address.write(to: &text)
            return upstreams.origin(of: text.span, route)
        }
        clients[id].notes.parent = route.parent
        clients[id].notes.upstream = trip.address
        clients[id].permission.times.reach = parent.ticks
        if parent.takesPlainRequests(isConnect) {
            kept.send(clients[id].kept) { head, method, host in
                parent.message.absolute(head, method: method, to: host, target.address, port: target.port)
            }
        } else {
            kept.sendOwnHead(clients[id].kept)
        }
        if takePooled(id, &io) {
            clients[id].notes.upstream = trip.address
            parents.end(&clients[id].trip)
            return sendKept(id, reused: true, &io)
        }
        if isConnect, !shared.caps.admitTunnel(&clients[id].place) { return refuse(id, .refused(.tunnelLimit), &io) }
        guard upstreams.mayOpen(clients[id].route, &io) else {
            return refuse(id, .refused(.originConnectionLimit), &io)
        }
        find(parent, id, &io)
    }

    /// Finds the address of a parent: it is the operator's, and no rule and no guard is asked about it.
    private mutating func find(_ parent: Parent, _ id: UInt32, _ io: inout ReactorIO) {
        if let address = parent.literal { return connect(id, AddressList(address), &io) }
        let host = parent.host.span
        if SpecialName.of(host, 0..<host.count) == .localhost {
            return connect(id, AddressList(SpecialName.loopbackAddresses), &io)
        }
        switch upstreams.find(host, now: io.now) {
        case .fresh(let addresses): connect(id, addresses, &io)
        case .failed(let failure): unreached(id, .lookUp(LookUpFault(failure)), &io)
        case .pending, .absent:
            guard let wait = beginWait(id, for: .resolving, &io) else { return }
            let asking = Asking(wait: wait, client: clients[id].address.ip, now: io.now)
            switch upstreams.wait(for: host, asking) {
            case .joined: break
            case .full: refuse(id, .lookUp(.overloaded), &io)
            case .startLookUp(let ticket): upstreams.lookUp(parent.settings.host, ticket: ticket, asking)
            }
        }
    }

    /// Connects to a parent.
    private mutating func connect(_ id: UInt32, _ addresses: AddressList, _ io: inout ReactorIO) {
        guard let parent = parents[clients[id].route.parent] else { return dial(id, addresses, &io) }
        clients[id].notes.dialBegan = clients[id].notes.since(io.now)
        guard let wait = beginWait(id, for: .dialling, &io) else { return }
        let route = clients[id].route
        perform(upstreams.dial(parent, addresses, route, for: wait, as: &clients[id].dial, &io), &io)
    }

    /// A connection to a parent stands: the request is sent by it, or what has to be said before.
    mutating func shakeHands(_ id: UInt32, _ connection: DialledConnection, _ io: inout ReactorIO) {
        clients[id].upstream = connection.token
        clients[id].notes.reused = false
        guard let parent = parents[clients[id].route.parent] else {
            return unreached(id, .parent(.unavailable), &io)
        }
        if parent.takesPlainRequests(clients[id].exchange.method == .connect) { return agreed(id, &io) }
        io.setRole(connection.token, Role(kind: .handshaking, index: id))
        // The parent's time is for both: what the connection took is spent.
        let spent = (clients[id].notes.since(io.now) &- clients[id].notes.dialBegan) / 100_000
        clients[id].permission.times.reach = parent.ticks > spent ? parent.ticks - spent : 1
        guard beginWait(id, for: .handshaking, &io) != nil else { return }
        let (trip, number, target) = (clients[id].trip, clients[id].route.parent, target(id, parent))
        let bytes = kept.withDialledHost(clients[id].kept) { parents.open(trip, number, $0, target) }
        say(bytes, id, &io)
    }

    /// Whom a parent is to reach for a request.
    private func target(_ id: UInt32, _ parent: Parent) -> ParentTarget {
        let judged = parents[trip: clients[id].trip].address
        return ParentTarget(
            address: parent.takesNames ? clients[id].route.literal : judged,
            port: clients[id].route.port
        )
    }

    private mutating func say(_ bytes: [UInt8], _ id: UInt32, _ io: inout ReactorIO) {
        io.send(clients[id].upstream, bytes.span)
        clients[id].notes.toUpstream &+= UInt64(bytes.count)
    }

    /// Bytes of a parent, before the connection by it stands; how many were consumed.
    mutating func handshakeReceived(_ id: UInt32, _ bytes: Span<UInt8>, _ io: inout ReactorIO) -> Int {
        guard clients[id].trip != RouteTrip.none else { return bytes.count }
        let limits = settings.responseLimits
        let step = parents.heard(clients[id].trip, bytes, limits: limits, &fields)
        clients[id].notes.fromUpstream &+= UInt64(step.consumed)
        if let message = step.send, let parent = parents[clients[id].route.parent] {
            let target = target(id, parent)
            let words = kept.withDialledHost(clients[id].kept) {
                parent.message.bytes(message, to: $0, target.address, port: target.port)
            }
            say(words, id, &io)
        }
        switch step.outcome {
        case .waits: return step.consumed
        case .stands:
            answered(wait(of: id), .agreement(nil), &io)
            return step.consumed
        case .failed(let fault):
            answered(wait(of: id), .agreement(fault), &io)
            return bytes.count
        }
    }

    /// A parent has ended the connection, or it broke, before it stood.
    mutating func handshakeEnded(_ id: UInt32, _ io: inout ReactorIO) {
        answered(wait(of: id), .agreement(.closed), &io)
    }

    /// The connection by a parent stands: the request is sent, or its tunnel begins.
    mutating func agreed(_ id: UInt32, _ io: inout ReactorIO) {
        parentAnswered(clients[id].route.parent, nil, io)
        parents.end(&clients[id].trip)
        clients[id].notes.connectedAt = clients[id].notes.since(io.now)
        io.setRole(clients[id].upstream, Role(kind: .upstream, index: id))
        sendKept(id, reused: false, &io)
    }

    /// A way has come to nothing: the next one is tried, if there is one and what happened is not the last word; else the request is refused.
    mutating func unreached(_ id: UInt32, _ fault: Fault, _ io: inout ReactorIO) {
        guard clients[id].trip != RouteTrip.none else { return refuse(id, fault, &io) }
        let number = clients[id].route.parent
        let fault = parents[trip: clients[id].trip].stage == .judging ? fault : fault.of(parent: number)
        if case .parent(let told) = fault { parentAnswered(number, told, io) }
        let token = clients[id].upstream
        if !token.isAbsent {
            clients[id].upstream = .absent
            upstreams.close(token, clients[id].route.origin, reset: false, &io)
        }
        guard fault.leavesOtherWays else { return refuse(id, fault, &io) }
        follow(id, after: fault, &io)
    }

    /// Whether a 407 is a parent's own: it asks this proxy for credentials, and never its client.
    mutating func isAskedByParent(_ id: UInt32, _ io: borrowing ReactorIO) -> Bool {
        let number = clients[id].route.parent
        guard parents[number]?.takesPlainRequests(false) == true else { return false }
        parentAnswered(number, .credentials, io)
        return true
    }

    /// What has come of an attempt to go by a parent: it is counted, and told where its service changes.
    private mutating func parentAnswered(_ number: UInt8, _ fault: ParentFault?, _ io: borrowing ReactorIO) {
        guard let name = parents[number]?.settings.name else { return }
        journal.count(parent: name, fault?.result ?? "ok")
        if let fault, fault.speaksAgainstParent {
            guard parents.failed(number, now: io.now) else { return }
            shared.log.warning("parent \(name) is out of service: \(fault.result)")
        } else if fault == nil || fault?.isItsAnswer == true, parents.answered(number) {
            shared.log.notice("parent \(name) is in service again")
        }
    }
}

extension Fault {
    /// The same of the way to a parent, whose fault it is then.
    func of(parent number: UInt8) -> Fault {
        guard number != 0 else { return self }
        switch self {
        case .dial(let failure): return .parent(.dial(failure))
        case .timeout(.connect): return .parent(.timedOut)
        case .lookUp: return .parent(.unknown)
        default: return self
        }
    }

    /// Whether another way may lead to the host.
    var leavesOtherWays: Bool {
        switch self {
        case .parent(let fault): fault.speaksAgainstParent
        case .dial(let failure): failure != .exhausted
        case .timeout(.connect): true
        default: false
        }
    }
}
