internal import ApusFlow
internal import ApusPolicy
internal import ApusReactor
internal import ApusWire

/// What the gate is asked about the thread's requests, behind their heads.
extension Worker {
    /// Judges every address of a host, and chooses those that are dialled; the request adopts the decision of the first.
    mutating func choose(_ id: UInt32, _ addresses: AddressList, now: UInt64) -> AddressChoice {
        guard clients[id].kept != RequestBufferPool.none else { return AddressChoice() }
        let context = clients[id].context(now: now)
        var permission = clients[id].permission
        let choice = kept.lend(clients[id].kept) {
            gate.choose(context, among: addresses, $0, &clients[id].notes, &permission)
        }
        clients[id].permission = permission
        return choice
    }

    /// Notes of an address that serves the request what the rules say of it.
    mutating func adoptNotes(_ id: UInt32, _ decision: Decision?) {
        var permission = clients[id].permission
        gate.adopt(decision, &clients[id].notes, &permission)
        clients[id].permission = permission
    }

    /// Notes why none of a host's addresses serves the request.
    ///
    /// - Returns: what is told; nil if there was none to judge.
    mutating func adoptRefusal(_ id: UInt32, _ choice: AddressChoice) -> Refusal? {
        var permission = clients[id].permission
        let refusal = gate.adoptRefusal(choice, &clients[id].notes, &permission)
        clients[id].permission = permission
        return refusal
    }

    /// Whether the rules and the guard let a client's request go to the address of an idle connection; it adopts what they say of it.
    mutating func mayReach(_ id: UInt32, _ address: IPAddress, now: UInt64) -> Bool {
        let notes = clients[id].notes
        guard notes.asksAddresses else { return gate.refuses(address, notes) == nil }
        guard clients[id].kept != RequestBufferPool.none else { return false }
        let context = clients[id].context(now: now).about(address)
        var permission = clients[id].permission
        let may = kept.lend(clients[id].kept) { gate.mayReach(context, $0, &clients[id].notes, &permission) }
        clients[id].permission = permission
        // Who decides about that address may send the request another way.
        return may && clients[id].notes.way == notes.way
    }

    /// Why a request that runs may not become a tunnel; nil if it may, and is one from now on.
    mutating func refusesTunnel(_ id: UInt32) -> Refusal? {
        guard shared.caps.admitTunnel(&clients[id].place) else { return .tunnelLimit }
        return gate.promote(&clients[id].permission)
    }

    /// The changes that the deciding rule makes to the request.
    func requestChanges(_ id: UInt32) -> FieldChanges? {
        guard clients[id].notes.changesFields, let snapshot = gate[policy: clients[id].notes.snapshot] else {
            return nil
        }
        return snapshot.requestChanges[Int(clients[id].notes.rule)]
    }

    /// The changes that the deciding rule makes to the response.
    func responseChanges(_ id: UInt32) -> FieldChanges? {
        guard clients[id].notes.changesFields, let snapshot = gate[policy: clients[id].notes.snapshot] else {
            return nil
        }
        return snapshot.responseChanges[Int(clients[id].notes.rule)]
    }

    /// What the name inside a client's tunnel is to be held against.
    mutating func measureInside(_ id: UInt32) -> ServerNameCheck.Measure {
        let client = clients[id]
        guard client.exchange.method == .connect, let words = words(of: client), !client.exchange.hasEndedClient else {
            return .nothing
        }
        return gate.measureInside(Outside(client), words)
    }
}
