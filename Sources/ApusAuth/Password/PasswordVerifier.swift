internal import ApusPolicy
internal import ApusReactor
internal import Synchronization

/// Verifies passwords on a few threads of its own, so that neither a reactor's thread nor the pool of Swift's tasks is kept busy.
///
/// A thread is started when a password waits, and ends when none does; starting one costs a thousandth of a verification.
/// Nothing ever waits for a thread: the process may end at any time.
final class PasswordVerifier: Sendable {
    /// What came of a password.
    enum Outcome: Sendable, Equatable {
        case right
        case wrong
        /// As many wait as may, or it has waited for too long.
        case busy
        /// The system could not hash it: the error number.
        case failed(Int32)
    }

    typealias Verify = @Sendable (Secret, String) -> Crypt.Outcome

    private struct Job: Sendable {
        let password: Secret
        let hash: String
        let queuedAt: ContinuousClock.Instant
        let deliver: @Sendable (Outcome) -> Void
    }

    private struct State {
        var jobs: [Job] = []
        var threads = 0
    }

    private let settings: VerifierSettings
    private let compare: Verify
    private let state = Mutex(State())

    /// - Parameter verify: does one comparison; replaceable, so that its time can be scripted.
    init(_ settings: VerifierSettings = VerifierSettings(), verify: @escaping Verify = Crypt.verify) {
        self.settings = settings
        compare = verify
    }

    /// How many threads run.
    var threadCount: Int { state.withLock { $0.threads } }

    /// How many passwords wait for a thread.
    var waitingCount: Int { state.withLock { $0.jobs.count } }

    /// Whether a password is the one that was hashed.
    func verify(_ password: Secret, against hash: String) async -> Outcome {
        await withCheckedContinuation { continuation in
            submit(password, against: hash) { continuation.resume(returning: $0) }
        }
    }

    /// The same; the outcome is delivered once, on a thread of the verifier, or on this one where nothing is compared.
    func submit(_ password: Secret, against hash: String, deliver: @escaping @Sendable (Outcome) -> Void) {
        let job = Job(password: password, hash: hash, queuedAt: .now, deliver: deliver)
        let (isTaken, startsThread) = state.withLock { state in
            let startsThread = state.threads < settings.threads
            guard startsThread || state.jobs.count < settings.waiting else { return (false, false) }
            state.jobs.append(job)
            if startsThread { state.threads += 1 }
            return (true, startsThread)
        }
        guard isTaken else { return deliver(.busy) }
        if startsThread { start() }
    }

    private func start() {
        do throws(SocketError) {
            // The thread holds the verifier: what waits is answered even where nobody else holds it any more.
            try ReactorThread.start(name: "apus-verify") {
                Crypt.beNice()
                self.run()
            }
        } catch {
            // Those that wait have another thread, or are answered now.
            let orphans = state.withLock { state -> [Job] in
                state.threads -= 1
                guard state.threads == 0 else { return [] }
                defer { state.jobs = [] }
                return state.jobs
            }
            for job in orphans { job.deliver(.failed(error.code)) }
        }
    }

    private func run() {
        while let job = next() {
            guard job.queuedAt.duration(to: .now) < settings.deadline else {
                job.deliver(.busy)
                continue
            }
            switch compare(job.password, job.hash) {
            case .right: job.deliver(.right)
            case .wrong: job.deliver(.wrong)
            case .failed(let code): job.deliver(.failed(code))
            }
        }
    }

    /// The next password; nil when the thread is to end.
    private func next() -> Job? {
        state.withLock { state in
            guard !state.jobs.isEmpty else {
                state.threads -= 1
                return nil
            }
            return state.jobs.removeFirst()
        }
    }
}
