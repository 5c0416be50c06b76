internal import CApusReactor
internal import Glibc

/// Sockets with a seal: what their users see and send is clear, what the kernel sees is sealed.
extension ReactorIO {
    /// Puts a seal at a socket: from now on all calls and events speak of clear bytes. `secured` follows once the handshake is through, or
    /// `failed`; until then nothing is shown, and what is sent waits.
    ///
    /// It may be called in any event. Output that waits already goes out as it is, in front of the first sealed byte. Input that the handler
    /// has not consumed, in `received` what that leaves, is the first to be opened. Relays from and to the socket end.
    /// While the handshake runs, input is read though the socket is paused.
    ///
    /// - Parameter end: what FIN is worth without an end that the seal has seen. During the handshake it is a failure.
    /// - Returns: false where the token is stale, the socket dead, its output shut down, or sealed already.
    @discardableResult
    public mutating func secure(_ token: Token, with seal: any Seal, end: EndRule) -> Bool {
        let excluded: SlotFlags = [.sealed, .shut, .finished, .discarding, .failing, .dead]
        guard let slot = slots.find(token), slot.pointee.flags.isDisjoint(with: excluded) else { return false }
        part(token.index)
        seals.put(seal, at: token.index)
        slot.pointee.flags.remove(.showKept)
        slot.pointee.flags.formUnion(end == .lenient ? [.sealed, .opening, .lenient] : [.sealed, .opening])
        queueStep(token.index)
        return true
    }

    /// Bounds how many steps of handshakes one turn of the loop takes; the others wait for the next, behind what has come meanwhile.
    /// As it begins, 16. A step with a key that is slow to sign with can be ten times as long.
    public mutating func limitHandshakes(toStepsPerTurn steps: Int) {
        seals.limit(toStepsPerTurn: steps)
    }

    /// Has a handshake go on in this turn or the next.
    mutating func queueStep(_ index: UInt32) {
        seals.queueStep(Token(index: index, generation: slots[index].pointee.generation))
        queue.keepAwake()
    }

    /// Takes the steps that are due, as many as a turn may.
    mutating func serveSteps(_ handler: any ReactorHandler) {
        var due = seals.queuedSteps
        var left = seals.stepsPerTurn
        while due > 0, left > 0, let token = seals.nextStep() {
            due -= 1
            guard let slot = slots.find(token), slot.pointee.flags.contains(.opening) else { continue }
            left -= 1
            step(token, slot, handler)
        }
        if seals.queuedSteps > 0 { queue.keepAwake() }
    }

    /// One step of a handshake: opens what has come. When it is through, `secured` is told, and what came behind it is shown.
    private mutating func step(_ token: Token, _ slot: UnsafeMutablePointer<Slot>, _ handler: any ReactorHandler) {
        guard slot.pointee.flags.isDisjoint(with: [.connecting, .failing, .dead]) else { return }
        queue.begin(token.index)
        let clear = openFirst(token.index)
        if !slot.pointee.flags.contains(.opening) {
            handler.secured(token, tag: slot.pointee.tag, &self)
            guard isAlive(token) else { return }
            if clear > 0 {
                if slot.pointee.flags.isDisjoint(with: [.paused, .relaying, .discarding]) {
                    show(token, slot, clear, kept: 0, handler)
                } else {
                    keep(token.index, from: 0, of: clear, kept: 0, handler)
                }
                guard isAlive(token) else { return }
            }
        }
        queue.end()
        serve(token, slot, handler)
    }

    /// Opens what was there when the seal was put, or what has come since; answers how many clear bytes are in the input buffer.
    private mutating func openFirst(_ index: UInt32) -> Int {
        let slot = slots[index]
        if slot.pointee.kept != nil {
            let count = copyKept(slot, to: sealedInput)
            Block.clear(&slot.pointee.kept)
            slot.pointee.flags.remove(.showKept)
            return open(index, count, into: input, room: 2 * ReactorIO.inputCapacity)
        }
        if !seals.hasBegun(index) {
            let clear = open(index, 0, into: input, room: 2 * ReactorIO.inputCapacity)
            guard clear == 0, slot.pointee.flags.intersection([.opening, .failing]) == .opening else { return clear }
        }
        guard slot.pointee.flags.contains(.readable) else { return 0 }
        return openNext(index, into: input, room: 2 * ReactorIO.inputCapacity) ?? 0
    }

    /// Reads once and opens that; answers how many clear bytes came of it, nil where nothing was read.
    mutating func openNext(_ index: UInt32, into clear: UnsafeMutablePointer<UInt8>, room: Int) -> Int? {
        let slot = slots[index]
        // What it would read is not the peer's any more, or its end once again.
        if slot.pointee.flags.contains(.failing), slot.pointee.failure >= UInt8(SocketError.sealBroken.code) {
            slot.pointee.flags.remove(.readable)
            return nil
        }
        let count = apus_receive(slot.pointee.descriptor, sealedInput, SealRoom.read)
        guard count > 0 else {
            endOfInput(index, count)
            return nil
        }
        slot.pointee.activity = tick
        if count < SealRoom.read, !slot.pointee.flags.contains(.readToEnd) { slot.pointee.flags.remove(.readable) }
        return open(index, count, into: clear, room: room)
    }

    /// Opens so many bytes of the sealed input, sends what the seal replies, and notes where it stands.
    private mutating func open(
        _ index: UInt32,
        _ count: Int,
        into clear: UnsafeMutablePointer<UInt8>,
        room: Int
    ) -> Int {
        let slot = slots[index]
        let progress = seals.open(
            index,
            UnsafeBufferPointer(start: sealedInput, count: count),
            into: UnsafeMutableBufferPointer(start: clear, count: room),
            reply: UnsafeMutableBufferPointer(start: sealedOutput, count: SealRoom.sealed)
        )
        // Nothing follows the own end. A reply that cannot be sent is the socket's failure, not the handshake's: what was opened is shown.
        let isOver = slot.pointee.flags.intersection([.shut, .opening]) == .shut
        if progress.reply > 0, !isOver { _ = sendSealed(slot, index, progress.reply) }
        switch progress.state {
        case .opening: break
        case .open: if slot.pointee.flags.contains(.opening) { handshakeIsThrough(index) }
        case .finished:
            if slot.pointee.flags.contains(.opening) { handshakeIsThrough(index) }
            slot.pointee.flags.insert(.finished)
        case .broken:
            fail(index, SocketError.sealBroken.code)
            slot.pointee.flags.remove(.readable)
        }
        return progress.clear
    }

    /// The seal is open: what was sent in the meantime is sealed, and relays to this socket can begin.
    private mutating func handshakeIsThrough(_ index: UInt32) {
        let slot = slots[index]
        slot.pointee.flags.remove(.opening)
        var pending = seals.takePending(index)
        while let block = pending, slot.pointee.flags.isDisjoint(with: .failing) {
            sealOutput(slot, index, Runs(block.bytes, block.count))
            Block.drop(block.count, from: &pending)
        }
        Block.clear(&pending)
        if !wireWaits(slot) { slot.pointee.flags.remove(.waiting) }
        if slot.pointee.flags.contains(.shut) {
            finishSealed(slot, index)
            if !slot.pointee.flags.contains(.waiting) { _ = apus_shut_output(slot.pointee.descriptor) }
        }
        let source = slot.pointee.source
        if source != Slot.none, relayHasWork(slots[source]) { wake(source) }
    }

    /// Reads and opens what has come to a sealed socket and shows it, behind what is kept.
    mutating func receiveSealed(_ token: Token, _ slot: UnsafeMutablePointer<Slot>, _ handler: any ReactorHandler) {
        let kept = slot.pointee.kept == nil ? 0 : copyKept(slot, to: input)
        let room = 2 * ReactorIO.inputCapacity - kept
        guard let clear = openNext(token.index, into: input + kept, room: room), clear > 0 else { return }
        show(token, slot, kept + clear, kept: kept, handler)
    }

    /// One step of the relay from a sealed socket: what is kept, or one read that is opened.
    mutating func relaySealed(_ index: UInt32, _ handler: any ReactorHandler) -> RelayStep {
        let slot = slots[index]
        if slot.pointee.kept != nil { return moveKept(slot, handler) }
        guard slot.pointee.flags.isDisjoint(with: .inputBarred), slot.pointee.flags.contains(.readable),
            let clear = openNext(index, into: input, room: 2 * ReactorIO.inputCapacity)
        else { return .idle }
        if clear > 0 { moveRead(slot, index, clear, handler) }
        return .moved(spliced: 0)
    }

    /// Whether a sealed socket has clear bytes that were not shown, or has ended: what has come is opened to find out. In an event of the
    /// socket itself, which may be in the middle of what was opened before, sealed bytes count as well.
    mutating func hasUnseenSealed(_ index: UInt32) -> Bool {
        let slot = slots[index]
        let ends: SlotFlags = [.finished, .failing, .broken]
        if queue.isServing(index) {
            if slot.pointee.kept != nil || !slot.pointee.flags.isDisjoint(with: ends) { return true }
            return slot.pointee.flags.contains(.readable) && apus_peek(slot.pointee.descriptor) != -Int(EAGAIN)
        }
        var reads = ReactorIO.readsPerTurn
        while slot.pointee.kept == nil, slot.pointee.flags.isDisjoint(with: ends),
            slot.pointee.flags.contains(.readable)
        {
            if reads == 0 || slot.pointee.flags.contains(.opening) { return true }
            reads -= 1
            // The input buffer may be what the handler is being shown.
            guard let clear = openNext(index, into: spare, room: ReactorIO.scratchCapacity), clear > 0 else { continue }
            guard Block.append(spare, clear, to: &slot.pointee.kept) else {
                fail(index, ENOMEM)
                return true
            }
            slot.pointee.flags.insert(.showKept)
            wake(index)
        }
        return slot.pointee.kept != nil || !slot.pointee.flags.isDisjoint(with: ends)
    }
}

/// Output.
extension ReactorIO {
    /// Seals and sends what the handler sends, or lets it wait in clear until the handshake is through.
    mutating func transmitSealed(_ slot: UnsafeMutablePointer<Slot>, _ index: UInt32, _ runs: Runs) -> SendResult {
        if !slot.pointee.flags.isDisjoint(with: [.shut, .failing, .dead]) { return .failed }
        if runs.count > 0 {
            if slot.pointee.flags.contains(.opening) {
                guard seals.appendPending(runs.first, runs.firstCount, at: index),
                    seals.appendPending(runs.second, runs.secondCount, at: index)
                else {
                    fail(index, ENOMEM)
                    return .failed
                }
                slot.pointee.flags.insert(.waiting)
            } else {
                sealOutput(slot, index, runs)
                if slot.pointee.flags.contains(.failing) { return .failed }
            }
        }
        guard slot.pointee.flags.contains(.waiting) else { return .sent }
        if runs.count > 0 { slot.pointee.flags.insert(.drainOwed) }
        return .waiting
    }

    /// Seals runs in pieces, and sends each or lets it wait.
    private mutating func sealOutput(_ slot: UnsafeMutablePointer<Slot>, _ index: UInt32, _ runs: Runs) {
        let first = UnsafeBufferPointer(start: runs.first.assumingMemoryBound(to: UInt8.self), count: runs.firstCount)
        let second = UnsafeBufferPointer(
            start: runs.second.assumingMemoryBound(to: UInt8.self),
            count: runs.secondCount
        )
        var done = 0
        while done < runs.count {
            let end = min(done + SealRoom.clear, runs.count)
            let count = seals.seal(
                index,
                UnsafeBufferPointer(rebasing: first[min(done, first.count)..<min(end, first.count)]),
                UnsafeBufferPointer(rebasing: second[max(done - first.count, 0)..<max(end - first.count, 0)]),
                into: UnsafeMutableBufferPointer(start: sealedOutput, count: SealRoom.sealed)
            )
            guard count > 0 else { return fail(index, SocketError.sealBroken.code) }
            guard sendSealed(slot, index, count) else { return }
            done = end
        }
    }

    /// Sends so many bytes of the sealed output behind what waits, and lets wait what the kernel does not take; false where the socket died.
    private mutating func sendSealed(_ slot: UnsafeMutablePointer<Slot>, _ index: UInt32, _ count: Int) -> Bool {
        if slot.pointee.flags.contains(.failing) { return false }
        var sent = 0
        let waits = wireWaits(slot)
        if !waits {
            let taken = apus_send(slot.pointee.descriptor, sealedOutput, count)
            if taken < 0, taken != -Int(EAGAIN) {
                fail(index, Int32(-taken))
                return false
            }
            sent = max(taken, 0)
            if sent > 0 { slot.pointee.activity = tick }
            if sent == count { return true }
        }
        guard keepOutput(slot, sealedOutput + sent, count - sent) else {
            fail(index, ENOMEM)
            return false
        }
        if !waits { blockOutput(index) }
        return true
    }

    /// Whether bytes wait as they are to go out; during a handshake clear ones may wait besides.
    private func wireWaits(_ slot: UnsafeMutablePointer<Slot>) -> Bool {
        slot.pointee.output != nil || (slot.pointee.pipe >= 0 && pipes[slot.pointee.pipe].bytes > 0)
    }

    /// Tells the peer behind what waits that nothing more comes; during the handshake that is done at its end.
    mutating func finishSealed(_ slot: UnsafeMutablePointer<Slot>, _ index: UInt32) {
        if slot.pointee.flags.contains(.opening) { return }
        let count = seals.finish(index, into: UnsafeMutableBufferPointer(start: sealedOutput, count: SealRoom.sealed))
        if count > 0 { _ = sendSealed(slot, index, count) }
    }

    /// Tells the peer in one try that nothing more comes, unless that would be untrue.
    func sayGoodbye(_ slot: UnsafeMutablePointer<Slot>, _ index: UInt32) {
        let untold: SlotFlags = [.opening, .connecting, .waiting, .shut, .failing, .dead]
        guard slot.pointee.flags.isDisjoint(with: untold) else { return }
        let count = seals.finish(index, into: UnsafeMutableBufferPointer(start: sealedOutput, count: SealRoom.sealed))
        if count > 0 { _ = apus_send(slot.pointee.descriptor, sealedOutput, count) }
    }
}
