internal import ApusFlow
internal import Synchronization

/// The records of a proxy, for those who read them and those who wait for them.
final class RecordBook: Sendable {
    private struct Waiter {
        let isEnough: @Sendable ([AccessRecord]) -> Bool
        let continuation: CheckedContinuation<[AccessRecord], Never>
    }

    private struct State {
        var records: [AccessRecord] = []
        var waiters: [Int: Waiter] = [:]
        var next = 0
    }

    private let state = Mutex(State())

    var records: [AccessRecord] { state.withLock { $0.records } }

    /// Called on the proxy's threads.
    func add(_ record: AccessRecord) {
        let ready = state.withLock { state in
            state.records.append(record)
            let records = state.records
            let ready = state.waiters.filter { $0.value.isEnough(records) }
            for number in ready.keys { state.waiters[number] = nil }
            return ready.values.map { ($0.continuation, records) }
        }
        for (continuation, records) in ready { continuation.resume(returning: records) }
    }

    /// The records once they are enough, or when the time is over.
    func wait(
        within limit: Duration,
        until isEnough: @escaping @Sendable ([AccessRecord]) -> Bool
    ) async -> [AccessRecord] {
        await withCheckedContinuation { continuation in
            let (number, enough) = state.withLock { state in
                if isEnough(state.records) { return (0, state.records as [AccessRecord]?) }
                state.next += 1
                state.waiters[state.next] = Waiter(isEnough: isEnough, continuation: continuation)
                return (state.next, nil)
            }
            if let enough { return continuation.resume(returning: enough) }
            Task.detached {
                try? await Task.sleep(for: limit)
                self.giveUp(number)
            }
        }
    }

    private func giveUp(_ number: Int) {
        let (waiter, records) = state.withLock { ($0.waiters.removeValue(forKey: number), $0.records) }
        waiter?.continuation.resume(returning: records)
    }
}
