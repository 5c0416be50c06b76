internal import CApusReactor
internal import Glibc

extension ReactorIO {
    /// Accepts the clients of a listener from now on.
    ///
    /// - Parameter shared: whether other threads accept from the same socket.
    /// - Returns: the number by which `accepted` and the calls below name it.
    public mutating func addListener(_ listener: consuming Listener, shared: Bool = false) -> Int {
        let descriptor = listener.release()
        // Accepted sockets inherit it on Linux: one system call less for each.
        _ = apus_set_nodelay(descriptor)
        _ = apus_prepare(descriptor)
        return listeners.add(descriptor, shared: shared, now: now, poller)
    }

    /// Leaves new clients in the listener's queue.
    public mutating func pauseListener(_ index: Int) { listeners.pause(index, true, poller) }

    /// Accepts clients again.
    public mutating func resumeListener(_ index: Int) { listeners.pause(index, false, poller) }

    /// Closes a listener at the end of this turn. Clients that wait in its queue are handed to `accepted` first: the
    /// kernel would reset them.
    public mutating func closeListener(_ index: Int) { listeners.beginClosing(index) }

    /// A listener is ready: accepts as many as the last turns make likely.
    mutating func serveListener(_ index: Int, _ handler: any ReactorHandler) {
        guard listeners.isAccepting(index) else { return }
        for _ in 0..<listeners.burst(index, turn: turns) {
            guard acceptOne(index, handler), listeners.isAccepting(index) else { return }
        }
    }

    /// Accepts one client; false when there is none, or no descriptor for it.
    private mutating func acceptOne(_ index: Int, _ handler: any ReactorHandler) -> Bool {
        var peer = apus_address()
        let descriptor = listeners.accept(index, &peer)
        guard descriptor >= 0 else {
            if descriptor == -EMFILE { turnedAway &+= 1 }
            return acceptFailed(index, -descriptor, handler)
        }
        guard descriptor < ceiling else {
            // At once: else enough of them would take what the rest of the process cannot do without.
            apus_close(descriptor)
            turnedAway &+= 1
            return acceptFailed(index, EMFILE, handler)
        }
        let token: Token
        do throws(SocketError) {
            token = try register(descriptor, output: ReactorIO.watchesAcceptedOutput)
        } catch {
            return acceptFailed(index, error.isExhaustion ? error.code : ENOMEM, handler)
        }
        listeners.accepted(index)
        handler.accepted(token, listener: index, peer: SocketAddress(peer), &self)
        return true
    }

    /// Whether accepting may go on after an error.
    private mutating func acceptFailed(_ index: Int, _ code: Int32, _ handler: any ReactorHandler) -> Bool {
        switch code {
        case EAGAIN:
            listeners.foundNobody(index)
            return false
        case EMFILE, ENFILE, ENOBUFS, ENOMEM, EBADF, EINVAL, ENOTSOCK, EOPNOTSUPP, EFAULT:
            // Idle pipes are a reserve.
            if (code == EMFILE || code == ENFILE), pipes.releaseIdle() { return true }
            listeners.rest(index, now: now, poller)
            if listeners.tells(index) { handler.exhausted(listener: index, SocketError(code: code), &self) }
            return false
        default:
            // That client is gone, or its network is (accept(2), "Error handling").
            return true
        }
    }

    /// Wakes listeners that have slept enough, and closes those that are to be closed.
    mutating func serveListeners(_ handler: any ReactorHandler) {
        listeners.wake(now: now, poller)
        guard listeners.hasClosing else { return }
        for index in listeners.takeClosing() {
            while acceptOne(index, handler) {}
            listeners.close(index)
        }
    }
}
