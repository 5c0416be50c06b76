import Glibc
import Synchronization

/// What the threads of a ``Resolver`` share; lives until the last of them has ended.
final class ResolverCore: Sendable {
    private struct State {
        var queue: LookUpQueue
        /// Threads that look up, or wait for a look-up.
        var threads = 0
        /// Those of them that wait, and whom nobody has woken yet.
        var idle = 0
        /// Whether a thread waits to see whether the others are stuck.
        var isWatched = false
        var isStopped = false
    }

    /// What a new thread begins with.
    private enum Duty {
        /// Looking up.
        case work
        /// Seeing whether the others are stuck.
        case watch
    }

    private let settings: ResolverSettings
    private let lookUp: Resolver.LookUp
    private let state: Mutex<State>
    /// Wakes threads that wait. A heap cell of its own, because a semaphore must not move; it is made in `init`, freed in
    /// `deinit`, and every use between is a call that may be made from any thread.
    private nonisolated(unsafe) let work: UnsafeMutablePointer<sem_t>

    init(_ settings: ResolverSettings, _ lookUp: @escaping Resolver.LookUp) {
        self.settings = settings
        self.lookUp = lookUp
        state = Mutex(State(queue: LookUpQueue(mostWaiting: settings.maxQueued, mostOfOne: settings.mostOfOne)))
        work = .allocate(capacity: 1)
        work.initialize(to: sem_t())
        sem_init(work, 0, 0)
    }

    deinit {
        sem_destroy(work)
        work.deallocate()
    }

    var threadCount: Int { state.withLock { $0.threads } }

    var queuedCount: Int { state.withLock { $0.queue.waitingCount } }

    func runningTime(_ id: LookUpQueue.ID) -> Duration? { state.withLock { $0.queue.runningTime(id, now: .now) } }

    func enqueue(_ id: LookUpQueue.ID, _ job: LookUpWork, for asker: ResolvedAddress) {
        let (givenUp, duties) = state.withLock { state in
            let spare = settings.maxThreads - state.queue.runningCount
            let givenUp = state.queue.add(id, job, for: asker, spare: spare, now: .now)
            return (givenUp, rouse(&state))
        }
        // Outside of the lock: whoever is told may ask again.
        givenUp?.answer(.failure(.queueFull))
        start(duties)
    }

    func join(_ id: LookUpQueue.ID, for asker: ResolvedAddress) {
        let duties = state.withLock { state in
            state.queue.join(id, for: asker, now: .now)
            return rouse(&state)
        }
        start(duties)
    }

    /// Ends the threads: those that wait at once, the others when their call returns. What is queued is dropped;
    /// whoever let the resolver go wants no answer.
    func stop() {
        // The dropped jobs leave the lock alive: what their closures own may do anything when it goes.
        let (threads, dropped) = state.withLock { state in
            state.isStopped = true
            return (state.threads, state.queue.removeAll())
        }
        for _ in 0..<threads { sem_post(work) }
        _ = dropped
    }
}

// MARK: - How many threads

extension ResolverCore {
    /// Sees to it that what could run has a thread: one that waits, a new one, or one that watches until it may be started.
    private func rouse(_ state: inout State) -> [Duty] {
        // Threads that were woken or started and have not taken a look-up yet will each take one.
        var needed = state.queue.readyCount - (state.threads - state.idle - state.queue.runningCount)
        while needed > 0, state.idle > 0 {
            state.idle -= 1
            needed -= 1
            sem_post(work)
        }
        var duties: [Duty] = []
        guard needed > 0 else { return duties }
        // Threads that are stuck do not count: their name servers are silent, and others' need not be.
        let stuck = state.queue.stuckCount(settings.patience, now: .now)
        let most = min(max(settings.maxThreads, 1) + stuck, max(settings.mostThreads, settings.maxThreads, 1))
        while needed > 0, state.threads < most {
            state.threads += 1
            needed -= 1
            duties.append(.work)
        }
        if needed > 0, !state.isWatched, state.threads < settings.mostThreads {
            state.isWatched = true
            duties.append(.watch)
        }
        return duties
    }

    private func start(_ duties: [Duty]) {
        for duty in duties {
            let code = startThread(duty)
            if code != 0 { threadFailed(duty) }
        }
    }

    /// Starts a detached thread that takes no signal: those are for the threads that know what to do with them.
    ///
    /// - Returns: 0, or the error number.
    private func startThread(_ duty: Duty) -> Int32 {
        var every = sigset_t()
        var before = sigset_t()
        sigfillset(&every)
        pthread_sigmask(SIG_SETMASK, &every, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        var thread = pthread_t()
        // The thread owns a reference to the core, so that the core outlives its last look-up.
        let core = Unmanaged.passRetained(Entry(self, duty))
        let code = pthread_create(
            &thread,
            &attributes,
            { argument in
                if let argument { Unmanaged<Entry>.fromOpaque(argument).takeRetainedValue().run() }
                return nil
            },
            core.toOpaque()
        )
        if code != 0 { core.release() }
        return code
    }

    private final class Entry {
        private let core: ResolverCore
        private let duty: Duty

        init(_ core: ResolverCore, _ duty: Duty) {
            self.core = core
            self.duty = duty
        }

        func run() {
            switch duty {
            case .work: core.run()
            case .watch: core.watch()
            }
        }
    }

    /// No thread could be had: the jobs wait for another, or are answered if there is none.
    private func threadFailed(_ duty: Duty) {
        let orphans = state.withLock { state -> [LookUpWork] in
            switch duty {
            case .work: state.threads -= 1
            case .watch: state.isWatched = false
            }
            return state.threads == 0 ? state.queue.removeAll() : []
        }
        for job in orphans { job.answer(.failure(.exhausted)) }
    }
}

// MARK: - Threads

extension ResolverCore {
    private func run() {
        while let job = next() {
            let isLate = job.waited >= settings.queueDeadline
            let result = isLate ? .failure(.timedOut) : lookUp(job.work.name)
            state.withLock { $0.queue.ended(job.id) }
            job.work.answer(result)
        }
    }

    /// Waits for a job; nil when the thread is to end.
    private func next() -> (id: LookUpQueue.ID, work: LookUpWork, waited: Duration)? {
        while true {
            var job: (id: LookUpQueue.ID, work: LookUpWork, waited: Duration)?
            let isOver = state.withLock { state in
                if state.isStopped {
                    state.threads -= 1
                    return true
                }
                job = state.queue.next(now: .now)
                if job == nil { state.idle += 1 }
                return false
            }
            if isOver || job != nil { return job }
            if !wait() { return nil }
        }
    }

    /// Waits to be woken; false when nobody has for so long that a thread beyond the usual ones is to end.
    private func wait() -> Bool {
        while true {
            guard waitOnce(settings.idleTime) else {
                let isOver = state.withLock { state in
                    // Without idle threads, one that was meant by a call that is just coming is this one.
                    guard state.idle > 0, state.threads > settings.maxThreads else { return false }
                    state.idle -= 1
                    state.threads -= 1
                    return true
                }
                if isOver { return false }
                continue
            }
            return true
        }
    }

    /// - Returns: whether it was woken, and not the time passed.
    private func waitOnce(_ limit: Duration) -> Bool {
        let (seconds, attoseconds) = limit.components
        var until = timespec()
        clock_gettime(CLOCK_REALTIME, &until)
        until.tv_sec += Int(seconds)
        until.tv_nsec += Int(attoseconds / 1_000_000_000)
        if until.tv_nsec >= 1_000_000_000 {
            until.tv_sec += 1
            until.tv_nsec -= 1_000_000_000
        }
        while sem_timedwait(work, &until) != 0 {
            if errno != EINTR { return false }
        }
        return true
    }

    /// Looks again and again whether threads are stuck while others' look-ups wait, and starts more in their place.
    private func watch() {
        var pause = timespec()
        let (seconds, attoseconds) = settings.patience.components
        pause.tv_sec = Int(seconds)
        pause.tv_nsec = Int(attoseconds / 1_000_000_000)
        while true {
            nanosleep(&pause, nil)
            let (duties, isOver) = state.withLock { state in
                let duties = state.isStopped ? [] : rouse(&state)
                let isOver =
                    state.isStopped || state.queue.readyCount == 0 || state.threads >= settings.mostThreads
                if isOver { state.isWatched = false }
                return (duties, isOver)
            }
            start(duties)
            if isOver { return }
        }
    }
}
