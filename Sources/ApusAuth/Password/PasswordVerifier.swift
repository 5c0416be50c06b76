internal import ApusFlow
internal import ApusPolicy
internal import ApusReactor
internal import ApusWire
internal import Synchronization

/// Verifies passwords on a few threads of its own, so that neither a reactor's thread nor the pool of Swift's tasks is kept busy.
///
/// A thread is started when a password waits, and ends when none does; starting one costs a thousandth of a verification. Clients
/// have their turns in rounds, and a password that could not be verified in time is told so at once. Nothing ever waits for a
/// thread: the process may end at any time.
final class PasswordVerifier: Sendable {
    /// What came of a password.
    enum Outcome: Sendable, Equatable {
        case right
        case wrong
        /// As many wait as may, or it has waited, or would wait, for too long.
        case busy
        /// The system could not hash it: the error number.
        case failed(Int32)
    }

    typealias Verify = @Sendable (Secret, String) -> Crypt.Outcome

    private struct Job: Sendable {
        let password: Secret
        let hash: String
        let deliver: @Sendable (Outcome) -> Void
    }

    private typealias Queue = FairQueue<Job>

    private let deadline: UInt64
    private let bits: UInt8
    private let compare: Verify
    private let queue: Mutex<Queue>

    /// - Parameter verify: does one comparison; replaceable, so that its time can be scripted.
    init(_ settings: VerifierSettings = VerifierSettings(), verify: @escaping Verify = Crypt.verify) {
        let threads = settings.threads
        deadline = settings.microseconds
        bits = UInt8(clamping: max(1, settings.ipv6Prefix))
        queue = Mutex(
            Queue(
                FairQueueSettings(places: threads, perClient: threads, perUser: threads, waiting: settings.waiting)
            )
        )
        compare = verify
    }

    /// How many threads run.
    var threadCount: Int { queue.withLock { $0.atWork } }

    /// How many passwords wait for a thread.
    var waitingCount: Int { queue.withLock { $0.waiting } }

    /// Whether a password is the one that was hashed.
    func verify(_ password: Secret, against hash: String, from client: IPAddress) async -> Outcome {
        await withCheckedContinuation { continuation in
            submit(password, against: hash, from: client) { continuation.resume(returning: $0) }
        }
    }

    /// The same; the outcome is delivered once, on a thread of the verifier, or on this one where nothing is compared.
    func submit(
        _ password: Secret,
        against hash: String,
        from client: IPAddress,
        deliver: @escaping @Sendable (Outcome) -> Void
    ) {
        let job = Job(password: password, hash: hash, deliver: deliver)
        let now = SystemInfo.monotonicMicroseconds()
        let admission = queue.withLock { queue in
            queue.admit(job, client: client.counted(bits: bits), user: nil, now: now, patience: deadline)
        }
        switch admission {
        case .begins(let entry): start(entry)
        case .waits(let other): other?.deliver(.busy)
        case .refused: deliver(.busy)
        }
    }

    private func start(_ entry: Queue.Entry) {
        do throws(SocketError) {
            // The thread holds the verifier: what waits is answered even where nobody else holds it any more.
            try ReactorThread.start(name: "apus-verify") {
                Crypt.beNice()
                self.run(entry)
            }
        } catch {
            entry.item.deliver(.failed(error.code))
            // Those that wait have another thread, or are answered now.
            var rest = end(entry, took: nil) { $0 == 0 }
            while let orphan = rest {
                orphan.item.deliver(.failed(error.code))
                rest = end(orphan, took: nil) { $0 == 0 }
            }
        }
    }

    private func run(_ first: Queue.Entry) {
        var current: Queue.Entry? = first
        while let entry = current {
            let began = SystemInfo.monotonicMicroseconds()
            switch compare(entry.item.password, entry.item.hash) {
            case .right: entry.item.deliver(.right)
            case .wrong: entry.item.deliver(.wrong)
            case .failed(let code): entry.item.deliver(.failed(code))
            }
            current = end(entry, took: SystemInfo.monotonicMicroseconds() &- began) { _ in true }
        }
    }

    /// Ends one, and begins the next; nil when the thread is to end. Those that have waited for too long are answered.
    ///
    /// - Parameter goesOn: whether there is a next one, by how many threads are left.
    private func end(_ entry: Queue.Entry, took: UInt64?, goesOn: (Int) -> Bool) -> Queue.Entry? {
        let now = SystemInfo.monotonicMicroseconds()
        var late: [Job] = []
        let next = queue.withLock { queue -> Queue.Entry? in
            queue.finished(entry, took: took)
            guard goesOn(queue.atWork) else { return nil }
            while let next = queue.next(now: now) {
                switch next {
                case .begins(let entry): return entry
                case .late(let job): late.append(job)
                }
            }
            return nil
        }
        for job in late { job.deliver(.busy) }
        return next
    }
}
