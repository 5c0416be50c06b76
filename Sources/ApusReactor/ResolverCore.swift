import Glibc
import Synchronization

/// What the threads of a ``Resolver`` share; lives until the last of them has ended.
final class ResolverCore: Sendable {
    private struct Job: Sendable {
        let name: String
        let ticket: UInt64
        let queuedAt: ContinuousClock.Instant
        let deliver: @Sendable (ResolverAnswer) -> Void
    }

    private struct State {
        /// A ring would save nothing here: a look-up costs more than the shift of a thousand entries.
        var jobs: [Job] = []
        var threads = 0
        /// Threads within a look-up.
        var running = 0
        var isStopped = false

        /// Jobs that no thread is free for.
        var waiting: Int { jobs.count - (threads - running) }
    }

    private enum Placement {
        case queued, full, startThread
    }

    private let settings: ResolverSettings
    private let lookUp: Resolver.LookUp
    private let state = Mutex(State())
    /// Counts jobs, and at the end threads to be ended. A heap cell of its own, because a semaphore must not move; it
    /// is made in `init`, freed in `deinit`, and every use between is a call that may be made from any thread.
    private nonisolated(unsafe) let work: UnsafeMutablePointer<sem_t>

    init(_ settings: ResolverSettings, _ lookUp: @escaping Resolver.LookUp) {
        self.settings = settings
        self.lookUp = lookUp
        work = .allocate(capacity: 1)
        work.initialize(to: sem_t())
        sem_init(work, 0, 0)
    }

    deinit {
        sem_destroy(work)
        work.deallocate()
    }

    var threadCount: Int { state.withLock { $0.threads } }

    var queuedCount: Int { state.withLock { max($0.waiting, 0) } }

    func enqueue(_ name: String, _ ticket: UInt64, _ deliver: @escaping @Sendable (ResolverAnswer) -> Void) {
        let job = Job(name: name, ticket: ticket, queuedAt: .now, deliver: deliver)
        let placement: Placement = state.withLock { state in
            let needsThread = state.waiting >= 0
            let mayStart = state.threads < max(settings.maxThreads, 1)
            if needsThread, !mayStart, state.waiting >= settings.maxQueued { return .full }
            state.jobs.append(job)
            guard needsThread, mayStart else { return .queued }
            state.threads += 1
            return .startThread
        }
        switch placement {
        case .full: deliver(ResolverAnswer(ticket: ticket, result: .failure(.queueFull)))
        case .queued: sem_post(work)
        case .startThread:
            sem_post(work)
            let code = startThread()
            if code != 0 { threadFailed(code) }
        }
    }

    /// Ends the threads: those that wait at once, the others when their call returns. What is queued is dropped;
    /// whoever let the resolver go wants no answer.
    func stop() {
        // The dropped jobs leave the lock alive: what their closures own may do anything when it goes.
        let (threads, dropped) = state.withLock { state in
            defer { state.jobs = [] }
            state.isStopped = true
            return (state.threads, state.jobs)
        }
        for _ in 0..<threads { sem_post(work) }
        _ = dropped
    }

    // MARK: - Threads

    /// Starts a detached thread that takes no signal: those are for the threads that know what to do with them.
    ///
    /// - Returns: 0, or the error number.
    private func startThread() -> Int32 {
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
        let core = Unmanaged.passRetained(self)
        let code = pthread_create(
            &thread,
            &attributes,
            { argument in
                if let argument { Unmanaged<ResolverCore>.fromOpaque(argument).takeRetainedValue().run() }
                return nil
            },
            core.toOpaque()
        )
        if code != 0 { core.release() }
        return code
    }

    /// No thread could be had: the jobs wait for another, or are answered if there is none.
    private func threadFailed(_ code: Int32) {
        let orphans = state.withLock { state -> [Job] in
            state.threads -= 1
            guard state.threads == 0 else { return [] }
            defer { state.jobs = [] }
            return state.jobs
        }
        for job in orphans {
            job.deliver(ResolverAnswer(ticket: job.ticket, result: .failure(.other(code))))
        }
    }

    private func run() {
        while let job = next() {
            let isLate = job.queuedAt.duration(to: .now) >= settings.queueDeadline
            let result = isLate ? .failure(.timedOut) : lookUp(job.name)
            state.withLock { $0.running -= 1 }
            job.deliver(ResolverAnswer(ticket: job.ticket, result: result))
        }
    }

    /// Waits for a job; nil when the thread is to end.
    private func next() -> Job? {
        var job: Job?
        while true {
            while sem_wait(work) != 0 {}
            let isOver = state.withLock { state in
                if state.isStopped {
                    state.threads -= 1
                    return true
                }
                // A count without a job is left over from one that was answered when its thread could not be started.
                if !state.jobs.isEmpty {
                    job = state.jobs.removeFirst()
                    state.running += 1
                }
                return false
            }
            if isOver || job != nil { return job }
        }
    }
}
