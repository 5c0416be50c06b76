internal import Synchronization

/// Whether each thread turns its loop: it is asked by its mailbox, which it opens in a turn, and answers in memory of its own.
final class Turns: Sendable {
    private final class Thread: Sendable {
        /// The last round that it has answered.
        let answered = Atomic<UInt64>(0)
    }

    private let threads: [Thread]
    private let asked = Atomic<UInt64>(0)

    init(_ count: Int) { threads = (0..<count).map { _ in Thread() } }

    /// Begins a round; each thread is to be told its number.
    func ask() -> UInt64 { asked.add(1, ordering: .relaxed).newValue }

    /// A thread has opened its mailbox, and found this round in it.
    func turned(_ thread: Int, _ round: UInt64) {
        guard threads.indices.contains(thread) else { return }
        threads[thread].answered.store(round, ordering: .relaxed)
    }

    /// A thread has come to its end: nobody waits for it.
    func ended(_ thread: Int) { turned(thread, .max) }

    /// The threads that have not turned since the last round began.
    var standing: [Int] {
        let round = asked.load(ordering: .relaxed)
        return threads.indices.filter { threads[$0].answered.load(ordering: .relaxed) < round }
    }
}
