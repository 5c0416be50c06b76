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
        let index = listeners.states.count
        listeners.states.append(ListenerTable.State(descriptor: descriptor, isShared: shared))
        let code = poller.addListener(descriptor, listenerToken(index), shared: shared)
        if code != 0 { rest(index) }
        return index
    }

    /// Leaves new clients in the listener's queue.
    public mutating func pauseListener(_ index: Int) {
        guard isOpen(index), !listeners.states[index].isPaused else { return }
        listeners.states[index].isPaused = true
        watch(index)
    }

    /// Accepts clients again.
    public mutating func resumeListener(_ index: Int) {
        guard isOpen(index), listeners.states[index].isPaused else { return }
        listeners.states[index].isPaused = false
        watch(index)
    }

    /// Closes a listener at the end of this turn. Clients that wait in its queue are handed to `accepted` first: the
    /// kernel would reset them.
    public mutating func closeListener(_ index: Int) {
        guard isOpen(index) else { return }
        listeners.states[index].isClosing = true
        listeners.hasClosing = true
    }

    private func isOpen(_ index: Int) -> Bool {
        listeners.states.indices.contains(index) && listeners.states[index].descriptor >= 0
            && !listeners.states[index].isClosing
    }

    private func listenerToken(_ index: Int) -> Token {
        Token(index: ReactorIO.listenerBit | UInt32(index), generation: 0)
    }

    private func watch(_ index: Int) {
        let state = listeners.states[index]
        poller.setListener(state.descriptor, listenerToken(index), on: state.isAccepting, shared: state.isShared)
    }

    /// A listener is ready: accepts as many as the last turns make likely.
    mutating func serveListener(_ index: Int, _ handler: any ReactorHandler) {
        guard listeners.states.indices.contains(index), listeners.states[index].isAccepting else { return }
        let state = listeners.states[index]
        let burst = state.turn &+ 1 == turns ? min(state.burst * 2, ListenerTable.longestBurst) : 1
        listeners.states[index].burst = burst
        listeners.states[index].turn = turns
        for _ in 0..<burst {
            guard acceptOne(index, handler), listeners.states[index].isAccepting else { return }
        }
    }

    /// Accepts one client; false when there is none, or no descriptor for it.
    private mutating func acceptOne(_ index: Int, _ handler: any ReactorHandler) -> Bool {
        var peer = apus_address()
        listeners.acceptCalls += 1
        let listener = listeners.states[index].descriptor
        let descriptor = listeners.acceptFault != 0 ? -listeners.acceptFault : apus_accept(listener, &peer)
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
        if listeners.states[index].isTold {
            listeners.states[index].isTold = false
            listeners.states[index].rest = ListenerTable.firstRest
        }
        handler.accepted(token, listener: index, peer: SocketAddress(peer), &self)
        return true
    }

    /// Whether accepting may go on after an error.
    private mutating func acceptFailed(_ index: Int, _ code: Int32, _ handler: any ReactorHandler) -> Bool {
        switch code {
        case EAGAIN:
            listeners.states[index].burst = 1
            return false
        case EMFILE, ENFILE, ENOBUFS, ENOMEM, EBADF, EINVAL, ENOTSOCK, EOPNOTSUPP, EFAULT:
            // Idle pipes are a reserve.
            if (code == EMFILE || code == ENFILE), pipes.releaseIdle() { return true }
            rest(index)
            if !listeners.states[index].isTold {
                listeners.states[index].isTold = true
                handler.exhausted(listener: index, SocketError(code: code), &self)
            }
            return false
        default:
            // That client is gone, or its network is (accept(2), "Error handling").
            return true
        }
    }

    /// Lets a listener sleep for a while: by level, it would be ready all the time.
    private mutating func rest(_ index: Int) {
        let rest = listeners.states[index].rest
        listeners.states[index].retry = now &+ rest
        listeners.states[index].rest = min(rest * 2, ListenerTable.longestRest)
        watch(index)
        listeners.setNextRetry()
    }

    /// Wakes listeners that have slept enough, and closes those that are to be closed.
    mutating func serveListeners(_ handler: any ReactorHandler) {
        if listeners.nextRetry != 0 && now >= listeners.nextRetry {
            let all = listeners.nextRetry == 1
            for index in listeners.states.indices where listeners.states[index].retry != 0 {
                guard all || now >= listeners.states[index].retry else { continue }
                listeners.states[index].retry = 0
                if listeners.states[index].descriptor >= 0 { watch(index) }
            }
            listeners.setNextRetry()
        }
        guard listeners.hasClosing else { return }
        listeners.hasClosing = false
        for index in listeners.states.indices where listeners.states[index].isClosing {
            guard listeners.states[index].descriptor >= 0 else { continue }
            while acceptOne(index, handler) {}
            apus_close(listeners.states[index].descriptor)
            listeners.states[index].descriptor = -1
            listeners.states[index].retry = 0
            listeners.setNextRetry()
        }
    }
}
