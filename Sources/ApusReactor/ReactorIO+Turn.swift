internal import CApusReactor

extension ReactorIO {
    /// One turn of the loop: waits for events, at most so long, and tells the handler of all that follows from them.
    ///
    /// - Parameter timeoutMilliseconds: how long to wait when nothing is to be done; negative: as long as no deadline
    ///   is due.
    package mutating func turn(_ handler: any ReactorHandler, timeoutMilliseconds: Int32 = -1) {
        let count = poller.wait(milliseconds: patience(timeoutMilliseconds))
        turns &+= 1
        refreshNow()
        // All of them before the first is served: who takes a connection out of the pool must know what has come to it.
        for place in 0..<count {
            let event = poller.events[place]
            if let slot = slots.find(event.token) { slot.pointee.flags.formUnion(event.hints) }
        }
        for place in 0..<count {
            let event = poller.events[place]
            if let slot = slots.find(event.token) {
                serve(event.token, slot, handler)
            } else if event.index == ReactorIO.doorbellIndex {
                handler.rang(&self)
            } else if event.index & ReactorIO.listenerBit != 0 {
                serveListener(Int(event.index & ~ReactorIO.listenerBit), handler)
            }
        }
        if !queue.isEmpty { serveQueue(handler) }
        serveDeadlines(handler)
        if listeners.nextRetry != 0 || listeners.hasClosing { serveListeners(handler) }
        handler.turned(&self)
    }

    /// Serves what is queued by now; what is queued meanwhile waits for the next turn, after new events.
    private mutating func serveQueue(_ handler: any ReactorHandler) {
        var batch = queue.takeBatch()
        for place in batch.indices {
            let token = batch[place]
            guard let slot = slots.find(token) else { continue }
            slot.pointee.flags.remove(.queued)
            serve(token, slot, handler)
        }
        queue.giveBack(&batch)
        if seals.queuedSteps > 0 { serveSteps(handler) }
    }

    @inline(__always)
    private mutating func serveDeadlines(_ handler: any ReactorHandler) {
        if tick == wheel.position { return }
        if trim.isDue(used: slots.used, now: now) { apus_trim_heap() }
        while let timer = wheel.next(until: tick) { handler.expired(timer, &self) }
    }

    /// How long to wait, in milliseconds.
    private mutating func patience(_ limit: Int32) -> Int32 {
        if !queue.isEmpty || listeners.hasClosing || listeners.nextRetry == 1 { return 0 }
        var deadline = UInt64.max
        if let due = wheel.nextOccupied() { deadline = UInt64(due) * Wheel.tick }
        if listeners.nextRetry != 0 { deadline = min(deadline, listeners.nextRetry) }
        if let due = trim.note(used: slots.used, now: now) { deadline = min(deadline, due) }
        if deadline == .max { return limit }
        let left = deadline > now ? (deadline - now + 999) / 1000 : 0
        let milliseconds = Int32(clamping: left)
        return limit < 0 ? milliseconds : min(limit, milliseconds)
    }
}
