internal import Synchronization

/// Where a server stands between its start and its end, for those who wait for one of the two.
final class ServerLife: Sendable {
    private struct State {
        var shared: SharedState?
        var bound: Result<[ListenAddress], any Error>?
        var threads = 0
        var isOver = false
        var isDraining = false
        /// In seconds since 1970.
        var drainingSince: Int64?
        /// What was asked for before there was anything to tell.
        var early: WorkerMessage?
        var drainLimit: Task<Void, Never>?
        /// How many clients were connected when all was told to stop.
        var cutOff: Int?
        var fault: StartFault?
        var protected: [ListenAddress] = []
        var page: ListenAddress?
        var handed: [SocketActivation.Socket] = []
        var ownFaultHandler: OwnFaults.Handler?
        /// What was bound before the start.
        var bindings: BoundListeners?
        var waitingForStart: [Int: CheckedContinuation<[ListenAddress], any Error>] = [:]
        var waiters = 0
        var waitingForEnd: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    /// What the threads share, once they run.
    var shared: SharedState? { state.withLock { $0.shared } }

    /// Whether the threads run and take clients.
    var isReady: Bool { state.withLock { $0.shared != nil && !$0.isDraining } }

    var isDraining: Bool { state.withLock { $0.isDraining } }

    /// When the drain began, in seconds since 1970.
    var drainingSince: Int64? { state.withLock { $0.drainingSince } }

    /// Addresses of this process that nobody may reach through the proxy, beside its listeners.
    var protected: [ListenAddress] { state.withLock { $0.protected } }

    /// Listening sockets that somebody else has bound.
    var handed: [SocketActivation.Socket] {
        get { state.withLock { $0.handed } }
        set { state.withLock { $0.handed = newValue } }
    }

    /// What takes the place of the stop of a debug build at an own fault.
    var ownFaultHandler: OwnFaults.Handler? {
        get { state.withLock { $0.ownFaultHandler } }
        set { state.withLock { $0.ownFaultHandler = newValue } }
    }

    /// The listeners are bound, and nobody is served yet.
    func bound(_ listeners: BoundListeners) { state.withLock { $0.bindings = listeners } }

    /// What was bound before the start, once.
    func takeBindings() -> BoundListeners? {
        state.withLock { state in
            defer { state.bindings = nil }
            return state.bindings
        }
    }

    /// - Returns: whom to tell; nil before the start, which takes what it finds here.
    func protect(_ address: ListenAddress) -> SharedState? {
        state.withLock { state in
            state.protected.append(address)
            return state.shared
        }
    }

    /// The admin page is at an address; whoever begins later is told at its start.
    func serves(page address: ListenAddress) {
        state.withLock { state in
            state.page = address
            return state.shared
        }?
        .serves(page: address)
    }

    /// What a thread met when it began.
    var fault: StartFault? { state.withLock { $0.fault } }

    /// The listeners are bound, and so many threads are about to run; or nothing will.
    ///
    /// - Returns: what was to be protected until now; ``protect(_:)`` tells whoever comes later whom to tell.
    @discardableResult
    func started(_ result: Result<([ListenAddress], SharedState, Int), any Error>) -> [ListenAddress] {
        let (waiting, protected) = state.withLock { state in
            switch result {
            case .success(let (addresses, shared, threads)):
                state.bound = .success(addresses)
                state.shared = shared
                state.threads = threads
                if let page = state.page { shared.serves(page: page) }
            case .failure(let error): state.bound = .failure(error)
            }
            defer { state.waitingForStart = [:] }
            return (state.waitingForStart.values, state.protected)
        }
        for continuation in waiting { continuation.resume(with: result.map(\.0)) }
        return protected
    }

    /// Waits until the listeners are bound; whoever waits for a server that never runs is let go by the cancellation of its task.
    func addresses() async throws -> [ListenAddress] {
        let number = state.withLock { state in
            state.waiters += 1
            return state.waiters
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let known: Result<[ListenAddress], any Error>? = state.withLock { state in
                    if let bound = state.bound { return bound }
                    if Task.isCancelled { return .failure(CancellationError()) }
                    state.waitingForStart[number] = continuation
                    return nil
                }
                if let known { continuation.resume(with: known) }
            }
        } onCancel: {
            state.withLock { $0.waitingForStart.removeValue(forKey: number) }?.resume(throwing: CancellationError())
        }
    }

    /// A thread has come to its end; the last one ends the server.
    func threadEnded(_ fault: StartFault?) {
        let waiting = state.withLock { state in
            state.threads -= 1
            if let fault { state.fault = fault }
            guard state.threads <= 0 else { return [CheckedContinuation<Void, Never>]() }
            state.isOver = true
            state.shared = nil
            state.drainLimit?.cancel()
            state.drainLimit = nil
            defer { state.waitingForEnd = [] }
            return state.waitingForEnd
        }
        for continuation in waiting { continuation.resume() }
    }

    func ended() async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if !state.isOver { state.waitingForEnd.append(continuation) }
                return state.isOver
            }
            if isOver { continuation.resume() }
        }
    }

    /// What to drain, when it has not begun yet; a server that has not started yet drains when it does.
    func beginDrain() -> SharedState? {
        state.withLock { state in
            guard let shared = state.shared else {
                state.early = state.early ?? .drain
                return nil
            }
            guard !state.isDraining else { return nil }
            state.isDraining = true
            state.drainingSince = HostProcess.secondsSince1970()
            return shared
        }
    }

    /// Whom to tell to stop, because somebody asks for it or a drain has taken too long; a server that has not started yet stops when it
    /// does.
    func beginStop() -> SharedState? {
        state.withLock { state in
            guard let shared = state.shared else {
                state.early = .stop
                return nil
            }
            state.cutOff = state.cutOff ?? shared.caps.connectionCount
            return shared
        }
    }

    /// How many clients the end has cut off.
    var cutOff: Int { state.withLock { $0.cutOff ?? 0 } }

    /// What was asked for before the start.
    func takeEarly() -> WorkerMessage? {
        state.withLock { state in
            defer { state.early = nil }
            return state.early
        }
    }

    /// Ends with the server: it holds what the threads share.
    func limitDrain(_ task: Task<Void, Never>) {
        let isOver = state.withLock { state in
            state.drainLimit = task
            return state.isOver
        }
        if isOver { task.cancel() }
    }
}
