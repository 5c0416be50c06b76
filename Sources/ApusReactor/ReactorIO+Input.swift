internal import CApusReactor
internal import Glibc

extension ReactorIO {
    /// Does what an event or the run queue asks of a socket: output first, then input, then its end.
    @inline(__always)
    mutating func serve(_ token: Token, _ slot: UnsafeMutablePointer<Slot>, _ handler: any ReactorHandler) {
        queue.begin(token.index)
        let goesOn =
            (slot.pointee.flags.isDisjoint(with: .outputWork) || serveOutput(token, slot, handler))
            && serveInput(token, slot, handler)
        queue.end()
        if goesOn, !slot.pointee.flags.isDisjoint(with: [.finished, .failing, .broken]) {
            serveEnd(token, slot, handler)
        }
    }

    /// The end of a handshake, what waits, and `connected` and `drained`.
    ///
    /// - Returns: false when the socket was closed.
    private mutating func serveOutput(
        _ token: Token,
        _ slot: UnsafeMutablePointer<Slot>,
        _ handler: any ReactorHandler
    ) -> Bool {
        if slot.pointee.flags.contains(.connecting) {
            guard !slot.pointee.flags.isDisjoint(with: [.writable, .broken]) else { return true }
            endHandshake(token.index)
        }
        if slot.pointee.flags.contains(.opening) {
            // A dead one has nothing more to open.
            if slot.pointee.flags.contains(.failing) {
                slot.pointee.flags.remove(.readable)
            } else if slot.pointee.flags.contains(.readable) {
                queueStep(token.index)
            }
        }
        if slot.pointee.flags.contains(.waiting), slot.pointee.flags.contains(.writable) { flush(token.index) }
        if slot.pointee.flags.contains(.connectedOwed) {
            slot.pointee.flags.remove(.connectedOwed)
            handler.connected(token, tag: slot.pointee.tag, &self)
            guard isAlive(token) else { return false }
        }
        if slot.pointee.flags.contains(.drainOwed), !slot.pointee.flags.contains(.waiting) {
            slot.pointee.flags.remove(.drainOwed)
            handler.drained(token, tag: slot.pointee.tag, &self)
            return isAlive(token)
        }
        return true
    }

    private mutating func endHandshake(_ index: UInt32) {
        let slot = slots[index]
        if slot.pointee.flags.contains(.broken) {
            slot.pointee.flags.remove(.broken)
            let code = apus_socket_error(slot.pointee.descriptor)
            fail(index, code == 0 ? ECONNRESET : code)
            slot.pointee.flags.remove(.readable)
            return
        }
        handshakeIsOver(index)
        if slot.pointee.flags.contains(.opening) { queueStep(index) }
        if slot.pointee.flags.intersection([.shut, .waiting, .opening]) == .shut {
            _ = apus_shut_output(slot.pointee.descriptor)
        }
    }

    /// The socket is connected: `connected` is owed, and a relay to it can begin.
    mutating func handshakeIsOver(_ index: UInt32) {
        let slot = slots[index]
        slot.pointee.flags.remove(.connecting)
        slot.pointee.flags.insert(.connectedOwed)
        slot.pointee.activity = tick
        let source = slot.pointee.source
        if source != Slot.none, relayHasWork(slots[source]) { wake(source) }
    }

    /// Reads, relays, shows kept bytes, until nothing is left or others have their turn.
    ///
    /// - Returns: false when the socket was closed.
    @inline(__always)
    private mutating func serveInput(
        _ token: Token,
        _ slot: UnsafeMutablePointer<Slot>,
        _ handler: any ReactorHandler
    ) -> Bool {
        var reads = ReactorIO.readsPerTurn
        var spliced = ReactorIO.splicedPerTurn
        while reads > 0 && spliced > 0 {
            if slot.pointee.flags.contains(.relaying) {
                switch relayStep(token.index, handler) {
                case .idle: return true
                case .moved(0): reads -= 1
                case .moved(let count): spliced -= count
                case .complete:
                    reads -= 1
                    endRelay(from: token.index)
                    handler.relayed(token, tag: slot.pointee.tag, &self)
                    guard isAlive(token) else { return false }
                }
                continue
            }
            guard slot.pointee.flags.isDisjoint(with: [.paused, .connecting, .dead, .opening]) else { return true }
            if slot.pointee.flags.contains(.showKept) {
                slot.pointee.flags.remove(.showKept)
                if slot.pointee.kept == nil { continue }
                let count = copyKept(slot, to: input)
                show(token, slot, count, kept: count, handler)
            } else if slot.pointee.flags.contains(.readable), !slot.pointee.flags.contains(.finished) {
                if slot.pointee.flags.contains(.discarding) {
                    drop(token.index)
                } else {
                    receive(token, slot, handler)
                }
            } else {
                return true
            }
            guard isAlive(token) else { return false }
            reads -= 1
        }
        if !slot.pointee.flags.isDisjoint(with: [.readable, .showKept, .relaying]) { enqueue(token.index) }
        return true
    }

    @inline(__always)
    private mutating func receive(
        _ token: Token,
        _ slot: UnsafeMutablePointer<Slot>,
        _ handler: any ReactorHandler
    ) {
        var capacity = ReactorIO.inputCapacity
        if !slot.pointee.flags.isDisjoint(with: [.bulk, .sealed]) {
            if slot.pointee.flags.contains(.sealed) { return receiveSealed(token, slot, handler) }
            capacity = ReactorIO.bulkHead
        }
        let kept = slot.pointee.kept == nil ? 0 : copyKept(slot, to: input)
        let count = apus_receive(slot.pointee.descriptor, input + kept, capacity)
        guard count > 0 else { return endOfInput(token.index, count) }
        slot.pointee.activity = tick
        if count < capacity, !slot.pointee.flags.contains(.readToEnd) {
            slot.pointee.flags.remove(.readable)
        }
        show(token, slot, kept + count, kept: kept, handler)
    }

    /// Copies kept bytes to the front of a buffer and answers how many they are.
    func copyKept(_ slot: UnsafeMutablePointer<Slot>, to buffer: UnsafeMutablePointer<UInt8>) -> Int {
        var count = 0
        var block = slot.pointee.kept
        while let current = block {
            UnsafeMutableRawPointer(buffer + count).copyMemory(from: current.bytes, byteCount: current.count)
            count += current.count
            block = current.pointee.next
        }
        return count
    }

    /// Shows the handler what is in the buffer, of which the first `kept` bytes are in blocks as well.
    @inline(__always)
    mutating func show(
        _ token: Token,
        _ slot: UnsafeMutablePointer<Slot>,
        _ count: Int,
        kept: Int,
        _ handler: any ReactorHandler
    ) {
        buffers.show(count)
        let bytes = UnsafeBufferPointer(start: input, count: count).span
        var scratch = UnsafeMutableBufferPointer(start: self.scratch, count: ReactorIO.scratchCapacity).mutableSpan
        let consumed = handler.received(token, tag: slot.pointee.tag, bytes, &scratch, &self)
        buffers.show(0)
        if consumed == count && kept == 0 { return }
        guard isAlive(token) else { return }
        keep(token.index, from: min(max(consumed, 0), count), of: count, kept: kept, handler)
    }

    /// Keeps what the handler left, or moves it on at once where it has begun a relay.
    mutating func keep(
        _ index: UInt32,
        from consumed: Int,
        of count: Int,
        kept: Int,
        _ handler: any ReactorHandler
    ) {
        let slot = slots[index]
        if slot.pointee.flags.intersection([.discarding, .opening]) == .discarding { return }
        var start = consumed
        let isMoving = slot.pointee.flags.intersection([.relaying, .paused, .opening]) == .relaying
        if isMoving, slot.pointee.left > 0, !relayIsBlocked(slot) {
            let wanted = Int(min(UInt64(count - start), slot.pointee.left))
            forward(slot, input + start, wanted, handler)
            start += wanted
        }
        guard count - start <= ReactorIO.inputCapacity else { return refuse(index, .keptTooLarge) }
        // What was kept before stays where it is, as far as it was not consumed.
        var fresh = start
        if start < kept {
            var rest = start
            while rest > 0, let first = slot.pointee.kept {
                let part = min(rest, first.count)
                Block.drop(part, from: &slot.pointee.kept)
                rest -= part
            }
            fresh = kept
        } else {
            Block.clear(&slot.pointee.kept)
        }
        if fresh < count, !Block.append(input + fresh, count - fresh, to: &slot.pointee.kept) {
            refuse(index, .outOfMemory)
        }
    }

    /// Whether bytes, a FIN or an error have come to a socket that the handler has not seen yet. The kernel is asked only
    /// where the last read has not proved the socket empty; what has come to a sealed one is opened. True for a stale token.
    public mutating func hasUnseenInput(_ token: Token) -> Bool {
        guard let slot = slots.find(token) else { return true }
        if slot.pointee.flags.contains(.sealed) { return hasUnseenSealed(token.index) }
        let ends: SlotFlags = [.finished, .failing, .broken]
        if slot.pointee.kept != nil || !slot.pointee.flags.isDisjoint(with: ends) { return true }
        guard slot.pointee.flags.contains(.readable) else { return false }
        return apus_peek(slot.pointee.descriptor) != -Int(EAGAIN)
    }

    private mutating func drop(_ index: UInt32) {
        let slot = slots[index]
        let count = apus_receive(slot.pointee.descriptor, input, ReactorIO.inputCapacity)
        guard count > 0 else { return endOfInput(index, count) }
        slot.pointee.activity = tick
        if count < ReactorIO.inputCapacity, !slot.pointee.flags.contains(.readToEnd) {
            slot.pointee.flags.remove(.readable)
        }
        slot.pointee.taken &+= UInt64(count)
        if UInt64(count) > slot.pointee.left {
            refuse(index, .discardLimit)
        } else {
            slot.pointee.left -= UInt64(count)
        }
    }

    /// The socket is given up for a reason of the reactor's own: nothing more is read.
    private mutating func refuse(_ index: UInt32, _ error: SocketError) {
        let slot = slots[index]
        fail(index, error.code)
        Block.clear(&slot.pointee.kept)
        slot.pointee.flags.subtract([.readable, .showKept])
    }

    /// `ended` and `failed`, once nothing is left before them.
    private mutating func serveEnd(
        _ token: Token,
        _ slot: UnsafeMutablePointer<Slot>,
        _ handler: any ReactorHandler
    ) {
        // Where no read will find the error, it is to be asked for.
        let isUnread = !slot.pointee.flags.isDisjoint(with: [.paused, .finished]) || relayIsLost(slot)
        if slot.pointee.flags.contains(.broken), isUnread {
            slot.pointee.flags.remove(.broken)
            let code = apus_socket_error(slot.pointee.descriptor)
            if code != 0 { fail(token.index, code) }
        }
        if slot.pointee.flags.intersection([.finished, .ended, .paused, .showKept, .dead]) == .finished {
            if slot.pointee.flags.contains(.relaying), relayIsBlocked(slot) || slot.pointee.kept != nil {
                // Not before the other side has all of it, unless it will never take it.
            } else {
                slot.pointee.flags.insert(.ended)
                handler.ended(token, tag: slot.pointee.tag, &self)
                guard isAlive(token) else { return }
            }
        }
        guard slot.pointee.flags.intersection([.failing, .dead]) == .failing else { return }
        if slot.pointee.flags.contains(.paused) || !inputIsLeft(slot) {
            slot.pointee.flags.insert(.dead)
            let error = SocketError(code: Int32(slot.pointee.failure))
            handler.failed(token, tag: slot.pointee.tag, error, &self)
        }
    }

    /// Whether a dead socket has bytes that can still be shown or moved.
    private func inputIsLeft(_ slot: UnsafeMutablePointer<Slot>) -> Bool {
        if slot.pointee.flags.contains(.opening) { return false }
        if slot.pointee.flags.contains(.relaying) {
            if relayIsLost(slot) { return false }
            if relayIsBlocked(slot) { return true }
        }
        if slot.pointee.flags.contains(.showKept) { return true }
        return slot.pointee.flags.contains(.readable) && !slot.pointee.flags.contains(.finished)
    }
}
