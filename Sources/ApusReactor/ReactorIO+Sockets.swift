internal import CApusReactor
internal import Glibc

extension ReactorIO {
    /// Starts a connection. `connected` or `failed` follows as an event; what is sent before waits, or goes out at once
    /// where the handshake is already over, as on loopback.
    ///
    /// - Throws: what the kernel says at once: no descriptor below the ceiling, no route, no free port.
    public mutating func connect(_ address: SocketAddress) throws(SocketError) -> Token {
        var raw = address.raw
        var pending: Int32 = 0
        let descriptor = apus_connect(&raw, ceiling, &pending)
        guard descriptor >= 0 else {
            if descriptor == -EMFILE { turnedAway &+= 1 }
            throw SocketError(code: -descriptor)
        }
        let token = try register(descriptor, output: true)
        if pending != 0 {
            slots[token.index].pointee.flags.insert(.connecting)
        } else {
            slots[token.index].pointee.flags.insert(.connectedOwed)
            enqueue(token.index)
        }
        return token
    }

    /// What the handler has set for a socket; 0 for one that has none, and for a stale token.
    public func tag(of token: Token) -> UInt64 { slots.find(token)?.pointee.tag ?? 0 }

    /// Sets what comes with each event of a socket, until it is closed. The reactor makes nothing of it.
    public mutating func setTag(_ token: Token, _ tag: UInt64) {
        if let slot = slots.find(token) { slot.pointee.tag = tag }
    }

    /// The own end of a socket; nil for a stale token.
    public func localAddress(_ token: Token) -> SocketAddress? {
        guard let slot = slots.find(token) else { return nil }
        var raw = apus_address()
        guard apus_local_address(slot.pointee.descriptor, &raw) == 0, raw.port != 0 else { return nil }
        return SocketAddress(raw)
    }

    /// Who is at the other end of a local socket; nil for a stale token, and where the kernel does not tell.
    package func peer(_ token: Token) -> PeerProcess? {
        slots.find(token).flatMap { PeerProcess(of: $0.pointee.descriptor) }
    }

    /// Takes over a connected stream socket from elsewhere: a socketpair's end, an inherited one. `connected` follows,
    /// or `failed` where the poller cannot watch it. `Token.none` where there are four million sockets already.
    public mutating func adopt(_ descriptor: consuming Descriptor) -> Token {
        let number = descriptor.release()
        _ = apus_set_nodelay(number)
        guard let token = slots.take(number) else {
            apus_close(number)
            return .none
        }
        let slot = slots[token.index]
        slot.pointee.activity = tick
        slot.pointee.flags.insert(.connectedOwed)
        enqueue(token.index)
        var code = apus_prepare(number)
        if code == 0 { code = poller.add(number, token, output: false) }
        if code != 0 { fail(token.index, -code) }
        return token
    }

    /// Has sockets that are accepted and connected, and pipes, keep below this number: what is above is for the rest of the process. Linux
    /// gives the lowest number that is free, so that a number tells how many there are at least.
    public mutating func limitDescriptors(below ceiling: Int) {
        self.ceiling = Int32(clamping: max(0, ceiling))
        pipes.keepBelow(self.ceiling)
    }

    /// Gives a descriptor a slot and has the poller watch it; closes it where that is refused.
    mutating func register(_ descriptor: Int32, output: Bool) throws(SocketError) -> Token {
        guard let token = slots.take(descriptor) else {
            apus_close(descriptor)
            throw .outOfMemory
        }
        let slot = slots[token.index]
        slot.pointee.activity = tick
        if output { slot.pointee.flags.insert(.outputWatched) }
        let code = poller.add(descriptor, token, output: output)
        guard code == 0 else {
            apus_close(descriptor)
            slots.give(token.index)
            throw SocketError(code: -code)
        }
        return token
    }

    /// Closes at once. What waits is dropped, also on the peer's side where input was left unread (the kernel then
    /// sends RST). What was taken from this socket by a relay still goes out to the other one. A seal whose peer has all of the output says so, in
    /// one try.
    public mutating func close(_ token: Token) {
        guard let slot = slots.find(token) else { return }
        if slot.pointee.flags.contains(.sealed) { sayGoodbye(slot, token.index) }
        let descriptor = slot.pointee.descriptor
        free(token.index)
        apus_close(descriptor)
    }

    /// Closes at once by RST; a seal says nothing, for its peer is to see the cut.
    public mutating func reset(_ token: Token) {
        guard let slot = slots.find(token) else { return }
        let descriptor = slot.pointee.descriptor
        free(token.index)
        apus_reset(descriptor)
    }

    private mutating func free(_ index: UInt32) {
        let slot = slots[index]
        part(index)
        Block.clear(&slot.pointee.output)
        Block.clear(&slot.pointee.kept)
        if slot.pointee.pipe >= 0 {
            pipes.give(slot.pointee.pipe)
            slot.pointee.pipe = -1
        }
        if slot.pointee.flags.contains(.sealed) { seals.remove(index) }
        slots.give(index)
        queue.forget(index)
        listeners.descriptorWasClosed()
    }

    /// No more `received` nor `ended` until `resume`. A socket that dies meanwhile is still reported by `failed`.
    public mutating func pause(_ token: Token) {
        guard let slot = slots.find(token) else { return }
        slot.pointee.flags.insert(.paused)
        // An error that would have been found by reading is now to be asked for.
        if slot.pointee.flags.contains(.broken) { wake(token.index) }
    }

    /// Ends a pause. Kept bytes are shown again, in a later step of this turn or the next.
    public mutating func resume(_ token: Token) {
        guard let slot = slots.find(token), slot.pointee.flags.contains(.paused) else { return }
        slot.pointee.flags.remove(.paused)
        // Inside `received`, what it leaves is not kept yet. In a relay it is moved, not shown.
        let isKept = slot.pointee.kept != nil || (queue.isServing(token.index) && buffers.shown > 0)
        if isKept && slot.pointee.flags.isDisjoint(with: [.relaying, .opening]) {
            slot.pointee.flags.insert(.showKept)
        }
        if isKept || !slot.pointee.flags.isDisjoint(with: [.readable, .finished, .broken]) { wake(token.index) }
    }

    /// From now on input is read and dropped, what is kept too, until `ended` or `failed`: for a lingering close. It
    /// ends a pause, and a relay from this socket. Of a sealed socket it is dropped unopened once the handshake is through, and FIN ends it.
    ///
    /// - Parameter limit: how many bytes may still come; with more, `failed` says `SocketError.discardLimit`.
    public mutating func discard(_ token: Token, limit: Int) {
        guard let slot = slots.find(token) else { return }
        endRelay(from: token.index)
        slot.pointee.taken = 0
        // During a handshake what is kept still belongs to that: what waits is to go out.
        if slot.pointee.flags.isDisjoint(with: .opening) {
            // What is shown at this moment the handler itself consumes.
            var block = queue.isServing(token.index) && buffers.shown > 0 ? nil : slot.pointee.kept
            while let current = block {
                slot.pointee.taken &+= UInt64(current.count)
                block = current.pointee.next
            }
            Block.clear(&slot.pointee.kept)
        }
        slot.pointee.left = UInt64(max(limit, 0))
        slot.pointee.flags.subtract([.paused, .showKept])
        slot.pointee.flags.insert(.discarding)
        wake(token.index)
    }

    /// How many bytes of a socket were dropped since `discard`: what was kept, and what has come, of a sealed one as it came. 0 for any other.
    public func discarded(_ token: Token) -> UInt64 {
        guard let slot = slots.find(token), slot.pointee.flags.contains(.discarding) else { return 0 }
        return slot.pointee.taken
    }

    /// The tick of the last byte read or written on this socket, in relays too; at first that of its beginning. 0 for a
    /// stale token.
    public func lastActivity(_ token: Token) -> UInt32 {
        slots.find(token)?.pointee.activity ?? 0
    }
}
