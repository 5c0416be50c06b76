internal import Synchronization

/// What each thread last said that it has counted: one that does not answer in time, or has ended while others drain, keeps its sums,
/// for counters that go down are taken for a new start of the process.
final class LastAnswers: Sendable {
    private struct State {
        var known: [Int: WorkerReport] = [:]
        var ended: Set<Int> = []
    }

    private let state = Mutex(State())

    /// How many threads have ended: they are not waited for.
    var ended: Int { state.withLock { $0.ended.count } }

    /// A thread ends, and says what it has counted in all.
    func end(_ answer: WorkerReport) {
        state.withLock { state in
            state.known[answer.thread] = answer
            state.ended.insert(answer.thread)
        }
    }

    /// Keeps these, and adds those of the threads that are missing, without their gauges.
    func completed(_ answers: [WorkerReport]) -> [WorkerReport] {
        state.withLock { state in
            for answer in answers where !isOlder(answer, than: state.known[answer.thread]) {
                state.known[answer.thread] = answer
            }
            let here = Set(answers.map(\.thread))
            let missing = state.known.values.filter { !here.contains($0.thread) }.map { answer in
                var sums = answer
                sums.counters = answer.counters?.sums
                return sums
            }
            return answers + missing.sorted { $0.thread < $1.thread }
        }
    }

    /// Two who ask at the same time may come here in the other order.
    private func isOlder(_ answer: WorkerReport, than other: WorkerReport?) -> Bool {
        (answer.counters?.requests.total ?? 0) < (other?.counters?.requests.total ?? 0)
    }
}
