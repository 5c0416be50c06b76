/// Which look-up runs next: each asker has a line of its own, and the lines take turns.
///
/// A look-up that several askers wait for stands in the line of each, and runs when the first of them has its turn. Nothing here knows
/// threads or clocks; times are arguments.
struct LookUpQueue {
    /// Names a look-up: who gave it, and its ticket there.
    struct ID: Hashable, Sendable {
        let source: UInt32
        let ticket: UInt64
    }

    private struct Job {
        let work: LookUpWork
        /// When somebody last began to wait for it.
        var askedAt: ContinuousClock.Instant
        var askers: [ResolvedAddress]
    }

    private struct Running {
        let asker: ResolvedAddress
        let startedAt: ContinuousClock.Instant
    }

    private struct Line {
        var waiting: [ID] = []
        var running = 0
    }

    /// The most that wait.
    private let mostWaiting: Int
    /// The most that run for one asker; 0 for no bound.
    private let mostOfOne: Int
    private var jobs: [ID: Job] = [:]
    private var running: [ID: Running] = [:]
    private var lines: [ResolvedAddress: Line] = [:]
    /// Who may have a look-up run now and has one that waits, in the order of their turns. An array does: a look-up costs more than the
    /// shift of a thousand entries.
    private var turns: [ResolvedAddress] = []

    init(mostWaiting: Int, mostOfOne: Int) {
        self.mostWaiting = mostWaiting
        self.mostOfOne = mostOfOne
    }

    /// How many wait, for a thread or for their asker's turn.
    var waitingCount: Int { jobs.count }

    /// How many run.
    var runningCount: Int { running.count }

    /// How many could run now if there were threads.
    var readyCount: Int {
        turns.reduce(0) { count, asker in
            guard let line = lines[asker] else { return count }
            return count + (mostOfOne == 0 ? line.waiting.count : min(line.waiting.count, mostOfOne - line.running))
        }
    }

    /// How many have been running for so long.
    func stuckCount(_ patience: Duration, now: ContinuousClock.Instant) -> Int {
        running.values.count { $0.startedAt.duration(to: now) >= patience }
    }

    /// For whom one runs; nil when it does not.
    func asker(of id: ID) -> ResolvedAddress? { running[id]?.asker }

    /// How long one has been running; nil when it is not.
    func runningTime(_ id: ID, now: ContinuousClock.Instant) -> Duration? {
        running[id].map { $0.startedAt.duration(to: now) }
    }
}

extension LookUpQueue {
    /// Puts a look-up at the end of an asker's line.
    ///
    /// - Parameters:
    ///   - id: one that neither waits nor runs; another is given up at once.
    ///   - spare: how many more than may wait find a place, because threads are about to take as many.
    /// - Returns: what is given up for it because too many wait: itself, or the last of whoever has most waiting.
    mutating func add(
        _ id: ID,
        _ work: LookUpWork,
        for asker: ResolvedAddress,
        spare: Int = 0,
        now: ContinuousClock.Instant
    ) -> LookUpWork? {
        guard jobs[id] == nil, running[id] == nil else { return work }
        var givenUp: LookUpWork?
        if jobs.count >= max(mostWaiting, 1) + max(spare, 0) {
            let longest = lines.max { $0.value.waiting.count < $1.value.waiting.count }
            let own = lines[asker]?.waiting.count ?? 0
            guard let longest, longest.value.waiting.count > own + 1, let last = longest.value.waiting.last else {
                return work
            }
            givenUp = jobs[last]?.work
            drop(last)
        }
        jobs[id] = Job(work: work, askedAt: now, askers: [])
        stand(id, in: asker)
        return givenUp
    }

    /// Somebody else waits for a look-up that may not run yet: it runs when either has its turn.
    mutating func join(_ id: ID, for asker: ResolvedAddress, now: ContinuousClock.Instant) {
        guard let job = jobs[id] else { return }
        jobs[id]?.askedAt = now
        if !job.askers.contains(asker) { stand(id, in: asker) }
    }

    /// Takes the look-up whose turn it is; it runs until ``ended(_:)``.
    mutating func next(now: ContinuousClock.Instant) -> (id: ID, work: LookUpWork, waited: Duration)? {
        guard !turns.isEmpty else { return nil }
        let asker = turns.removeFirst()
        guard let id = lines[asker]?.waiting.first, let job = jobs[id] else { return nil }
        // Counted before its line is seen to: that gives the asker its next turn, or none.
        running[id] = Running(asker: asker, startedAt: now)
        lines[asker]?.running += 1
        drop(id)
        return (id, job.work, job.askedAt.duration(to: now))
    }

    /// A look-up has come to its end.
    mutating func ended(_ id: ID) {
        guard let asker = running.removeValue(forKey: id)?.asker else { return }
        lines[asker]?.running -= 1
        tidy(asker)
    }

    /// Empties it of what waits.
    mutating func removeAll() -> [LookUpWork] {
        let dropped = jobs.values.map(\.work)
        for id in Array(jobs.keys) { drop(id) }
        return dropped
    }
}

extension LookUpQueue {
    private mutating func stand(_ id: ID, in asker: ResolvedAddress) {
        jobs[id]?.askers.append(asker)
        lines[asker, default: Line()].waiting.append(id)
        takeTurn(asker)
    }

    /// Takes a look-up out of all lines.
    private mutating func drop(_ id: ID) {
        guard let job = jobs.removeValue(forKey: id) else { return }
        for asker in job.askers {
            lines[asker]?.waiting.removeAll { $0 == id }
            tidy(asker)
        }
    }

    /// Sees to an asker's turn, and forgets one that has nothing.
    private mutating func tidy(_ asker: ResolvedAddress) {
        guard let line = lines[asker] else { return }
        if line.waiting.isEmpty { turns.removeAll { $0 == asker } }
        if line.waiting.isEmpty, line.running == 0 { lines[asker] = nil }
        takeTurn(asker)
    }

    /// Has an asker stand among those whose turn comes, if it has something that may run.
    private mutating func takeTurn(_ asker: ResolvedAddress) {
        guard let line = lines[asker], !line.waiting.isEmpty, mostOfOne == 0 || line.running < mostOfOne else { return }
        if !turns.contains(asker) { turns.append(asker) }
    }
}

/// A name to look up, and whom to tell.
struct LookUpWork: Sendable {
    let name: String
    let ticket: UInt64
    let deliver: @Sendable (ResolverAnswer) -> Void

    func answer(_ result: Result<[ResolvedAddress], LookUpError>) {
        deliver(ResolverAnswer(ticket: ticket, result: result))
    }
}
