internal import ApusFlow
internal import ApusPolicy
internal import ApusReactor

/// Carries out what a client's exchange asks for, and its session. Heads that are rewritten from a read are sent where they are read.
extension Worker {
    /// After this the client may be gone: its index must not be used any more unless the step says that it goes on.
    mutating func perform(_ step: Step, _ id: UInt32, _ io: inout ReactorIO) {
        if case .internalError(let place)? = step.fault { ownFault(place, io) }
        if let answer = step.answer { sendAnswer(answer, closes: step.leaves != .next, id, &io) }
        if let ending = step.ending { endRequest(id, step, ending, &io) }
        switch step.upstream {
        case .none, .reach, .sendHead, .tunnel, .shutdown: break
        case .reachFresh:
            releaseUpstream(id, reset: false, &io)
            reachAgain(id, &io)
        case .giveUp:
            // Who was waited for without need of an answer has none.
            let nothing = WaitAnswer.addresses(.failed(.timedOut))
            performPreparation(clients[id].preparation.expired(), id, answer: nothing, &io)
        case .stopBody: stopBody(id, &io)
        case .pool: poolUpstream(id, &io)
        case .keep: bindUpstream(id, &io)
        case .close: releaseUpstream(id, reset: false, &io)
        case .reset: releaseUpstream(id, reset: true, &io)
        }
        if step.ending != nil, owed.isEmpty || owed[id] == nil {
            kept.release(&clients[id].kept)
            forgetUser(id)
        }
        if step.deadline != .keep { arm(step.deadline, step.ticks, id, &io) }
        if step.client != .none { performClient(step.client, id, &io) }
        if let leaves = step.leaves { performSession(clients[id].session.exchangeOver(leaves), id, &io) }
        if step.upstream == .tunnel { openTunnel(id, &io) }
    }

    /// Carries out what a client's session asks for, which has no other side: what concerns its request it tells the exchange.
    mutating func performSession(_ step: Step, _ id: UInt32, _ io: inout ReactorIO) {
        if case .internalError(let place)? = step.fault { ownFault(place, io) }
        if step.deadline != .keep { arm(step.deadline, step.ticks, id, &io) }
        if step.client != .none { performClient(step.client, id, &io) }
        if let event = step.exchange { tellExchange(event, id, &io) }
    }

    private mutating func performClient(_ action: Step.ClientAction, _ id: UInt32, _ io: inout ReactorIO) {
        let token = clients[id].token
        // What is kept for its next request is kept no longer than that can come.
        if clients[id].bound != BoundUpstream.none, action.isLast {
            upstreams.release(bound: &clients[id].bound, &io)
        }
        switch action {
        // What is judged is a tunnel's.
        case .none, .forwardHead, .forwardInterim, .judgeHello: break
        case .establish: sendEstablished(id, &io)
        case .shutdown: io.shutdown(token)
        case .next: awaitNext(id, &io)
        case .flush where io.waiting(token) > 0: break
        case .flush, .close,
            .finish where io.waiting(token) == 0 && !io.hasUnseenInput(token):
            removeClient(id, io)
            io.close(token)
        case .linger, .finish:
            clients[id].lingersSince = io.tick
            // Who is served and sends what nobody reads any more loses the answer if he is not heard to the end; a stranger may lose it.
            io.linger(token, limit: clients[id].refusal == nil ? .max : settings.lingerLimit)
            if io.waiting(token) == 0 { givesWay(id) }
        case .givesWay: givesWay(id)
        case .reset:
            removeClient(id, io)
            io.reset(token)
        }
    }

    /// Tells the exchange what its client's connection has met.
    @inline(never)
    private mutating func tellExchange(_ event: Step.ExchangeEvent, _ id: UInt32, _ io: inout ReactorIO) {
        let step =
            switch event {
            case .clientEnded: clients[id].exchange.clientEnded()
            case .clientFailed: clients[id].exchange.clientFailed()
            case .drained: clients[id].exchange.drained()
            case .stopped: clients[id].exchange.stopped()
            case .expired: exchangeExpired(id, io)
            case .unannounced: clients[id].exchange.refused(.fault(.request(.proxyHeaderLate)))
            case .broken(let place): clients[id].exchange.broken(place)
            }
        perform(step, id, &io)
    }

    /// A request is over: its record is written, or owed while the rest of it still comes.
    ///
    /// Not inlined, nor are others that hardly a step comes to: each would widen the frame of every step.
    @inline(never)
    private mutating func endRequest(_ id: UInt32, _ step: Step, _ ending: Ending, _ io: inout ReactorIO) {
        if step.leaves == .early {
            oweRecord(id, ending, step.fault, &io)
        } else {
            let end = RequestEnd(ending, step.fault, clients[id].age(io.now))
            recordExchange(id, end, takeDenial(id, step.fault), io)
        }
    }

    /// Forwards no more of a request body.
    @inline(never)
    private mutating func stopBody(_ id: UInt32, _ io: inout ReactorIO) {
        // What it has taken has come, though not all of it may go.
        clients[id].notes.fromClient &+= io.relayTaken(from: clients[id].token)
        clients[id].notes.toUpstream &+= io.stopRelay(from: clients[id].token)
        clients[id].up.stop()
        if clients[id].permission.usage != QuotaLedger.none { gate.stop(clients[id].permission.usage, .up) }
        io.pause(clients[id].token)
    }

    /// The next request: it may already be there, kept by the reactor.
    private mutating func awaitNext(_ id: UInt32, _ io: inout ReactorIO) {
        let token = clients[id].token
        if io.waiting(token) > 0 {
            // It waits for its turn: answers to pipelined requests do not pile up for a client that reads slowly.
            clients[id].nextWaits = true
            io.pause(token)
        } else {
            io.resume(token)
        }
    }

    /// This proxy was wrong itself: counted, told, and the end of a debug build.
    mutating func ownFault(_ place: OwnFault, _ io: borrowing ReactorIO) {
        journal.count(.ownFault(place))
        shared.ownFaults.met(place, now: io.now, shared.log)
    }

    /// Forgets a client; its socket is the caller's to close.
    mutating func removeClient(_ id: UInt32, _ io: borrowing ReactorIO) {
        // What it holds would be given back twice.
        guard clients.contains(id) else { return ownFault(.clientConnection, io) }
        if !owed.isEmpty { settleRecord(id, io) }
        lingering.remove(id)
        let client = clients[id]
        kept.release(&clients[id].kept)
        forgetUser(id)
        gate.drop(usage: &clients[id].permission.usage)
        journal.dropBodies(client.bodies)
        announcers.remove(client.address, client.token)
        clients.remove(id)
        if isCounted(client.refusal) { shared.caps.released(client.address) } else { excess -= 1 }
    }

    /// What waited for the client has left.
    mutating func clientDrained(_ id: UInt32, _ io: inout ReactorIO) {
        if clients[id].nextWaits {
            clients[id].nextWaits = false
            io.resume(clients[id].token)
        }
        sinkDrained(id, .down, &io)
        performSession(clients[id].session.outputDrained(), id, &io)
    }

    /// Notes a client that lingers and has all of its answer: it gives its place where places are short.
    private mutating func givesWay(_ id: UInt32) { lingering.add(id, isCounted: isCounted(clients[id].refusal)) }

    /// What waited for the upstream has left.
    mutating func upstreamDrained(_ id: UInt32, _ io: inout ReactorIO) { sinkDrained(id, .up, &io) }
}
