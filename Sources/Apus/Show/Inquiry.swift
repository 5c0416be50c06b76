internal import Synchronization

/// One question to all threads of a server, and their answers.
final class Inquiry: Sendable {
    private struct State {
        var missing: Int
        var answers: [WorkerReport] = []
        var waiting: CheckedContinuation<[WorkerReport], Never>?
        var isOver = false
    }

    let question: WorkerQuery
    private let state: Mutex<State>

    /// How long a thread may take; one that does not answer by then is left out.
    private static let patience = Duration.seconds(1)

    private init(_ question: WorkerQuery, threads: Int) {
        self.question = question
        state = Mutex(State(missing: threads))
    }

    /// Asks all threads.
    ///
    /// - Returns: the answers by the threads' numbers; fewer when a thread took too long.
    static func ask(_ question: WorkerQuery, _ shared: SharedState) async -> [WorkerReport] {
        let inquiry = Inquiry(question, threads: shared.mail.count - shared.lastAnswers.ended)
        guard inquiry.state.withLock({ $0.missing > 0 }) else { return [] }
        let limit = Task {
            guard (try? await Task.sleep(for: patience)) != nil else { return }
            inquiry.end()
        }
        defer { limit.cancel() }
        return await withCheckedContinuation { continuation in
            let isOver = inquiry.state.withLock { state in
                if !state.isOver { state.waiting = continuation }
                return state.isOver
            }
            if isOver { return continuation.resume(returning: []) }
            shared.tell(.asked(inquiry))
        }
    }

    /// A thread has answered.
    func answer(_ answer: WorkerReport) {
        let isLast = state.withLock { state in
            state.answers.append(answer)
            state.missing -= 1
            return state.missing == 0
        }
        if isLast { end() }
    }

    private func end() {
        let (waiting, answers) = state.withLock { state in
            state.isOver = true
            defer { state.waiting = nil }
            return (state.waiting, state.answers)
        }
        waiting?.resume(returning: answers.sorted { $0.thread < $1.thread })
    }
}
