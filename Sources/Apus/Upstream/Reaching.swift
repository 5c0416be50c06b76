internal import ApusFlow
internal import ApusPolicy
internal import ApusReactor
internal import ApusWire

/// Stage 5, reach, the long way: the addresses of the host, each judged, then dialled.
extension ProxyThread {
    /// Finds the addresses: the host is one, or its name has some, or they are looked up.
    mutating func startReaching(_ id: UInt32, _ io: inout ReactorIO) {
        if clients[id].exchange.method == .connect, !holdTunnel(id) {
            return refuse(id, .refused(.tunnelLimit), &io)
        }
        if let idle = pool.giveWay(clients[id].route.origin) { dropPooled(Token(number: idle), &io) }
        guard clients[id].route.origin == .absent || pool.mayOpen(clients[id].route.origin) else {
            return refuse(id, .refused(.originConnectionLimit), &io)
        }
        if let address = clients[id].route.literal { return dial(id, AddressList(address), &io) }
        guard clients[id].kept != KeptRequests.none else { return refuse(id, .internalError(.requestText), &io) }
        switch kept.withDialledHost(clients[id].kept, { SpecialName.of($0, 0..<$0.count) }) {
        case .localhost?: return dial(id, AddressList(SpecialName.loopbackAddresses), &io)
        case .invalid?: return refuse(id, .lookUp(.invalidName), &io)
        case nil: break
        }
        clients[id].notes.lookUpBegan = clients[id].notes.since(io.now)
        let now = io.now
        switch kept.withDialledHost(clients[id].kept, { names.lookUp($0, now: now) }) {
        case .fresh(let addresses):
            journal.count(.nameCached)
            dial(id, addresses, &io)
        case .failed(let failure):
            journal.count(.nameCached)
            refuse(id, .lookUp(LookUpFault(failure)), &io)
        case .pending, .absent: lookUp(id, &io)
        }
    }

    /// Counts the client among the tunnels, if there is room; `releaseUpstream` takes it out again.
    mutating func holdTunnel(_ id: UInt32) -> Bool {
        guard shared.caps.admitTunnel() else { return false }
        clients[id].holdsTunnel = true
        return true
    }

    private mutating func lookUp(_ id: UInt32, _ io: inout ReactorIO) {
        journal.count(.nameLookedUp)
        guard let wait = beginWait(id, for: .resolving, &io) else { return }
        let now = io.now
        switch kept.withDialledHost(clients[id].kept, { names.join($0, waiter: wait.number, now: now) }) {
        case .joined(let ticket): shared.resolver.join(ticket: ticket, source: number, for: asker(id))
        case .full: return refuse(id, .lookUp(.overloaded), &io)
        case .startLookUp(let ticket):
            let mail = shared.mail[number]
            let words = kept[clients[id].kept]
            shared.resolver.resolve(words.text(words.dialRange), ticket: ticket, source: number, for: asker(id)) {
                mail.post(.resolved($0))
            }
        }
    }

    /// The client as the resolver counts it.
    private func asker(_ id: UInt32) -> ResolvedAddress {
        let client = clients[id].address.counted(bits: shared.clientBits)
        return ResolvedAddress(high: client.high, low: client.low, isV6: client.family == .v6)
    }

    /// A client has waited for a look-up as long as it may. Only a call that has itself been silent for half of that tells something of the
    /// name: another waited for its turn, and who else asks for the name may be sooner.
    mutating func giveUpLookUp(_ wait: WaitID, _ io: inout ReactorIO) {
        var isSilent = false
        if let ticket = names.ticket(of: wait.number),
            let time = shared.resolver.runningTime(ticket: ticket, source: number)
        {
            isSilent = time >= .milliseconds(50 * Int(settings.ticks(.lookUp)))
        }
        names.gaveUp(wait.number, isSilent: isSilent, now: io.now)
    }

    /// The resolver has answered: all that wait for the name go on.
    mutating func resolved(_ answer: ResolverAnswer, _ io: inout ReactorIO) {
        let found = NameAnswer(answer)
        if case .failed = found { journal.count(.lookUpFailed) }
        for number in names.answered(answer.ticket, found, now: io.now) {
            answered(WaitID(number: number), .addresses(found), &io)
        }
    }

    /// The look-up that a request waited for is over.
    mutating func resolved(_ id: UInt32, _ found: NameAnswer, _ io: inout ReactorIO) {
        clients[id].notes.lookUpEnded = clients[id].notes.since(io.now)
        switch found {
        case .addresses(let addresses): dial(id, addresses, &io)
        case .failed(let failure): refuse(id, .lookUp(LookUpFault(failure)), &io)
        }
    }
}

extension NameAnswer {
    /// What the resolver says, as the cache keeps it.
    init(_ answer: ResolverAnswer) {
        switch answer.result {
        case .success(let addresses):
            self = .addresses(
                AddressList(
                    addresses.map { address in
                        address.isV6
                            ? IPAddress(v6High: address.high, low: address.low)
                            : IPAddress(v4: UInt32(truncatingIfNeeded: address.low))
                    }
                )
            )
        case .failure(.notFound): self = .failed(.notFound)
        case .failure(.singleLabel): self = .failed(.singleLabel)
        case .failure(.tryAgain): self = .failed(.tryAgain)
        case .failure(.timedOut): self = .failed(.timedOut)
        case .failure(.queueFull): self = .failed(.queueFull)
        case .failure(.exhausted): self = .failed(.exhausted)
        case .failure(.other(let code)): self = .failed(.other(code))
        }
    }
}

extension LookUpFault {
    init(_ failure: LookUpFailure) {
        switch failure {
        case .notFound: self = .notFound
        case .singleLabel: self = .singleLabel
        case .tryAgain, .other: self = .failed
        case .timedOut: self = .timedOut
        case .queueFull: self = .overloaded
        case .exhausted: self = .exhausted
        }
    }
}
