internal import CApusReactor
internal import Glibc

extension ReactorIO {
    /// What a step of a relay came to.
    enum RelayStep {
        /// Something was moved, this many bytes by splice: there may be more.
        case moved(spliced: Int)
        /// Nothing to do until an event: the source is empty, or the target takes nothing.
        case idle
        /// The count is reached, and all of it was taken by the target's kernel buffer.
        case complete
    }

    /// Moves input of one socket to another unseen, by copy or by splice; nothing is read while anything waits for the
    /// target. Output that waits for the target goes first, then what is kept of the source. A paused source stays
    /// unread. A socket has one partner, for one way or both: an earlier relay of either with a third socket ends.
    ///
    /// - Parameters:
    ///   - count: how many bytes; `relayed` follows the last one, `ended` a FIN before it. `.max`: all, until `ended`.
    ///   - showing: whether `passed` shows the bytes on their way, until it has seen enough. They are copied as long.
    public mutating func relay(from: Token, to: Token, count: UInt64, showing: Bool = false) {
        guard let source = slots.find(from), let target = slots.find(to), from != to else { return }
        if source.pointee.partner == to.index {
            endRelay(from: from.index)
        } else {
            part(from.index)
            part(to.index)
        }
        source.pointee.partner = to.index
        source.pointee.left = count
        source.pointee.taken = 0
        source.pointee.streak = 0
        source.pointee.flags.subtract([.showKept, .discarding, .showing, .toSealed])
        source.pointee.flags.formUnion(showing ? [.relaying, .showing] : .relaying)
        if target.pointee.flags.contains(.sealed) { source.pointee.flags.insert(.toSealed) }
        target.pointee.partner = from.index
        target.pointee.flags.insert(.fed)
        if relayHasWork(source) { wake(from.index) }
    }

    /// Bounds the pipes through which relays are spliced; what finds none is copied. As it begins, 64 of 1 MiB.
    ///
    /// - Parameters:
    ///   - count: how many may be open at once; 0: all is copied.
    ///   - size: what is asked for as the capacity of one, in bytes.
    public mutating func limitPipes(to count: Int, size: Int) {
        pipes.limit(to: count, size: size)
    }

    /// Says whether much is expected behind the next bytes of a socket, from what came before: then only a little is
    /// read of them, and what a bounded relay moves afterwards is spliced instead of copied.
    @inline(__always)
    public mutating func expectBulk(_ token: Token, _ expected: Bool) {
        guard let slot = slots.find(token) else { return }
        if expected { slot.pointee.flags.insert(.bulk) } else { slot.pointee.flags.remove(.bulk) }
    }

    /// Ends the relay from a socket; its input is shown again. What was already taken from it still goes out to the
    /// other socket, and `drained` follows there if anything waits.
    ///
    /// - Returns: how many bytes of the relay the other socket's kernel buffer had accepted; 0 without a relay.
    @discardableResult
    public mutating func stopRelay(from: Token) -> UInt64 {
        guard let slot = slots.find(from), slot.pointee.flags.contains(.relaying) else { return 0 }
        let moved = self.moved(slot)
        let target = slots[slot.pointee.partner]
        if target.pointee.flags.contains(.waiting) { target.pointee.flags.insert(.drainOwed) }
        endRelay(from: from.index)
        return moved
    }

    /// How many bytes of the relay from a socket the other one's kernel buffer has accepted; 0 without a relay.
    public func relayMoved(from: Token) -> UInt64 {
        guard let slot = slots.find(from), slot.pointee.flags.contains(.relaying) else { return 0 }
        return moved(slot)
    }

    /// How many bytes the relay from a socket has taken from it, whether the other one's kernel buffer has accepted them or not; 0 without a
    /// relay.
    public func relayTaken(from: Token) -> UInt64 {
        guard let slot = slots.find(from), slot.pointee.flags.contains(.relaying) else { return 0 }
        return slot.pointee.taken
    }

    private func moved(_ slot: UnsafeMutablePointer<Slot>) -> UInt64 {
        let waiting = UInt64(waitingBytes(slots[slot.pointee.partner]))
        return slot.pointee.taken > waiting ? slot.pointee.taken - waiting : 0
    }

    /// Undoes the link of source and target. The source's input is the handler's again.
    mutating func endRelay(from index: UInt32) {
        let slot = slots[index]
        guard slot.pointee.flags.contains(.relaying) else { return }
        let target = slots[slot.pointee.partner]
        target.pointee.flags.remove(.fed)
        releasePipe(target)
        slot.pointee.flags.remove(.relaying)
        if !slot.pointee.flags.contains(.fed) {
            slot.pointee.partner = Slot.none
            target.pointee.partner = Slot.none
        }
        if slot.pointee.kept != nil { slot.pointee.flags.insert(.showKept) }
        if slot.pointee.kept != nil || !slot.pointee.flags.isDisjoint(with: [.readable, .finished, .failing]) {
            wake(index)
        }
    }

    /// Ends the relays from a socket and to it.
    mutating func part(_ index: UInt32) {
        endRelay(from: index)
        let source = slots[index].pointee.source
        if source != Slot.none { endRelay(from: source) }
    }

    /// Whether the relay from a socket has to wait for its target.
    func relayIsBlocked(_ slot: UnsafeMutablePointer<Slot>) -> Bool {
        !slots[slot.pointee.partner].pointee.flags.isDisjoint(with: .feedingBarred)
    }

    /// Whether a socket is relayed to one that is dead.
    func relayIsLost(_ slot: UnsafeMutablePointer<Slot>) -> Bool {
        slot.pointee.flags.contains(.relaying) && slots[slot.pointee.partner].pointee.flags.contains(.failing)
    }

    /// Whether the relay from a socket has something to do as soon as its target takes output.
    func relayHasWork(_ slot: UnsafeMutablePointer<Slot>) -> Bool {
        slot.pointee.left == 0 || slot.pointee.kept != nil
            || !slot.pointee.flags.isDisjoint(with: [.readable, .finished, .failing])
    }

    /// One step of the relay from a socket: what is kept, one copy or one splice.
    mutating func relayStep(_ index: UInt32, _ handler: any ReactorHandler) -> RelayStep {
        let slot = slots[index]
        if relayIsBlocked(slot) { return .idle }
        if slot.pointee.left == 0 { return .complete }
        if !slot.pointee.flags.isDisjoint(with: [.paused, .dead, .sealed]) {
            if slot.pointee.flags.isDisjoint(with: [.paused, .dead, .opening]) { return relaySealed(index, handler) }
            releasePipe(slots[slot.pointee.partner])
            return .idle
        }
        if slot.pointee.kept != nil { return moveKept(slot, handler) }
        guard slot.pointee.flags.isDisjoint(with: .inputBarred), slot.pointee.flags.contains(.readable) else {
            releasePipe(slots[slot.pointee.partner])
            return .idle
        }
        let isLong =
            slot.pointee.left == .max
            ? slot.pointee.streak >= ReactorIO.spliceStreak : slot.pointee.left >= ReactorIO.spliceBounded
        if isLong && slot.pointee.flags.isDisjoint(with: .copied), let step = spliceStep(index) { return step }
        return copyStep(index, handler)
    }

    /// Moves a block of what is kept.
    mutating func moveKept(_ slot: UnsafeMutablePointer<Slot>, _ handler: any ReactorHandler) -> RelayStep {
        guard let kept = slot.pointee.kept else { return .idle }
        let count = Int(min(UInt64(kept.count), slot.pointee.left))
        forward(slot, kept.bytes, count, handler)
        Block.drop(count, from: &slot.pointee.kept)
        return .moved(spliced: 0)
    }

    /// Moves what is in the input buffer, and keeps what is behind the count.
    mutating func moveRead(
        _ slot: UnsafeMutablePointer<Slot>,
        _ index: UInt32,
        _ count: Int,
        _ handler: any ReactorHandler
    ) {
        let wanted = Int(min(UInt64(count), slot.pointee.left))
        forward(slot, input, wanted, handler)
        if wanted < count, !Block.append(input + wanted, count - wanted, to: &slot.pointee.kept) { fail(index, ENOMEM) }
    }

    /// Hands bytes of the relay from a slot to its target; what the kernel does not take waits.
    mutating func forward(
        _ slot: UnsafeMutablePointer<Slot>,
        _ bytes: UnsafeRawPointer,
        _ count: Int,
        _ handler: any ReactorHandler
    ) {
        if slot.pointee.flags.contains(.showing) { showPassing(slot, bytes, count, handler) }
        slot.pointee.taken &+= UInt64(count)
        if slot.pointee.left != .max { slot.pointee.left -= UInt64(count) }
        let index = slot.pointee.partner
        let target = slots[index]
        // The relay's own waiting is not the handler's: only a send may owe `drained`.
        let owed = target.pointee.flags.intersection(.drainOwed)
        _ = transmit(target, index, Runs(bytes, count))
        target.pointee.flags.remove(.drainOwed)
        target.pointee.flags.formUnion(owed)
    }

    private func showPassing(
        _ slot: UnsafeMutablePointer<Slot>,
        _ bytes: UnsafeRawPointer,
        _ count: Int,
        _ handler: any ReactorHandler
    ) {
        // The token by the link back: a slot knows its generation, not its index.
        let token = Token(index: slots[slot.pointee.partner].pointee.partner, generation: slot.pointee.generation)
        let wantsMore = handler.passed(
            token,
            tag: slot.pointee.tag,
            UnsafeBufferPointer(start: bytes.assumingMemoryBound(to: UInt8.self), count: count).span
        )
        if !wantsMore { slot.pointee.flags.remove(.showing) }
    }

    private mutating func copyStep(_ index: UInt32, _ handler: any ReactorHandler) -> RelayStep {
        let slot = slots[index]
        releasePipe(slots[slot.pointee.partner])
        // More than is left may be asked for: a short read then proves that the source is empty.
        let count = apus_receive(slot.pointee.descriptor, input, ReactorIO.inputCapacity)
        guard count > 0 else {
            endOfInput(index, count)
            return .idle
        }
        slot.pointee.activity = tick
        if count < ReactorIO.inputCapacity, !slot.pointee.flags.contains(.readToEnd) {
            slot.pointee.flags.remove(.readable)
        }
        slot.pointee.streak = count >= ReactorIO.spliceRead ? min(slot.pointee.streak, .max - 1) + 1 : 0
        moveRead(slot, index, count, handler)
        return .moved(spliced: 0)
    }

    /// One splice into the target's pipe and on; nil where copying must do.
    private mutating func spliceStep(_ index: UInt32) -> RelayStep? {
        let slot = slots[index]
        let target = slots[slot.pointee.partner]
        if target.pointee.pipe < 0 {
            guard let pipe = pipes.take() else {
                slot.pointee.streak = 0
                return nil
            }
            target.pointee.pipe = pipe
        }
        let pipe = pipes[target.pointee.pipe]
        let wanted = Int(min(UInt64(pipe.capacity), slot.pointee.left))
        let count = apus_splice(slot.pointee.descriptor, pipe.writer, wanted)
        guard count > 0 else {
            releasePipe(target)
            if count == -Int(EINVAL) || count == -Int(ENOMEM) || count == -Int(ENOSYS) {
                if count != -Int(ENOMEM) { slot.pointee.flags.insert(.unspliceable) }
                slot.pointee.streak = 0
                return nil
            }
            endOfInput(index, count)
            return .idle
        }
        slot.pointee.activity = tick
        // A few small ones, and copying is cheaper again.
        if count >= ReactorIO.spliceSmall {
            slot.pointee.streak = ReactorIO.spliceStreak + ReactorIO.spliceStreak
        } else if slot.pointee.streak > 0 {
            slot.pointee.streak -= 1
        }
        slot.pointee.taken &+= UInt64(count)
        if slot.pointee.left != .max { slot.pointee.left -= UInt64(count) }
        pipes.filled(target.pointee.pipe, count)
        target.pointee.flags.insert(.waiting)
        flush(slot.pointee.partner)
        return .moved(spliced: count)
    }

    /// After a read that brought nothing: the source is empty, at its end, or dead.
    mutating func endOfInput(_ index: UInt32, _ result: Int) {
        let slot = slots[index]
        slot.pointee.flags.remove(.readable)
        if slot.pointee.flags.contains(.relaying) {
            releasePipe(slots[slot.pointee.partner])
        }
        // Behind a FIN the kernel may hold an error, still to be asked for.
        if result != 0 { slot.pointee.flags.remove(.broken) }
        if result == -Int(EAGAIN) { return }
        if result == 0 {
            // A dead socket reads as ended where a send has taken the error.
            if slot.pointee.flags.contains(.failing) { return }
            if slot.pointee.flags.contains(.sealed), isCut(slot) {
                fail(index, SocketError.truncated.code)
                slot.pointee.flags.remove(.readable)
            } else {
                slot.pointee.flags.insert(.finished)
            }
        } else {
            fail(index, Int32(-result))
            slot.pointee.flags.remove(.readable)
        }
    }

    /// Whether FIN cuts a sealed socket short: its seal has seen no end. What is dropped unopened ends in any way.
    private func isCut(_ slot: UnsafeMutablePointer<Slot>) -> Bool {
        slot.pointee.flags.contains(.opening) || slot.pointee.flags.isDisjoint(with: [.lenient, .discarding])
    }
}
