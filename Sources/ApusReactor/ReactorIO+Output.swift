internal import CApusReactor
internal import Glibc

extension ReactorIO {
    /// Sends a run of this call's scratch and, behind it, a run of the bytes that `received` shows, by one system call.
    ///
    /// - Parameters:
    ///   - scratch: offsets into the scratch.
    ///   - input: offsets into the bytes; outside of `received` there are none.
    @discardableResult
    public mutating func send(_ token: Token, scratch: Range<Int>, input: Range<Int>) -> SendResult {
        guard let slot = slots.find(token) else { return .stale }
        let first = scratch.clamped(to: 0..<ReactorIO.scratchCapacity)
        let second = input.clamped(to: 0..<buffers.shown)
        let runs = Runs(
            first: self.scratch + first.lowerBound,
            firstCount: first.count,
            second: self.input + second.lowerBound,
            secondCount: second.count
        )
        return transmit(slot, token.index, runs)
    }

    /// Sends bytes that the caller keeps: an own answer, a retained head.
    @discardableResult
    public mutating func send(_ token: Token, _ bytes: Span<UInt8>) -> SendResult {
        send(token, bytes, input: 0..<0)
    }

    /// Sends bytes that the caller keeps and, behind them, a run of the bytes that `received` shows.
    @discardableResult
    public mutating func send(_ token: Token, _ kept: Span<UInt8>, input: Range<Int>) -> SendResult {
        guard let slot = slots.find(token) else { return .stale }
        let second = input.clamped(to: 0..<buffers.shown)
        return kept.withUnsafeBufferPointer { kept in
            let runs = Runs(
                first: kept.baseAddress ?? UnsafePointer(self.input),
                firstCount: kept.count,
                second: self.input + second.lowerBound,
                secondCount: second.count
            )
            return transmit(slot, token.index, runs)
        }
    }

    /// Has bytes written into a scratch, in any event, and sends as many as `write` answers.
    @discardableResult
    public mutating func withScratch(
        sendingTo token: Token,
        _ write: (inout MutableSpan<UInt8>) -> Int
    ) -> SendResult {
        var span = UnsafeMutableBufferPointer(start: spare, count: ReactorIO.scratchCapacity).mutableSpan
        let count = min(max(write(&span), 0), ReactorIO.scratchCapacity)
        guard let slot = slots.find(token) else { return .stale }
        return transmit(slot, token.index, Runs(spare, count))
    }

    /// Sends FIN after what waits, bytes in a pipe included; of a sealed socket behind the seal's own end. A relay to this socket ends.
    public mutating func shutdown(_ token: Token) {
        guard let slot = slots.find(token), slot.pointee.flags.isDisjoint(with: [.shut, .failing]) else { return }
        let source = slot.pointee.source
        if source != Slot.none { endRelay(from: source) }
        if slot.pointee.flags.contains(.sealed) { finishSealed(slot, token.index) }
        slot.pointee.flags.insert(.shut)
        if slot.pointee.flags.isDisjoint(with: [.waiting, .connecting, .opening]) {
            _ = apus_shut_output(slot.pointee.descriptor)
        }
    }

    /// How many bytes of output wait, in blocks or in a pipe; of a sealed socket they are counted as they go out, sealed.
    public func waiting(_ token: Token) -> Int {
        guard let slot = slots.find(token), slot.pointee.flags.contains(.waiting) else { return 0 }
        let clear = slot.pointee.flags.contains(.opening) ? seals.pendingBytes(token.index) : 0
        return clear + waitingBytes(slot)
    }

    /// What waits, but for clear bytes of a handshake.
    func waitingBytes(_ slot: UnsafeMutablePointer<Slot>) -> Int {
        Block.count(slot.pointee.output) + (slot.pointee.pipe >= 0 ? pipes[slot.pointee.pipe].bytes : 0)
    }

    /// Sends two runs, and lets wait what the kernel does not take.
    @inline(__always)
    mutating func transmit(_ slot: UnsafeMutablePointer<Slot>, _ index: UInt32, _ runs: Runs) -> SendResult {
        if !slot.pointee.flags.isDisjoint(with: .outputBarred) { return transmitLater(slot, index, runs) }
        if runs.count == 0 { return .sent }
        let sent = runs.send(slot.pointee.descriptor)
        if sent == runs.count {
            slot.pointee.activity = tick
            return .sent
        }
        return settle(slot, index, sent, runs)
    }

    /// After a send that did not take all: the rest waits, or the socket is dead.
    private mutating func settle(
        _ slot: UnsafeMutablePointer<Slot>,
        _ index: UInt32,
        _ sent: Int,
        _ runs: Runs
    ) -> SendResult {
        if sent < 0 && sent != -Int(EAGAIN) {
            fail(index, Int32(-sent))
            return .failed
        }
        let taken = max(sent, 0)
        if taken > 0 { slot.pointee.activity = tick }
        let result = letWait(slot, index, after: taken, runs)
        if result == .waiting { blockOutput(index) }
        return result
    }

    /// Lets what is behind the first bytes of two runs wait, behind what waits already.
    private mutating func letWait(
        _ slot: UnsafeMutablePointer<Slot>,
        _ index: UInt32,
        after taken: Int,
        _ runs: Runs
    ) -> SendResult {
        let first = min(taken, runs.firstCount)
        let second = taken - first
        guard keepOutput(slot, runs.first + first, runs.firstCount - first),
            keepOutput(slot, runs.second + second, runs.secondCount - second)
        else {
            fail(index, ENOMEM)
            return .failed
        }
        slot.pointee.flags.insert(.drainOwed)
        return .waiting
    }

    /// A send while the handshake is under way, while something waits, or when it is too late.
    private mutating func transmitLater(
        _ slot: UnsafeMutablePointer<Slot>,
        _ index: UInt32,
        _ runs: Runs
    ) -> SendResult {
        if slot.pointee.flags.contains(.sealed) { return transmitSealed(slot, index, runs) }
        if !slot.pointee.flags.isDisjoint(with: [.shut, .failing, .dead]) { return .failed }
        if runs.count == 0 { return slot.pointee.flags.contains(.waiting) ? .waiting : .sent }
        guard slot.pointee.flags.contains(.connecting), slot.pointee.flags.isDisjoint(with: [.attempted, .waiting])
        else {
            // The kernel was not asked: that it takes output may be known by now, and not served yet.
            return letWait(slot, index, after: 0, runs)
        }
        // On loopback the handshake is over when connect returns, and this is the cheapest way to find out.
        slot.pointee.flags.insert(.attempted)
        let sent = runs.send(slot.pointee.descriptor)
        if sent > 0 {
            handshakeIsOver(index)
            enqueue(index)
            if sent == runs.count { return .sent }
        }
        return settle(slot, index, sent, runs)
    }

    /// Lets bytes wait behind those that do; false without memory.
    mutating func keepOutput(
        _ slot: UnsafeMutablePointer<Slot>,
        _ bytes: UnsafeRawPointer,
        _ count: Int
    ) -> Bool {
        if count == 0 { return true }
        if slot.pointee.pipe >= 0, pipes[slot.pointee.pipe].bytes > 0 {
            guard absorbPipe(slot) else { return false }
        }
        slot.pointee.flags.insert(.waiting)
        return Block.append(bytes, count, to: &slot.pointee.output)
    }

    /// Moves what is in a socket's pipe into blocks, so that more can wait behind it. Rare: a relay is going on, and
    /// the handler sends something of its own to the same socket.
    private mutating func absorbPipe(_ slot: UnsafeMutablePointer<Slot>) -> Bool {
        let index = slot.pointee.pipe
        // The thread's buffers may hold what is to be sent.
        return withUnsafeTemporaryAllocation(byteCount: 16 << 10, alignment: 16) { room in
            guard let start = room.baseAddress else { return false }
            while pipes[index].bytes > 0 {
                let count = apus_read(pipes[index].reader, start, min(room.count, pipes[index].bytes))
                guard count > 0, Block.append(start, count, to: &slot.pointee.output) else { return false }
                pipes.emptied(index, by: count)
            }
            return true
        }
    }

    /// The send buffer is full: goes on with the next edge.
    mutating func blockOutput(_ index: UInt32) {
        let slot = slots[index]
        slot.pointee.flags.remove(.writable)
        if !slot.pointee.flags.contains(.outputWatched) {
            slot.pointee.flags.insert(.outputWatched)
            let token = Token(index: index, generation: slot.pointee.generation)
            poller.addOutput(slot.pointee.descriptor, token)
        }
    }

    /// Sends what waits, as far as the kernel takes it.
    mutating func flush(_ index: UInt32) {
        let slot = slots[index]
        while let block = slot.pointee.output {
            let sent = apus_send(slot.pointee.descriptor, block.bytes, block.count)
            guard sent > 0 else { return stall(index, sent) }
            slot.pointee.activity = tick
            let rest = block.count - sent
            Block.drop(sent, from: &slot.pointee.output)
            if rest > 0 { return blockOutput(index) }
        }
        if slot.pointee.pipe >= 0 {
            while pipes[slot.pointee.pipe].bytes > 0 {
                let pipe = pipes[slot.pointee.pipe]
                let sent = apus_splice(pipe.reader, slot.pointee.descriptor, pipe.bytes)
                guard sent > 0 else { return stall(index, sent) }
                slot.pointee.activity = tick
                pipes.emptied(slot.pointee.pipe, by: sent)
            }
        }
        if slot.pointee.flags.contains(.opening) {
            // What waits in clear is sealed by the end of the handshake, and FIN goes behind it.
            if seals.pendingBytes(index) == 0 { slot.pointee.flags.remove(.waiting) }
            return releasePipe(slot)
        }
        slot.pointee.flags.remove(.waiting)
        if slot.pointee.flags.contains(.shut) { _ = apus_shut_output(slot.pointee.descriptor) }
        let source = slot.pointee.source
        if source != Slot.none, relayHasWork(slots[source]) {
            wake(source)
        } else {
            releasePipe(slot)
        }
    }

    private mutating func stall(_ index: UInt32, _ result: Int) {
        if result == -Int(EAGAIN) {
            blockOutput(index)
        } else {
            fail(index, result == 0 ? EPIPE : Int32(-result))
        }
    }

    /// Notes that a socket is dead. Its output is dropped; its input is still shown before `failed` says so.
    mutating func fail(_ index: UInt32, _ code: Int32) {
        let slot = slots[index]
        if slot.pointee.flags.contains(.failing) { return }
        slot.pointee.failure = UInt8(clamping: code)
        // What waits never leaves: the relay has not moved it.
        if slot.pointee.flags.contains(.fed) {
            let source = slots[slot.pointee.partner]
            source.pointee.taken -= min(source.pointee.taken, UInt64(waitingBytes(slot)))
        }
        Block.clear(&slot.pointee.output)
        if slot.pointee.flags.contains(.opening) {
            var pending = seals.takePending(index)
            Block.clear(&pending)
        }
        if slot.pointee.pipe >= 0 {
            pipes.give(slot.pointee.pipe)
            slot.pointee.pipe = -1
        }
        slot.pointee.flags.subtract([.waiting, .drainOwed, .connecting, .connectedOwed])
        slot.pointee.flags.formUnion([.failing, .readable, .readToEnd])
        wake(index)
        // A source that is no longer read may be dead as well.
        if slot.pointee.source != Slot.none { wake(slot.pointee.source) }
    }

    /// Gives an empty pipe back; one with bytes stays until they have gone.
    mutating func releasePipe(_ slot: UnsafeMutablePointer<Slot>) {
        guard slot.pointee.pipe >= 0, pipes[slot.pointee.pipe].bytes == 0 else { return }
        pipes.give(slot.pointee.pipe)
        slot.pointee.pipe = -1
    }
}
